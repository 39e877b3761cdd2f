"""What the server does with an order endpoint that misbehaves: a problem of its own, no state change, and never more than 5 s."""

import json
import time

import pytest

from support.interviews import create


@pytest.fixture
def link(integrator_api, integrator):
    integrator.order_answer = {"allowed": True, "sections": []}
    created = create(integrator_api, orderEndpoint=integrator.url + "/orders")
    yield created
    integrator.order_status, integrator.order_headers, integrator.order_raw = 200, {}, None
    integrator.order_held.set()


def refused(server, api, created):
    answer = server.client().problem("POST", "/customer/sessions", {"linkToken": created["customerLink"]["url"].split("#t=")[1]},
                                     status=503, code="order.unavailable")
    assert answer.headers["Retry-After"]
    assert api.ok("GET", f"/interviews/{created['interview']['id']}")["status"] == "created"


def test_a_redirect_is_not_followed(server, integrator_api, integrator, link):
    integrator.order_status, integrator.order_headers = 302, {"Location": integrator.url + "/elsewhere"}
    before = len(integrator.order_requests)
    refused(server, integrator_api, link)
    assert len(integrator.order_requests) == before + 1


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"allowed":"yes"}', b"{" + b" " * (256 * 1024) + b"}", b"\xff"])
def test_an_answer_that_is_none_or_too_large_is_refused(server, integrator_api, integrator, link, raw):
    integrator.order_raw = raw
    refused(server, integrator_api, link)


def test_a_silent_endpoint_costs_five_seconds_and_no_more(server, integrator_api, integrator, link):
    integrator.order_held.clear()
    began = time.monotonic()
    refused(server, integrator_api, link)
    assert time.monotonic() - began < 8
    # Meanwhile and afterwards the server answers others at once, and the same link works when the endpoint is back.
    integrator.order_held.set()
    opened = server.client().post("/customer/sessions", {"linkToken": link["customerLink"]["url"].split("#t=")[1]})
    assert opened.status_code == 201, opened.text


def test_a_certificate_that_nobody_trusts_is_refused(make_server, integrator):
    server = make_server(outgoing={"allow_private": [f"localhost:{integrator.port}"]})
    server.demo = json.loads(server.command("demo-tenant", "--json").stdout)
    api = server.client(server.demo["apiKey"])
    refused(server, api, create(api, orderEndpoint=integrator.url + "/orders"))


def test_a_name_for_another_place_does_not_pass_as_allowed(make_server, integrator):
    server = make_server(outgoing={"allow_private": [], "extra_ca_file": integrator.certificate})
    server.demo = json.loads(server.command("demo-tenant", "--json").stdout)
    api = server.client(server.demo["apiKey"])
    queue = api.ok("GET", "/queues")["items"][0]["id"]
    body = {"businessId": "B-1", "queueId": queue, "companyName": "x", "nickName": "y", "orderEndpoint": integrator.url + "/orders"}
    api.problem("POST", "/interviews", body, status=422, code="outgoing.private_address")
    api.problem("POST", "/webhook-endpoints", {"url": integrator.url + "/hooks"}, status=422, code="outgoing.private_address")
