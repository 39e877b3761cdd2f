"""The integrator's side on loopback: an https order endpoint and a webhook receiver with a signature check that is not ours."""

import http.server
import json
import pathlib
import ssl
import subprocess
import threading

from standardwebhooks import Webhook, WebhookVerificationError


class Integrator:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        key, self.certificate = folder / "key.pem", str(folder / "certificate.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", str(key), "-out", self.certificate],
            check=True, capture_output=True,
        )
        self.order_answer = {"allowed": True, "sections": []}
        self.order_status = 200
        self.order_headers = {}
        self.order_raw = None  # bytes sent instead of the answer's JSON
        self.order_held = threading.Event()  # cleared: the endpoint does not answer
        self.order_held.set()
        self.order_requests = []
        self.webhook_secret = None
        self.webhook_answer = 204
        self.messages = []
        self.bad_signatures = 0
        self.changed = threading.Condition()

        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, body=b"", headers={}):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                outer.order_requests.append(self.path)
                outer.order_held.wait(30)
                body = outer.order_raw if outer.order_raw is not None else json.dumps(outer.order_answer).encode()
                try:
                    self.answer(outer.order_status, body, outer.order_headers)
                except OSError:
                    pass  # the server has given up on us, which some tests want

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with outer.changed:
                    try:
                        event = Webhook(outer.webhook_secret).verify(body, dict(self.headers.items()))
                        outer.messages.append({"id": self.headers["webhook-id"], "event": event})
                    except WebhookVerificationError:
                        outer.bad_signatures += 1
                    outer.changed.notify_all()
                self.answer(outer.webhook_answer)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, str(key))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.url = f"https://localhost:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def wait_for(self, event_type, interview_id, timeout_s=20):
        def found():
            return [m for m in self.messages if m["event"]["type"] == event_type and m["event"]["data"]["id"] == interview_id]

        with self.changed:
            assert self.changed.wait_for(found, timeout_s), f"no {event_type} for {interview_id}"
            return found()
