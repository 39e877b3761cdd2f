#!/usr/bin/env bash
# Signs an agent in once, straight from your system.
set -euo pipefail
# snippet: agent-link
curl -sS --fail-with-body --cacert "$AUTHORITY" "$SERVER/api/v1/agent-links" \
  -H "Authorization: Bearer $API_KEY" -H 'Content-Type: application/json' \
  -d '{"userName": "agent", "queueId": "'"$QUEUE"'"}'
# snippet: end
