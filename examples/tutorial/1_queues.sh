#!/usr/bin/env bash
# Where customers wait: take the id of a queue.
set -euo pipefail
# snippet: queues
curl -sS --fail-with-body --cacert "$AUTHORITY" "$SERVER/api/v1/queues" -H "Authorization: Bearer $API_KEY"
# snippet: end
