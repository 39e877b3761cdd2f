"""The bank's web server: pages for its staff, and the three addresses that Telewitness calls or sends customers to."""

import http.server
import json
import pathlib
import re
import ssl
import urllib.parse

from . import pages
from .orders import may_be_interviewed, order_answer
from .signatures import is_webhook_genuine, order_key, read_return, same
from .telewitness import Problem, Telewitness
from .texts import words_for

MOST_BODY_BYTES = 256 * 1024
READ_TIMEOUT_S = 20
STATIC = pathlib.Path(__file__).resolve().parent.parent / "static"
CUSTOMER_LINK_S = 2 * 60 * 60  # the customer is sent it while they wait


class BankServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port, certificate, key, settings, orders):
        super().__init__(("127.0.0.1", port), Handler)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.settings = settings
        self.orders = orders
        self.origin = f"https://localhost:{self.server_address[1]}"

    def finish_request(self, request, client_address):
        """The TLS handshake happens here, in the connection's own thread: a slow visitor stops nobody."""
        request.settimeout(READ_TIMEOUT_S)
        try:
            secured = self.context.wrap_socket(request, server_side=True)
        except OSError:
            return
        with secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request, client_address):
        """A visitor who went away is no error of ours."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: BankServer
    routes = []

    def log_message(self, format, *args):
        """Nothing: addresses carry keys."""

    def do_GET(self):
        self.answer("GET")

    def do_POST(self):
        # A form of another site must not start interviews in the name of a member of the staff.
        origin = self.headers.get("Origin")
        if origin not in (None, self.server.origin):
            return self.send(403, "text/plain", "other origin")
        return self.answer("POST")

    def answer(self, method):
        parts = urllib.parse.urlsplit(self.path)
        self.query = parts.query
        self.words = words_for(self.headers.get("Accept-Language", ""))
        for verb, pattern, handler in self.routes:
            match = re.fullmatch(pattern, urllib.parse.unquote(parts.path))
            if verb == method and match:
                return handler(self, *match.groups())
        return self.send(404, "text/plain", "nothing here")

    def body(self):
        """The body as it was sent, or None when it is too large or of unknown length."""
        length = self.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > MOST_BODY_BYTES:
            return None
        return self.rfile.read(int(length))

    def send(self, status, content_type, text, **headers):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{content_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        # Not "no-referrer": with it browsers say "Origin: null" of our own forms, too (Fetch standard, Origin header).
        self.send_header("Referrer-Policy", "same-origin")
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def html(self, status, text):
        self.send(status, "text/html", text)

    def see_other(self, address):
        self.send(303, "text/plain", "", Location=address)

    # ------------------------------------------------------------------ pages for the staff
    def show_orders(self):
        self.html(200, pages.list_page(self.words, self.server.orders.all(), self.server.settings.read() is not None))

    def show_order(self, number):
        order = self.server.orders.find(number)
        self.html(200, pages.order_page(self.words, order)) if order else self.unknown_order()

    def unknown_order(self):
        self.html(404, pages.message_page(self.words, self.words["unknown"]))

    def list_orders(self):
        self.send(200, "application/json", json.dumps({"items": self.server.orders.all()}, ensure_ascii=False))

    def script(self):
        self.send(200, "text/javascript", pages.SCRIPT)

    def start_interview(self, number):
        """Begins the circle: the bank's server creates the interview with its API key; the key never leaves it."""
        self.body()
        order = self.server.orders.find(number)
        connection = self.server.settings.read()
        if not order:
            return self.unknown_order()
        if not connection:
            return self.html(503, pages.message_page(self.words, self.words["not-set-up"]))
        if not may_be_interviewed(order):
            return self.html(409, pages.message_page(self.words, self.words["closed"]))
        if order.get("interview", {}).get("status", "ended") != "ended":
            return self.see_other(f"/orders/{number}")
        key = order_key(connection.api_key, number)
        # Pressed twice at once, the same interview is answered twice. A later attempt is another interview.
        attempt = f"{number}/{len(order.get('earlier', [])) + ('interview' in order)}"
        try:
            # snippet: create
            created = Telewitness(connection.server, connection.authority, connection.api_key).call(
                "POST", "/interviews",
                {
                    "businessId": number, "queueId": connection.queue_id, "companyName": connection.company_name,
                    "nickName": order["nickName"], "linkValidSeconds": CUSTOMER_LINK_S,
                    "orderEndpoint": f"{self.server.origin}/telewitness/order?key={key}",
                    "returnUrl": f"{self.server.origin}/return",
                },
                idempotency_key=f"bank-demo {attempt}",
            )
            # snippet: end
        except Problem as problem:
            return self.html(502, pages.order_page(self.words, order, str(problem)))
        self.server.orders.began(number, created["interview"], created["customerLink"]["url"])
        return self.see_other(f"/orders/{number}")

    def enter_as_agent(self):
        """loginInit(tenantID, queueID, userName): a link that is good once, straight into the workbench."""
        self.body()
        connection = self.server.settings.read()
        if not connection:
            return self.html(503, pages.message_page(self.words, self.words["not-set-up"]))
        try:
            link = Telewitness(connection.server, connection.authority, connection.api_key).call(
                "POST", "/agent-links",
                {"userName": connection.agent_name, "queueId": connection.queue_id, "returnUrl": f"{self.server.origin}/"})
        except Problem as problem:
            return self.html(502, pages.message_page(self.words, self.words["failed"], str(problem), "error"))
        return self.see_other(link["url"])

    # ------------------------------------------------------------------ the interview inside the bank's own page
    def show_embedded(self, number):
        order = self.server.orders.find(number)
        connection = self.server.settings.read()
        if not order or not connection:
            return self.unknown_order()
        return self.html(200, pages.embedded_page(self.words, order, connection))

    def embedded_script(self):
        self.send(200, "text/javascript", (STATIC / "embedded.js").read_text(encoding="utf-8"))

    def log_page_in(self, number):
        """login(accountId, businessId, assistId, companyName): a token for this order, this customer, once, for minutes."""
        self.body()
        order = self.server.orders.find(number)
        connection = self.server.settings.read()
        if not order or not connection or not may_be_interviewed(order):
            return self.send(404, "application/json", "{}")
        scope = {"accountId": connection.account, "businessId": number, "assistId": "", "companyName": connection.company_name}
        fixed = {"nickName": order["nickName"], "queueId": connection.queue_id}
        key = order_key(connection.api_key, number)
        try:
            token = Telewitness(connection.server, connection.authority, connection.api_key).call(
                "POST", "/login-tokens",
                {**scope, **fixed, "orderEndpoint": f"{self.server.origin}/telewitness/order?key={key}"})
        except Problem as problem:
            return self.send(502, "application/json", json.dumps({"problem": problem.code}))
        return self.send(200, "application/json", json.dumps({"server": connection.server, "token": token["token"], **scope, **fixed}))

    # ------------------------------------------------------------------ what Telewitness calls, and where customers come back
    def order_endpoint(self):
        asked = dict(urllib.parse.parse_qsl(self.query))
        number = asked.get("businessId", "")
        connection = self.server.settings.read()
        order = self.server.orders.find(number)
        if not connection or not same(asked.get("key", ""), order_key(connection.api_key, number)) or not order:
            return self.send(404, "text/plain", "nothing here")
        return self.send(200, "application/json", json.dumps(order_answer(order), ensure_ascii=False))

    def webhook(self):
        # snippet: webhook
        body = self.body()
        connection = self.server.settings.read()
        headers = {name.lower(): value for name, value in self.headers.items()}
        if body is None or not connection or not is_webhook_genuine(connection.webhook_secret, headers, body):
            return self.send(401, "text/plain", "the signature does not hold")
        self.server.orders.take(headers["webhook-id"], json.loads(body))
        return self.send(200, "text/plain", "")
        # snippet: end

    def customer_is_back(self):
        connection = self.server.settings.read()
        told = read_return(connection.return_secret, self.query) if connection else None
        if told is None:
            return self.html(400, pages.message_page(self.words, self.words["not-genuine"], kind="error"))
        return self.html(200, pages.message_page(self.words, self.words["returned"], self.words["returned-text"].format(receipt=told.get("receipt", ""))))


Handler.routes = [
    ("GET", r"/", Handler.show_orders),
    ("GET", r"/bank\.js", Handler.script),
    ("GET", r"/api/orders", Handler.list_orders),
    ("GET", r"/orders/([\w-]+)", Handler.show_order),
    ("POST", r"/orders/([\w-]+)/interview", Handler.start_interview),
    ("GET", r"/orders/([\w-]+)/embedded", Handler.show_embedded),
    ("POST", r"/orders/([\w-]+)/embedded/login", Handler.log_page_in),
    ("GET", r"/embedded\.js", Handler.embedded_script),
    ("POST", r"/agent", Handler.enter_as_agent),
    ("GET", r"/return", Handler.customer_is_back),
    ("GET", r"/telewitness/order", Handler.order_endpoint),
    ("POST", r"/telewitness/webhooks", Handler.webhook),
]
