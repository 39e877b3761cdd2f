#!/usr/bin/env bash
# What came of it.
set -euo pipefail
# snippet: outcome
curl -sS --fail-with-body --cacert "$AUTHORITY" "$SERVER/api/v1/interviews?businessId=$BUSINESS" -H "Authorization: Bearer $API_KEY"
# snippet: end
