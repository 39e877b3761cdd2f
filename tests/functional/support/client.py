"""A small HTTPS client that trusts the server's own authority and keeps what it received."""

import requests


class Client:
    def __init__(self, origin, authority, token=None):
        self.origin = origin
        self.token = token
        self.session = requests.Session()
        self.session.verify = authority
        self.session.trust_env = False

    def request(self, method, path, body=None, *, headers=None, data=None, token=None):
        headers = dict(headers or {})
        bearer = token or self.token
        if bearer:
            headers.setdefault("Authorization", f"Bearer {bearer}")
        url = self.origin + (path if path.startswith("/api/") or not path.startswith("/") else "/api/v1" + path)
        if data is not None:
            return self.session.request(method, url, data=data, headers=headers, timeout=30, allow_redirects=False)
        return self.session.request(method, url, json=body, headers=headers, timeout=30, allow_redirects=False)

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.request("POST", path, body, **options)

    def ok(self, method, path, body=None, **options):
        """The JSON of an answer that must be a success."""
        answer = self.request(method, path, body, **options)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.text else None

    def problem(self, method, path, body=None, *, status, code, **options):
        """The problem details of an answer that must be this refusal."""
        answer = self.request(method, path, body, **options)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert answer.json()["code"] == code, answer.text
        return answer
