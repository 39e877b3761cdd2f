"""A customer and an agent as the pages act for them, over HTTP and the WebSocket."""

import json
import ssl
import time

import websocket


class Socket:
    """The one WebSocket: says hello and keeps the newest message of each type."""

    def __init__(self, server, token, resume_from=None):
        self.socket = websocket.create_connection(
            server.origin.replace("https", "wss") + "/api/v1/ws", origin=server.origin, timeout=20,
            sslopt={"ca_certs": server.authority, "cert_reqs": ssl.CERT_REQUIRED},
        )
        hello = {"v": 1, "type": "hello", "token": token}
        if resume_from is not None:
            hello["resumeFrom"] = resume_from
        self.send(hello)
        self.newest = {}
        self.seen = []

    def send(self, message):
        self.socket.send(json.dumps(message))

    def wait(self, kind, condition=lambda message: True, timeout_s=20):
        """The next (or newest) message of this type that fulfils the condition."""
        if kind in self.newest and condition(self.newest[kind]):
            return self.newest[kind]
        end = time.monotonic() + timeout_s
        while True:
            left = end - time.monotonic()
            assert left > 0, f"no {kind} as wanted; newest {self.newest.get(kind)}"
            self.socket.settimeout(left)
            message = json.loads(self.socket.recv())
            self.seen.append(message)
            self.newest[message["type"]] = message
            if message["type"] == kind and condition(message):
                return message

    def close(self):
        self.socket.close()


class CustomerActor:
    def __init__(self, server, link_url, take_over=False):
        self.server = server
        self.client = server.client()
        self.link_token = link_url.split("#t=")[1]
        opened = self.client.ok("POST", "/customer/sessions", {"linkToken": self.link_token, "takeOver": take_over})
        self.client.token = opened["token"]
        self.state = opened["state"]
        self.interview = self.state["interviewId"]

    def connect(self):
        self.socket = Socket(self.server, self.client.token)
        self.socket.wait("customer.state")
        return self

    def consent(self, accepted=True):
        text = self.state["consentTexts"][0]
        self.state = self.client.ok("POST", "/customer/consent", {
            "accepted": accepted, "textVersion": text["version"], "textSha256": text["sha256"], "language": text["language"]})
        return self

    def place(self, **report):
        report = report or {"status": "given", "latitude": 31.2304, "longitude": 121.4737, "accuracyM": 20}
        self.state = self.client.ok("POST", "/customer/place", report)
        return self

    def queue(self):
        self.state = self.client.ok("POST", "/customer/queue")
        return self

    def wait(self, condition, timeout_s=20):
        return self.socket.wait("customer.state", lambda m: condition(m["state"]), timeout_s)["state"]


class AgentActor:
    def __init__(self, server, account, name, password):
        self.server = server
        self.client = server.client()
        signed_in = self.client.ok("POST", "/auth/sign-in", {"tenant": account, "name": name, "password": password})
        self.client.token = signed_in["token"]
        self.user = signed_in["user"]

    def connect(self):
        self.socket = Socket(self.server, self.client.token)
        self.socket.wait("desk.state")
        return self

    def presence(self, presence="online"):
        self.client.ok("PUT", "/agent/presence", {"presence": presence})
        return self

    def wait_ring(self, interview, timeout_s=20):
        return self.socket.wait(
            "desk.state", lambda m: m["state"].get("ring", {}).get("interviewId") == interview, timeout_s)["state"]["ring"]

    def act(self, interview, verb, body=None, method="POST"):
        return self.client.ok(method, f"/agent/interviews/{interview}/{verb}", body)

    def wait_interview(self, condition, timeout_s=20):
        return self.socket.wait("interview.state", lambda m: condition(m["state"]), timeout_s)["state"]
