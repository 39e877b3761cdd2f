"""What proves that something came from Telewitness: signed webhooks, the signed return address, our own order links."""

import base64
import hashlib
import hmac
import time
import urllib.parse

TOLERANCE_S = 300  # a message that is older or newer is a replay, or a clock is wrong


def is_webhook_genuine(secret, headers, body: bytes, now_s=None):
    """Standard Webhooks: HMAC-SHA256 over id, time and the body exactly as it was received."""
    message_id, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id or not sent_at.isascii() or not sent_at.isdigit():
        return False
    if abs((time.time() if now_s is None else now_s) - int(sent_at)) > TOLERANCE_S:
        return False
    # snippet: signature
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{sent_at}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    # Several signatures stand beside each other while a secret is being changed.
    given = [part.split(",", 1) for part in headers.get("webhook-signature", "").split()]
    return any(len(pair) == 2 and pair[0] == "v1" and same(pair[1], expected) for pair in given)
    # snippet: end


def read_return(secret, query: str):
    """The values that the customer came back with, or None when the signature is not Telewitness's."""
    # snippet: return
    start, end = query.find("interview="), query.rfind("&sign=")
    if start < 0 or end < start:
        return None
    digest = hmac.new(secret.encode(), query[start:end].encode(), hashlib.sha256).digest()
    if not same(query[end + len("&sign="):], base64.urlsafe_b64encode(digest).rstrip(b"=").decode()):
        return None
    return dict(urllib.parse.parse_qsl(query[start:end], keep_blank_values=True))
    # snippet: end


def order_key(secret, number):
    """Goes into the order endpoint's address, so that nobody else can ask for an order's data."""
    return hmac.new(secret.encode(), f"order {number}".encode(), hashlib.sha256).hexdigest()


def same(a, b):
    return hmac.compare_digest(a.encode(), b.encode())
