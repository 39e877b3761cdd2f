"""The customer's page measures its network against the server: bounded, limited, and nothing is kept."""

import pytest

from support.actors import CustomerActor
from support.interviews import create

PATH = "/customer/network-check"
MOST_BYTES = 256 * 1024
BINARY = {"Content-Type": "application/octet-stream"}


@pytest.fixture
def customer(server, integrator_api):
    created = create(integrator_api)
    return CustomerActor(server, created["customerLink"]["url"])


@pytest.mark.parametrize("size", [0, 1, 70_000, MOST_BYTES])
def test_so_many_bytes_as_asked_for_come(customer, size):
    answer = customer.client.get(f"{PATH}?bytes={size}")
    assert (answer.status_code, len(answer.content)) == (200, size)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in answer.headers
    assert len(set(answer.content)) > 200 or size < 1000, "noise that cannot be made smaller"


@pytest.mark.parametrize("size", [0, 1, MOST_BYTES])
def test_what_is_sent_is_counted(customer, size):
    assert customer.client.ok("POST", PATH, data=b"x" * size, headers=BINARY) == {"bytes": size}


@pytest.mark.parametrize("query", ["", "?bytes=", "?bytes=-1", "?bytes=1.5", "?bytes=x", "?bytes=1x", f"?bytes={MOST_BYTES + 1}",
                                   "?bytes=99999999999999999999"])
def test_a_size_that_is_none_is_refused(customer, query):
    customer.client.problem("GET", PATH + query, status=400, code="field.invalid")


def test_a_body_that_is_too_large_or_of_another_kind_is_refused(customer):
    customer.client.problem("POST", PATH, data=b"x" * (MOST_BYTES + 1), headers=BINARY, status=413, code="body.too_large")
    customer.client.problem("POST", PATH, data=b"{}", headers={"Content-Type": "application/json"}, status=415, code="body.wrong_type")
    customer.client.problem("PUT", PATH, data=b"x", headers=BINARY, status=405, code="method.not_allowed")


def test_it_is_the_customers_alone(server, integrator_api, customer):
    demo = server.demo
    agent = server.client().ok("POST", "/auth/sign-in", {"tenant": demo["account"], **demo["agent"]})["token"]
    for method, options in [("GET", {}), ("POST", {"data": b"x", "headers": BINARY})]:
        path = PATH + ("?bytes=1" if method == "GET" else "")
        server.client().problem(method, path, status=401, code="auth.required", **options)
        server.client("twc_wrong").problem(method, path, status=401, code="auth.invalid", **options)
        for token in (demo["apiKey"], agent):
            server.client(token).problem(method, path, status=403, code="auth.wrong_role", **options)
    # A device that was replaced measures no more.
    CustomerActor(server, f"#t={customer.link_token}", take_over=True)
    customer.client.problem("GET", f"{PATH}?bytes=1", status=401, code="auth.invalid")


def test_a_session_moves_no_more_than_a_few_checks_need(server, integrator_api, customer):
    other = CustomerActor(server, create(integrator_api)["customerLink"]["url"])
    fits = 4 * 1024 * 1024 // MOST_BYTES
    for number in range(fits):
        half = number % 2 == 0
        answer = customer.client.get(f"{PATH}?bytes={MOST_BYTES}") if half else customer.client.post(PATH, data=b"x" * MOST_BYTES, headers=BINARY)
        assert answer.status_code == 200, number
    refused = customer.client.problem("POST", PATH, data=b"x", headers=BINARY, status=429, code="network_check.limited")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    customer.client.problem("GET", f"{PATH}?bytes=1", status=429, code="network_check.limited")
    assert other.client.get(f"{PATH}?bytes=1").status_code == 200
    # The interview itself goes on.
    assert customer.consent().state["consentGiven"]


def test_a_session_asks_no_more_often_than_a_few_checks_need(customer):
    statuses = [customer.client.get(f"{PATH}?bytes=0").status_code for _ in range(151)]
    assert (statuses[:150], statuses[150]) == ([200] * 150, 429)


def test_nothing_is_kept_and_nothing_is_told(server, integrator_api, customer):
    before = integrator_api.ok("GET", f"/interviews/{customer.interview}/timeline")
    customer.client.ok("POST", PATH, data=b"a-secret-in-the-body", headers=BINARY)
    customer.client.get(f"{PATH}?bytes=5")
    assert integrator_api.ok("GET", f"/interviews/{customer.interview}/timeline") == before
    assert "a-secret-in-the-body" not in server.log()
    for file in server.data.rglob("*"):
        if file.is_file():
            assert b"a-secret-in-the-body" not in file.read_bytes(), file
