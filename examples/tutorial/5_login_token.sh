#!/usr/bin/env bash
# For a page of yours: a login for one business, good once, for five minutes.
set -euo pipefail
# snippet: login-token
curl -sS --fail-with-body --cacert "$AUTHORITY" "$SERVER/api/v1/login-tokens" \
  -H "Authorization: Bearer $API_KEY" -H 'Content-Type: application/json' \
  -d '{"businessId": "'"$BUSINESS"'", "assistId": "", "companyName": "演示银行", "nickName": "wang-01", "queueId": "'"$QUEUE"'"}'
# snippet: end
