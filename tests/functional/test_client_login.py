"""An integrator's page logs in by a token of its own server: for one company, one business, one interview, a few minutes."""

import datetime
import sqlite3

import pytest

from conftest import wait_until
from support.actors import AgentActor, CustomerActor

ORIGIN = "https://portal.bank.example"
BUSINESS = {"businessId": "B-7", "assistId": "A-7", "companyName": "演示银行"}


@pytest.fixture
def embedding(server):
    """The company lists the page's origin."""
    console = AgentActor(server, server.demo["account"], **server.demo["administrator"]).client
    console.ok("PATCH", "/admin/tenant", {"embedOrigins": [ORIGIN], "returnOrigins": [ORIGIN]})
    yield console
    console.ok("PATCH", "/admin/tenant", {"embedOrigins": [], "customerSeesOutcome": False, "tellReason": False})


def scope(server, **changes):
    return {"accountId": server.demo["account"], **BUSINESS, **changes}


def new_token(api, **changes):
    return api.ok("POST", "/login-tokens", {**BUSINESS, **changes})["token"]


def page(server, token, origin=ORIGIN):
    """A page of the integrator: what a browser sends for it."""
    client = server.client(token)
    client.session.headers["Origin"] = origin
    return client


def wish(server, **changes):
    return {**scope(server), "nickName": "sun-07", "queueId": server.demo["queueId"], **changes}


def test_a_page_logs_in_and_begins_an_interview_which_the_customer_enters(server, integrator_api, embedding):
    token = new_token(integrator_api, accountId=server.demo["account"], returnUrl=ORIGIN + "/back")
    client = page(server, token)
    login = client.ok("POST", "/client/login", scope(server))
    assert login["companyName"] == "演示银行" and login["tenantName"]
    left = datetime.datetime.fromisoformat(login["expiresAt"]) - datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta() < left <= datetime.timedelta(minutes=5)
    answer = client.post("/client/interviews", wish(server))
    assert answer.status_code == 201, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    started = answer.json()
    assert set(started) == {"interviewId", "customerLink"}  # the rest is the integrator's
    customer = CustomerActor(server, started["customerLink"]["url"])
    assert customer.state["businessId"] == "B-7" and customer.state["nickName"] == "sun-07"
    created = integrator_api.ok("GET", f"/interviews/{started['interviewId']}")
    assert (created["businessId"], created["assistId"], created["companyName"]) == ("B-7", "A-7", "演示银行")


def test_a_login_is_good_for_one_interview(server, integrator_api, embedding):
    token = new_token(integrator_api)
    page(server, token).ok("POST", "/client/interviews", wish(server))
    for path, body in [("/client/interviews", wish(server)), ("/client/login", scope(server))]:
        page(server, token).problem("POST", path, body, status=410, code="login_token.used")


def test_another_business_or_company_than_the_logins_is_refused(server, integrator_api, embedding, other_tenant):
    token = new_token(integrator_api)
    client = page(server, token)
    for changes in [{"businessId": "B-8"}, {"assistId": ""}, {"companyName": "他行"}, {"accountId": other_tenant["account"]}]:
        client.problem("POST", "/client/login", scope(server, **changes), status=403, code="login_token.scope")
        client.problem("POST", "/client/interviews", wish(server, **changes), status=403, code="login_token.scope")
    # Another company's login opens nothing here, whatever it says it is for.
    others = server.client(other_tenant["apiKey"])
    stranger = page(server, new_token(others))
    stranger.problem("POST", "/client/interviews", wish(server), status=403, code="login_token.scope")
    stranger.problem("POST", "/client/interviews", wish(server, accountId=other_tenant["account"]), status=403,
                     code="origin.not_allowed")  # nor may this page call for that company
    others.problem("POST", "/login-tokens", {**BUSINESS, "accountId": server.demo["account"]}, status=422,
                   code="tenant.other_account")
    assert client.ok("POST", "/client/login", scope(server))  # nothing of this used the login up


def test_a_login_that_is_over_is_refused(server, integrator_api, embedding):
    token = new_token(integrator_api)
    # Five minutes in the database instead of five minutes in the test.
    with sqlite3.connect(next(server.data.rglob("*.db")), timeout=20) as database:
        assert database.execute("UPDATE login_tokens SET expires_at = created_at WHERE used_at IS NULL").rowcount >= 1
    for path, body in [("/client/login", scope(server)), ("/client/interviews", wish(server))]:
        page(server, token).problem("POST", path, body, status=410, code="login_token.expired")


def test_what_the_integrator_fixed_the_page_cannot_change(server, integrator_api, embedding):
    token = new_token(integrator_api, nickName="sun-07", queueId=server.demo["queueId"])
    client = page(server, token)
    login = client.ok("POST", "/client/login", scope(server))
    assert (login["nickName"], login["queueId"]) == ("sun-07", server.demo["queueId"])
    client.problem("POST", "/client/interviews", wish(server, nickName="somebody-else"), status=403, code="login_token.scope")
    client.ok("POST", "/client/interviews", wish(server))


def test_what_is_not_built_is_said_by_name_and_uses_nothing_up(server, integrator_api, embedding):
    token = new_token(integrator_api)
    client = page(server, token)

    def features(**changes):
        refusal = client.problem("POST", "/client/interviews", wish(server, **changes), status=501, code="client.not_built")
        return refusal.json()["params"]["features"]

    person = {"name": "孙七", "idNumber": "310101199001011234"}
    assert features(mode="self_service") == "self_service"
    assert features(mode="assistance_agent") == "assistance_agent"
    assert features(contractUrl="https://bank.example/c.pdf") == "contract"
    assert features(people=[{**person, "compareHere": True}]) == "faces"
    assert features(mode="self_service", contractUrl="https://x.example", people=[{**person, "compareHere": True}]) == \
        "self_service,contract,faces"
    # It is checked before: wrong values are wrong, built or not.
    for wrong in [{"mode": "hologram"}, {"people": [{"compareHere": True}]}, {"people": [{"similarity": 100.1}]},
                  {"people": [{"faceResult": "maybe"}]}, {"people": [person] * 11}, {"nickName": ""}]:
        client.problem("POST", "/client/interviews", wish(server, **wrong), status=400, code="field.invalid")
    actions = [e for e in embedding.ok("GET", "/admin/audit?limit=50")["items"] if e["action"] == "login_token.asked_unbuilt"]
    assert len(actions) >= 5
    assert "310101" not in str(actions)
    client.ok("POST", "/client/interviews", wish(server))


def test_results_that_the_integrator_brings_are_shown_to_the_agent(server, integrator_api, integrator, embedding):
    integrator.order_answer = {"allowed": True, "sections": [{"kind": "order", "fields": [{"label": "订单号", "value": "B-7"}]}]}
    token = new_token(integrator_api, orderEndpoint=integrator.url + "/orders")
    people = [{"name": "孙七", "idNumber": "3101", "faceResult": "passed", "similarity": 93.5}, {"name": "孙八", "faceResult": "failed"}]
    started = page(server, token).ok("POST", "/client/interviews", wish(server, people=people))
    customer = CustomerActor(server, started["customerLink"]["url"]).connect().consent().place().queue()
    demo = server.demo
    agent = AgentActor(server, demo["account"], demo["agent"]["name"], demo["agent"]["password"]).connect().presence()
    agent.wait_ring(started["interviewId"])
    sections = agent.act(started["interviewId"], "answer")["sections"]
    assert [s["kind"] for s in sections] == ["order", "borrower", "borrower"]
    assert {f["value"] for f in sections[1]["fields"]} == {"孙七", "3101", "通过 passed", "93.5"}
    # The decision is told to the customer only where the company wants it.
    embedding.ok("PATCH", "/admin/tenant", {"customerSeesOutcome": True, "tellReason": True})
    agent.act(started["interviewId"], "outcome", {"kind": "rejected", "reason": "照片不符"})
    ended = customer.wait(lambda state: state["status"] == "ended" and "outcome" in state)
    assert (ended["outcome"], ended["outcomeReason"]) == ("rejected", "照片不符")
    agent.client.post("/agent/wrap-up/finish")
    agent.presence("offline").socket.close()


def test_a_film_of_the_pages_own_choosing_is_refused(server, integrator_api, embedding):
    client = page(server, new_token(integrator_api))
    client.problem("POST", "/client/interviews", wish(server, riskVideoUrl="https://evil.example/film.mp4"), status=422,
                   code="risk_video.origin")


def test_who_has_no_login_gets_nothing_and_is_slowed_down(make_server):
    import json

    server = make_server()
    server.demo = json.loads(server.command("demo-tenant", "--json").stdout)
    client = server.client()
    client.problem("POST", "/client/login", scope(server), status=401, code="auth.required")
    client.problem("POST", "/client/login", scope(server), status=401, code="login_token.unknown", token="twn_guessed")
    client.problem("POST", "/client/login", scope(server), status=401, code="login_token.unknown", token=server.demo["apiKey"])
    client.problem("POST", "/login-tokens", BUSINESS, status=401, code="auth.required")
    wait_until(lambda: client.post("/client/login", scope(server), token="twn_guessed").status_code == 429, 20, "guessing to be limited")


def test_only_pages_that_the_company_lists_may_call_and_only_for_its_customers(server, integrator_api, embedding):
    def preflight(path, origin):
        answer = server.client().request("OPTIONS", path, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
        return answer.headers.get("Access-Control-Allow-Origin")

    for path in ["/client/login", "/client/interviews", "/customer/sessions", "/customer/queue"]:
        assert preflight(path, ORIGIN) == ORIGIN
        assert preflight(path, "https://evil.example") is None
    for path in ["/interviews", "/auth/sign-in", "/agent/presence", "/admin/users", "/login-tokens"]:
        assert preflight(path, ORIGIN) is None
    token = new_token(integrator_api)
    page(server, token, "https://evil.example").problem("POST", "/client/login", scope(server), status=403, code="origin.not_allowed")
    embedding.ok("PATCH", "/admin/tenant", {"embedOrigins": []})
    assert preflight("/client/login", ORIGIN) is None
    page(server, token).problem("POST", "/client/login", scope(server), status=403, code="origin.not_allowed")


def test_only_the_pages_that_the_company_lists_may_frame_ours(server, embedding, other_tenant):
    def ancestors(path):
        policy = server.client().session.get(server.origin + path, timeout=20).headers["Content-Security-Policy"]
        return policy.split("frame-ancestors ")[1].split(";")[0]

    account = server.demo["account"]
    assert ancestors(f"/i/?embed={account}") == f"'self' {ORIGIN}"
    assert ancestors(f"/workbench/?embed={account}") == f"'self' {ORIGIN}"
    for path in ["/i/", "/workbench/", f"/console/?embed={account}", f"/g/?embed={account}", f"/docs?embed={account}",
                 "/i/?embed=nobody", "/i/?embed=%00", f"/i/?embed={other_tenant['account']}", "/i/?embed=https://evil.example"]:
        assert ancestors(path) == "'self'", path
