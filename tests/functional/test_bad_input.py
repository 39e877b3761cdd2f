"""Each kind of bad input has its own answer and changes nothing."""

import pytest

from support.actors import CustomerActor

UNKNOWN = "itv_01ARZ3NDEKTSV4RRFFQ69G5FAV"


def body_for(server, integrator_api, **changes):
    queue = integrator_api.ok("GET", "/queues")["items"][0]["id"]
    return {"businessId": "B-2", "queueId": queue, "companyName": "演示银行", "nickName": "li-02", **changes}


def count(integrator_api):
    return len(integrator_api.ok("GET", "/interviews?limit=200")["items"])


@pytest.mark.parametrize("changes,status,code", [
    ({"businessId": ""}, 400, "field.invalid"),
    ({"businessId": "x" * 65}, 400, "field.invalid"),
    ({"businessId": 7}, 400, "field.invalid"),
    ({"companyName": None}, 400, "field.invalid"),
    ({"queueId": "que_01ARZ3NDEKTSV4RRFFQ69G5FAV"}, 422, "queue.unknown"),
    ({"orderEndpoint": "http://example.com/o"}, 422, "outgoing.not_https"),
    ({"orderEndpoint": "https://10.0.0.1/o"}, 422, "outgoing.private_address"),
    ({"orderEndpoint": "https://[::1]/o"}, 422, "outgoing.private_address"),
    ({"orderEndpoint": "not a url"}, 422, "outgoing.malformed"),
    ({"returnUrl": "https://evil.example/back"}, 422, "return_url.not_registered"),
    ({"sections": [{"kind": "nonsense", "fields": []}]}, 400, "field.invalid"),
    ({"linkValidSeconds": 59}, 400, "field.invalid"),
])
def test_a_wrong_field_is_named_and_nothing_is_created(server, integrator_api, changes, status, code):
    before = count(integrator_api)
    integrator_api.problem("POST", "/interviews", body_for(server, integrator_api, **changes), status=status, code=code)
    assert count(integrator_api) == before


@pytest.mark.parametrize("data,status,code", [
    (b"{", 400, "json.malformed"), (b"[]", 400, "json.malformed"), (b"\xff\xfe", 400, "json.malformed"),
    (b'{"a":' * 200 + b"1" + b"}" * 200, 400, "json.malformed"), (b" " * (256 * 1024 + 1), 413, "body.too_large"),
])
def test_a_malformed_body_is_refused(integrator_api, data, status, code):
    integrator_api.problem("POST", "/interviews", data=data, headers={"Content-Type": "application/json"}, status=status, code=code)


def test_no_credentials_wrong_credentials_wrong_role(server, integrator_api):
    anonymous = server.client()
    anonymous.problem("GET", "/interviews", status=401, code="auth.required")
    anonymous.problem("GET", "/interviews", token="twk_wrong", status=401, code="auth.invalid")
    integrator_api.problem("GET", "/admin/users", status=403, code="auth.wrong_role")
    demo = server.demo
    signed_in = anonymous.ok("POST", "/auth/sign-in", {"tenant": demo["account"], **demo["agent"]})
    anonymous.problem("GET", "/admin/users", token=signed_in["token"], status=403, code="auth.wrong_role")


def test_an_idempotency_key_makes_a_post_repeatable(server, integrator_api):
    body = body_for(server, integrator_api)
    first = integrator_api.post("/interviews", body, headers={"Idempotency-Key": "k-1"})
    again = integrator_api.post("/interviews", body, headers={"Idempotency-Key": "k-1"})
    assert (first.status_code, first.json()["interview"]["id"]) == (again.status_code, again.json()["interview"]["id"])
    other = integrator_api.post("/interviews", {**body, "businessId": "B-3"}, headers={"Idempotency-Key": "k-1"})
    assert other.status_code in (409, 422), other.text


def test_another_tenants_interview_is_byte_for_byte_unknown(server, integrator_api, other_tenant):
    created = integrator_api.ok("POST", "/interviews", body_for(server, integrator_api))
    stranger = server.client(other_tenant["apiKey"])
    foreign_id = created["interview"]["id"]
    for path in ["/interviews/{}", "/interviews/{}/timeline", "/interviews/{}/photos", "/interviews/{}/recording"]:
        foreign, unknown = stranger.get(path.format(foreign_id)), stranger.get(path.format(UNKNOWN))
        assert foreign.status_code == unknown.status_code == 404
        assert foreign.content == unknown.content
    assert foreign_id not in stranger.get("/interviews?limit=200").text


@pytest.mark.parametrize("token,status,code", [
    ("", 404, "link.unknown"), ("nonsense", 404, "link.unknown"), ("twl_AAAA.BBBB", 404, "link.unknown")])
def test_a_link_that_is_none_is_unknown(server, token, status, code):
    answer = server.client().post("/customer/sessions", {"linkToken": token})
    assert answer.status_code in (status, 400), answer.text
    if answer.status_code == status:
        assert answer.json()["code"] == code


def test_a_tampered_link_is_unknown(server, integrator_api):
    created = integrator_api.ok("POST", "/interviews", body_for(server, integrator_api))
    token = created["customerLink"]["url"].split("#t=")[1]
    tampered = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")
    server.client().problem("POST", "/customer/sessions", {"linkToken": tampered}, status=404, code="link.unknown")


def test_wrong_passwords_tell_nothing_and_are_limited(server):
    client = server.client()
    demo = server.demo
    texts = {client.post("/auth/sign-in", {"tenant": t, "name": n, "password": "wrong-password"}).text
             for t, n in [(demo["account"], "nobody-1"), ("no-such-company", demo["agent"]["name"]), (demo["account"], "nobody-2")]}
    assert len(texts) == 1 and "sign_in.failed" in texts.pop()
    statuses = [client.post("/auth/sign-in", {"tenant": demo["account"], "name": "limited", "password": "wrong-password"}).status_code
                for _ in range(30)]
    assert 429 in statuses
    assert set(statuses) <= {401, 429}


def test_media_needs_a_token_of_that_interview_and_an_offer_that_can_be_used(server, integrator_api):
    created = integrator_api.ok("POST", "/interviews", body_for(server, integrator_api))
    interview = created["interview"]["id"]
    path = f"/media/{interview}/whip/camera"
    anonymous = server.client()
    sdp = {"Content-Type": "application/sdp"}
    assert anonymous.post(path, data=b"v=0\r\n", headers=sdp).status_code == 401
    customer = CustomerActor(server, created["customerLink"]["url"])
    assert anonymous.post(path, data=b"v=0\r\n", headers=sdp, token=customer.client.token).status_code in (401, 403)


def test_the_log_holds_no_secret_and_no_name(server, integrator_api):
    created = integrator_api.ok("POST", "/interviews", body_for(server, integrator_api, nickName="秘密的名字"))
    CustomerActor(server, created["customerLink"]["url"])
    log = server.log()
    for secret in [server.demo["apiKey"], server.demo["agent"]["password"], created["customerLink"]["url"].split("#t=")[1], "秘密的名字"]:
        assert secret not in log


def test_the_contract_is_served(server):
    document = server.client().session.get(server.origin + "/openapi.json", timeout=10).json()
    assert document["openapi"].startswith("3.1")
    docs = server.client().session.get(server.origin + "/docs", timeout=10)
    assert docs.status_code == 200 and "text/html" in docs.headers["Content-Type"]
