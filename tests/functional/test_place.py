"""Where customers are: asked for or not, said in words by the server itself or by the company's own geocoder, logged nowhere."""

import json
import time

import pytest

from support.actors import AgentActor, CustomerActor
from support.interviews import agent_online, create

BUND = {"status": "given", "latitude": 31.238017, "longitude": 121.490023, "accuracyM": 15}


@pytest.fixture
def administrator(server):
    demo = server.demo
    actor = AgentActor(server, demo["account"], demo["administrator"]["name"], demo["administrator"]["password"])
    yield actor.client
    actor.client.ok("PATCH", "/admin/tenant", {"placePolicy": "optional"})
    actor.client.ok("DELETE", "/admin/place-provider")


@pytest.fixture
def customer(server, integrator_api):
    return CustomerActor(server, create(integrator_api)["customerLink"]["url"]).connect().consent()


@pytest.fixture
def geocoder(integrator):
    """The integrator's https service stands in for a geocoder: it answers every GET."""
    integrator.order_answer = {"regeocode": {"formatted_address": "上海市黄浦区中山东一路\n1 号"}}
    integrator.order_requests.clear()
    yield integrator
    integrator.order_answer, integrator.order_status, integrator.order_raw = {"allowed": True, "sections": []}, 200, None
    integrator.order_headers = {}
    integrator.order_held.set()


def rules(geocoder, **changes):
    return {
        "url": geocoder.url + "/v1?location={longitude},{latitude}&key={key}",
        "addressPointer": "/regeocode/formatted_address",
        "key": "s3cret key",
        **changes,
    }


def test_the_servers_own_table_says_which_town_is_near(server, integrator_api, customer):
    place = customer.place(**BUND).state["place"]
    assert place["address"].startswith("中国上海市") and place["address"].endswith("附近")
    assert place["addressSource"] == "offline"
    assert place["accuracyM"] == 15 and place["at"].endswith("Z")
    interview = integrator_api.ok("GET", f"/interviews/{customer.interview}")
    assert interview["place"]["locationInformation"] == place["address"]
    assert interview["place"]["latitudeLongitude"] == "31.238017,121.490023"


def test_the_sea_has_coordinates_only(customer):
    place = customer.place(status="given", latitude=0, longitude=-140).state["place"]
    assert "address" not in place and place["locationInformation"] == "0.000000,-140.000000"


def test_the_result_carries_the_address(server, integrator_api, integrator):
    created = create(integrator_api)
    with agent_online(server) as agent:
        customer = CustomerActor(server, created["customerLink"]["url"]).connect().consent().place(**BUND).queue()
        agent.wait_ring(customer.interview)
        agent.act(customer.interview, "answer")
        seen = agent.wait_interview(lambda state: state["interview"].get("place"))
        agent.act(customer.interview, "outcome", {"kind": "passed"})
    address = customer.state["place"]["address"]
    assert seen["interview"]["place"]["address"] == address
    outcome = integrator_api.ok("GET", f"/interviews/{customer.interview}")["outcome"]
    assert outcome["place"]["locationInformation"] == address
    (told,) = [e for e in integrator_api.ok("GET", f"/interviews/{customer.interview}/timeline")["items"] if e["kind"] == "place_given"]
    assert told["data"]["address"] == address and told["data"]["accuracyM"] == 15


def test_the_companys_geocoder_is_asked_and_its_key_stays_inside(server, integrator_api, administrator, customer, geocoder):
    settings = administrator.ok("PUT", "/admin/place-provider", rules(geocoder))
    assert settings["offlineAvailable"] is True
    assert settings["provider"]["hasKey"] is True and "s3cret" not in json.dumps(settings)
    place = customer.place(**BUND).state["place"]
    assert place["address"] == "上海市黄浦区中山东一路 1 号" and place["addressSource"] == "provider"
    assert geocoder.order_requests == ["/v1?location=121.490023,31.238017&key=s3cret%20key"]
    assert "s3cret" not in json.dumps(administrator.ok("GET", "/admin/audit"))


def test_maps_of_mainland_china_get_their_own_coordinates(administrator, customer, geocoder):
    administrator.ok("PUT", "/admin/place-provider", rules(geocoder, coordinates="gcj02"))
    assert customer.place(**BUND).state["place"]["latitude"] == BUND["latitude"]
    (asked,) = geocoder.order_requests
    longitude, latitude = map(float, asked.split("location=")[1].split("&")[0].split(","))
    assert 0.003 < longitude - BUND["longitude"] < 0.006
    assert -0.003 < latitude - BUND["latitude"] < -0.001


@pytest.mark.parametrize(
    "status,raw",
    [(500, None), (302, None), (200, b""), (200, b"<html>"), (200, b"[]"), (200, b'{"regeocode":{"formatted_address":[]}}'),
     (200, b"{" + b" " * (256 * 1024) + b"}")],
)
def test_a_geocoder_that_misbehaves_costs_the_address_and_nothing_else(make_server, integrator, geocoder, status, raw):
    server = make_server(outgoing={"allow_private": [f"localhost:{integrator.port}"], "extra_ca_file": integrator.certificate})
    server.demo = json.loads(server.command("demo-tenant", "--json").stdout)
    demo = server.demo
    admin = AgentActor(server, demo["account"], demo["administrator"]["name"], demo["administrator"]["password"]).client
    admin.ok("PUT", "/admin/place-provider", rules(geocoder))
    geocoder.order_status, geocoder.order_raw = status, raw
    geocoder.order_headers = {"Location": geocoder.url + "/elsewhere"} if status == 302 else {}
    created = create(server.client(demo["apiKey"]))
    customer = CustomerActor(server, created["customerLink"]["url"]).connect().consent()
    place = customer.place(**BUND).state["place"]
    assert place["addressSource"] == "offline"
    assert len(geocoder.order_requests) == 1
    assert customer.queue().state["status"] == "queued"
    # What went wrong stands in the log, and neither where the customer is nor the key.
    log = server.log()
    assert "place provider" in log
    for secret in ("31.238", "121.490", "s3cret", "regeocode"):
        assert secret not in log


def test_a_silent_geocoder_costs_five_seconds_once(make_server, integrator, geocoder):
    server = make_server(outgoing={"allow_private": [f"localhost:{integrator.port}"], "extra_ca_file": integrator.certificate})
    server.demo = json.loads(server.command("demo-tenant", "--json").stdout)
    demo = server.demo
    admin = AgentActor(server, demo["account"], demo["administrator"]["name"], demo["administrator"]["password"]).client
    admin.ok("PUT", "/admin/place-provider", rules(geocoder))
    geocoder.order_held.clear()
    customer = CustomerActor(server, create(server.client(demo["apiKey"]))["customerLink"]["url"]).connect().consent()
    began = time.monotonic()
    assert customer.place(**BUND).state["place"]["addressSource"] == "offline"
    assert time.monotonic() - began < 8
    assert customer.place(**BUND).state["place"]["addressSource"] == "offline"
    assert len(geocoder.order_requests) == 1  # it is left alone for a while


def test_geocoders_that_may_not_be_called_are_refused(make_server, server, integrator, administrator, geocoder, integrator_api):
    for change, code, field in [
        ({"url": "http://geo.example/{latitude}/{longitude}", "key": ""}, "outgoing.not_https", "url"),
        ({"url": "https://10.0.0.7/{latitude}/{longitude}", "key": ""}, "outgoing.private_address", "url"),
        ({"url": "https://localhost:1/{latitude}/{longitude}", "key": ""}, "outgoing.private_address", "url"),
        ({"url": "https://{latitude}.example/{longitude}", "key": ""}, "tenant.place_provider", "url"),
        ({"url": "https://geo.example/nowhere", "key": ""}, "tenant.place_provider", "url"),
        ({"key": ""}, "tenant.place_provider", "key"),
        ({"addressPointer": "address"}, "tenant.place_provider", "addressPointer"),
    ]:
        problem = administrator.problem("PUT", "/admin/place-provider", rules(geocoder, **change), status=422, code=code).json()
        assert problem["params"]["field"] == field
    assert "provider" not in administrator.ok("GET", "/admin/place-provider")
    integrator_api.problem("GET", "/admin/place-provider", status=403, code="auth.wrong_role")


def test_required_means_required(administrator, customer):
    administrator.ok("PATCH", "/admin/tenant", {"placePolicy": "required"})
    for report in ({"status": "refused", "reason": "refused"}, {"status": "unavailable", "reason": "timed_out"}):
        customer.client.problem("POST", "/customer/place", report, status=422, code="place.required")
    customer.client.problem("POST", "/customer/queue", status=409, code="place.missing")
    assert customer.place(**BUND).queue().state["status"] == "queued"


def test_optional_keeps_why_there_is_none(integrator_api, customer):
    customer.place(status="refused", reason="inaccurate").queue()
    place = integrator_api.ok("GET", f"/interviews/{customer.interview}")["place"]
    assert place["status"] == "refused" and place["reason"] == "inaccurate" and "latitude" not in place
    customer.client.problem("POST", "/customer/place", {"status": "refused", "reason": "rain"}, status=400, code="field.invalid")


def test_off_asks_for_none_and_takes_none(administrator, integrator_api, customer):
    administrator.ok("PATCH", "/admin/tenant", {"placePolicy": "off"})
    customer.client.problem("POST", "/customer/place", BUND, status=409, code="place.not_asked")
    state = customer.client.ok("GET", "/customer/state")
    assert state["placePolicy"] == "off" and state["placeGiven"] is True
    assert customer.queue().state["status"] == "queued"
    assert "place" not in integrator_api.ok("GET", f"/interviews/{customer.interview}")


def test_places_are_told_only_so_often(customer):
    for _ in range(20):
        customer.place(**BUND)
    customer.client.problem("POST", "/customer/place", BUND, status=429, code="place.too_often")
