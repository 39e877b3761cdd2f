#!/usr/bin/env bash
# An interview for a business case: the answer holds the customer's link.
set -euo pipefail
# snippet: interview
curl -sS --fail-with-body --cacert "$AUTHORITY" "$SERVER/api/v1/interviews" \
  -H "Authorization: Bearer $API_KEY" -H 'Content-Type: application/json' -H "Idempotency-Key: $BUSINESS-1" \
  -d '{"businessId": "'"$BUSINESS"'", "queueId": "'"$QUEUE"'", "companyName": "演示银行", "nickName": "wang-01",
       "sections": [{"kind": "order", "title": "订单", "fields": [{"label": "订单号", "value": "'"$BUSINESS"'"}]}]}'
# snippet: end
