"""Calls of the Telewitness API: a bearer token, JSON, and problem details (RFC 9457) where something is refused."""

import json
import ssl
import urllib.error
import urllib.request

TIMEOUT_S = 15
MOST_BYTES = 4 * 1024 * 1024


class Problem(Exception):
    """`code` is stable and what to decide by; `detail` is for developers."""

    def __init__(self, status, code, detail=""):
        super().__init__(f"{code}: {detail}" if detail else code)
        self.status = status
        self.code = code


class Telewitness:
    def __init__(self, server, authority, token=None):
        self.base = server.rstrip("/") + "/api/v1"
        self.token = token
        self.context = ssl.create_default_context(cafile=authority)

    def call(self, method, path, body=None, idempotency_key=None):
        """The answer's JSON, None for an empty one. `Problem` for everything else."""
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if idempotency_key:
            headers["Idempotency-Key"] = idempotency_key
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S, context=self.context) as answer:
                text = answer.read(MOST_BYTES)
        except urllib.error.HTTPError as refusal:
            raise problem_of(refusal.code, refusal.read(MOST_BYTES)) from None
        except OSError as error:
            raise Problem(0, "network.unreachable", str(getattr(error, "reason", error))) from None
        return json.loads(text) if text else None


def problem_of(status, text):
    try:
        details = json.loads(text)
        return Problem(status, str(details["code"]), str(details.get("detail", "")))
    except (ValueError, KeyError, TypeError):
        return Problem(status, f"http.{status}")
