"""What holds for every address: methods, origins, limits, headers, ids that are not there."""

import socket
import ssl

import pytest
import websocket

from conftest import wait_until


def test_unknown_addresses_and_wrong_methods(server, integrator_api):
    integrator_api.problem("GET", "/nothing", status=404, code="route.unknown")
    integrator_api.problem("GET", "/interviews/%00", status=404, code="route.unknown")
    answer = integrator_api.problem("DELETE", "/interviews", status=405, code="method.not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD, POST, OPTIONS"
    integrator_api.problem("GET", "/ws", status=426, code="socket.upgrade_required")
    integrator_api.problem("POST", "/interviews", data=b"{}", headers={"Content-Type": "text/plain"}, status=415, code="body.wrong_type")


def test_pages_of_other_origins_are_kept_out(server):
    client = server.client()
    own = client.request("OPTIONS", "/interviews", headers={"Origin": server.origin, "Access-Control-Request-Method": "POST"})
    assert own.headers["Access-Control-Allow-Origin"] == server.origin
    assert "Authorization" in own.headers["Access-Control-Allow-Headers"]
    assert "ETag" in own.headers["Access-Control-Expose-Headers"]
    evil = client.request("OPTIONS", "/interviews", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
    assert "Access-Control-Allow-Origin" not in evil.headers
    assert "Access-Control-Allow-Origin" not in client.get("/queues", headers={"Origin": "https://evil.example"}).headers


def test_a_web_socket_of_another_origin_is_refused(server):
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(server.origin.replace("https", "wss") + "/api/v1/ws", origin="https://evil.example",
                                    sslopt={"ca_certs": server.authority}, timeout=10)
    assert refused.value.status_code == 403


def test_a_web_socket_that_says_nothing_is_closed(server):
    silent = websocket.create_connection(server.origin.replace("https", "wss") + "/api/v1/ws", origin=server.origin,
                                         sslopt={"ca_certs": server.authority}, timeout=10)
    opcode, data = silent.recv_data()
    assert (opcode, int.from_bytes(data[:2], "big")) == (websocket.ABNF.OPCODE_CLOSE, 4401)


def test_every_answer_has_an_id_and_pages_keep_to_themselves(server, integrator_api):
    first, second = integrator_api.get("/queues"), integrator_api.get("/queues")
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    page = server.client().session.get(server.origin + "/docs", timeout=10)
    for header in ["Content-Security-Policy", "Referrer-Policy", "Permissions-Policy", "X-Content-Type-Options"]:
        assert header in page.headers
    assert "http" not in page.text.split("<body>")[0].replace("http-equiv", "")


def test_the_edges_of_a_list(integrator_api):
    integrator_api.problem("GET", "/interviews?limit=0", status=400, code="field.invalid")
    integrator_api.problem("GET", "/interviews?limit=201", status=400, code="field.invalid")
    integrator_api.problem("GET", "/interviews?limit=x", status=400, code="field.invalid")
    integrator_api.problem("GET", "/interviews?cursor=%21", status=400, code="cursor.invalid")
    integrator_api.problem("GET", "/interviews?status=nonsense", status=400, code="field.invalid")
    integrator_api.ok("GET", "/interviews?limit=200")


def raw(server, data):
    context = ssl.create_default_context(cafile=server.authority)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as tls:
            tls.sendall(data)
            answer = b""
            while b"\r\n\r\n" not in answer:
                piece = tls.recv(4096)
                if not piece:
                    break
                answer += piece
            return answer


@pytest.mark.parametrize("data,status", [
    (b"nonsense\r\n\r\n", b"400"),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", b"431"),
    (b"POST /api/v1/interviews HTTP/1.1\r\nHost: x\r\nContent-Length: 262145\r\n\r\n", b"413"),
    (b"GET /api/v1/queues HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"401"),
])
def test_what_is_hardly_http_gets_an_answer_too(server, data, status):
    assert raw(server, data).startswith(b"HTTP/1.1 " + status)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_old_tls_is_refused(server):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain:
            context.wrap_socket(plain)


def test_health_and_metrics(server):
    client = server.client()
    assert client.session.get(server.origin + "/healthz", timeout=10).text == "ok\n"
    assert client.session.get(server.origin + "/readyz", timeout=10).status_code == 200
    page = client.session.get(f"http://127.0.0.1:{server.metrics_port}/metrics", timeout=10)
    assert "telewitness_http_answers_total{status=\"2xx\"}" in page.text
    assert "process_resident_memory_bytes" in page.text
    assert 'telewitness_media_sessions{direction="viewer"} 0' in page.text
    assert "# TYPE telewitness_media_packets_lost_total counter" in page.text


def test_an_idle_server_is_small(make_server):
    server = make_server()
    pages = server.client()
    for _ in range(20):
        pages.session.get(server.origin + "/healthz", timeout=10)

    def resident_mb():
        with open(f"/proc/{server.process.pid}/smaps_rollup", encoding="utf-8") as file:
            return int(next(line for line in file if line.startswith("Rss:")).split()[1]) / 1024

    wait_until(lambda: resident_mb() <= 60, 10, "the idle server to take at most 60 MB")


def test_one_address_has_a_limit_of_connections(make_server):
    server = make_server()
    limit = 512
    connections = [socket.create_connection(("127.0.0.1", server.port), timeout=10) for _ in range(limit + 1)]
    # The last one is closed without a word; those before wait for their handshakes.
    connections[-1].settimeout(10)
    assert connections[-1].recv(1) == b""
    connections[0].settimeout(0.2)
    with pytest.raises(TimeoutError):
        connections[0].recv(1)
    for connection in connections:
        connection.close()
    assert wait_until(lambda: raw(server, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 200"),
                      10, "the server to answer again")


def open_socket(server):
    return websocket.create_connection(server.origin.replace("https", "wss") + "/api/v1/ws", origin=server.origin,
                                       sslopt={"ca_certs": server.authority}, timeout=10)


def close_code(connection):
    while True:
        opcode, data = connection.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2], "big")


def test_a_web_socket_message_has_a_limit(server):
    connection = open_socket(server)
    connection.send("x" * (16 * 1024 + 1))
    assert close_code(connection) == 1009
    connection = open_socket(server)
    connection.send("x" * (16 * 1024))
    assert close_code(connection) == 4401


def test_a_web_socket_takes_texts_only(server):
    connection = open_socket(server)
    connection.send_binary(b"\x00")
    assert close_code(connection) == 1008
