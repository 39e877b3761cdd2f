"""After the interview: the signed call with A23's data, what the customer's page is and is not told, the receipt, satisfaction."""

import base64
import hashlib
import hmac
import json
import re
import sqlite3
import urllib.parse

import pytest

from support.actors import AgentActor, CustomerActor
from support.interviews import agent_online, create, waiting_customer

RECEIPT = re.compile(r"^[1-9B-DF-HJKMNP-TV-Z]{4}-[1-9B-DF-HJKMNP-TV-Z]{4}$")
REASON = "证件与本人不符"


@pytest.fixture
def console(server):
    client = AgentActor(server, server.demo["account"], **server.demo["administrator"]).client
    yield client
    client.ok("PATCH", "/admin/tenant", {"customerSeesOutcome": False, "tellReason": False, "askSatisfaction": False, "returnOrigins": []})


@pytest.fixture
def webhooks(integrator_api, integrator):
    endpoint = integrator_api.ok("POST", "/webhook-endpoints", {"url": integrator.url + "/webhooks"})
    integrator.webhook_secret = endpoint["secret"]
    yield integrator
    integrator_api.request("DELETE", f"/webhook-endpoints/{endpoint['id']}")


def talked(server, api, outcome, **changes):
    """An interview that was talked in and decided; the customer as the page has them at the end."""
    created = create(api, **changes)
    customer = waiting_customer(server, created)
    with agent_online(server) as agent:
        agent.wait_ring(customer.interview)
        agent.act(customer.interview, "answer")
        agent.act(customer.interview, "outcome", outcome)
        customer.state = customer.wait(lambda state: state["status"] == "ended")
    customer.socket.close()
    return customer


def check_signed(secret, query):
    start, end = query.index("interview="), query.rindex("&sign=")
    digest = hmac.new(secret.encode(), query[start:end].encode(), hashlib.sha256).digest()
    assert query[end + 6:] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return dict(urllib.parse.parse_qsl(query[start:end], keep_blank_values=True))


def test_the_signed_call_carries_everything_and_the_page_only_what_it_may(server, integrator_api, integrator, webhooks, console):
    console.ok("PATCH", "/admin/tenant", {"returnOrigins": [integrator.url]})
    customer = talked(server, integrator_api, {"kind": "rejected", "reason": REASON}, returnUrl=integrator.url + "/back?case=7")
    [message] = webhooks.wait_for("interview.exited", customer.interview)  # the receiver has checked the signature
    assert webhooks.bad_signatures == 0
    data = message["event"]["data"]
    assert (data["endReason"], data["outcome"]["reason"]) == ("concluded", REASON)
    assert RECEIPT.match(data["receiptNumber"])
    left = data["exit"]
    assert left["latitudeLongitude"] == "31.230400,121.473700" and left["locationInformation"]
    assert left["recording"]["path"] and left["recording"]["name"]
    assert left["recording"]["url"] == f"/api/v1/interviews/{customer.interview}/recording"
    assert left["photos"] == [] and left["faces"] == {"available": False, "results": []}
    assert integrator_api.get(left["recording"]["url"]).status_code == 200
    read = integrator_api.ok("GET", f"/interviews/{customer.interview}")
    assert read["exit"]["latitudeLongitude"] == left["latitudeLongitude"] and read["receiptNumber"] == data["receiptNumber"]

    state = customer.state
    for forbidden in [REASON, "rejected", "recordingPath", "sha256\": \"", "faces"]:
        assert forbidden not in json.dumps({k: v for k, v in state.items() if k != "consentTexts"}, ensure_ascii=False), forbidden
    assert not {"outcome", "outcomeReason", "outcomePending", "exit", "satisfaction"} & state.keys()
    secret = console.ok("GET", "/admin/tenant")["returnSecret"]
    told = check_signed(secret, state["signedExit"])
    assert list(told) == ["interview", "endReason", "time", "place", "receipt"]
    assert told["receipt"] == state["receiptNumber"] == data["receiptNumber"]
    assert state["returnUrl"] == f"{integrator.url}/back?case=7&{state['signedExit']}"
    with pytest.raises(AssertionError):
        check_signed(secret, state["signedExit"].replace("concluded", "hung_up"))


@pytest.mark.parametrize("settings, tells", [
    ({}, set()), ({"tellReason": True}, set()), ({"customerSeesOutcome": True}, {"outcome"}),
    ({"customerSeesOutcome": True, "tellReason": True}, {"outcome", "outcomeReason"})])
def test_the_company_says_what_of_the_decision_its_customers_are_told(server, integrator_api, console, settings, tells):
    console.ok("PATCH", "/admin/tenant", settings)
    state = talked(server, integrator_api, {"kind": "needs_supplement", "reason": REASON}).state
    assert {"outcome", "outcomeReason"} & state.keys() == tells
    assert (REASON in json.dumps(state, ensure_ascii=False)) == ("outcomeReason" in tells)


def test_a_decision_that_is_put_off_is_undecided_until_it_is_made(server, integrator_api, console):
    console.ok("PATCH", "/admin/tenant", {"customerSeesOutcome": True})
    created = create(integrator_api)
    customer = waiting_customer(server, created)
    with agent_online(server) as agent:
        agent.wait_ring(customer.interview)
        agent.act(customer.interview, "answer")
        agent.act(customer.interview, "defer")
        ended = customer.wait(lambda state: state["status"] == "ended")
        assert ended["outcomePending"] is True and "outcome" not in ended
        agent.act(customer.interview, "outcome", {"kind": "passed"})
    now = customer.client.ok("GET", "/customer/state")
    assert now["outcome"] == "passed" and "outcomePending" not in now


def test_an_interview_is_found_by_its_receipt_in_this_company_only(server, integrator_api, other_tenant):
    customer = CustomerActor(server, create(integrator_api)["customerLink"]["url"]).connect().consent(accepted=False)
    receipt = customer.state["receiptNumber"]

    def found(api, typed):
        return [i["id"] for i in api.ok("GET", f"/interviews?receipt={urllib.parse.quote(typed)}")["items"]]

    for typed in [receipt, receipt.lower(), receipt.replace("-", " "), receipt.replace("-", "").replace("1", "l")]:
        assert found(integrator_api, typed) == [customer.interview], typed
    assert found(server.client(other_tenant["apiKey"]), receipt) == []
    wrong = ("2" if receipt[0] != "2" else "3") + receipt[1:]
    for typed in [wrong, "1", "%", "x" * 60]:
        integrator_api.problem("GET", f"/interviews?receipt={urllib.parse.quote(typed)}", status=400, code="field.invalid")
    other = CustomerActor(server, create(integrator_api)["customerLink"]["url"]).connect().consent(accepted=False)
    assert other.state["receiptNumber"] != receipt


def test_a_customer_says_once_how_content_they_were(server, integrator_api, webhooks, console):
    console.ok("PATCH", "/admin/tenant", {"askSatisfaction": True})
    customer = talked(server, integrator_api, {"kind": "passed"})
    client = customer.client
    assert set(customer.state["satisfaction"]) == {"until"}
    for wrong in [{}, {"score": 0}, {"score": 6}, {"score": "5"}, {"score": 2.5}, {"score": 5, "comment": "x" * 501}]:
        answer = client.post("/customer/satisfaction", wrong)
        assert answer.status_code == 400, (wrong, answer.text)
    after = client.ok("POST", "/customer/satisfaction", {"score": 4, "comment": "坐席很耐心"})
    assert after["satisfaction"]["score"] == 4 and "坐席很耐心" not in json.dumps(after, ensure_ascii=False)
    client.problem("POST", "/customer/satisfaction", {"score": 1}, status=409, code="satisfaction.given")

    [message] = webhooks.wait_for("interview.rated", customer.interview)
    assert message["event"]["data"]["satisfaction"]["comment"] == "坐席很耐心"
    for reader in [integrator_api, console]:
        assert reader.ok("GET", f"/interviews/{customer.interview}")["satisfaction"]["score"] == 4
    demo = server.demo
    agent = AgentActor(server, demo["account"], demo["agent"]["name"], demo["agent"]["password"]).client
    assert "satisfaction" not in agent.ok("GET", f"/interviews/{customer.interview}")
    timeline = integrator_api.ok("GET", f"/interviews/{customer.interview}/timeline")["items"]
    assert [e["data"] for e in timeline if e["kind"] == "satisfaction_given"] == [{"score": 4}]

    # Nobody else, with whatever they have.
    for token in [demo["apiKey"], agent.token, console.token]:
        assert server.client(token).post("/customer/satisfaction", {"score": 5}).status_code == 403
    server.client().problem("POST", "/customer/satisfaction", {"score": 5}, status=401, code="auth.required")


def test_it_is_asked_for_a_limited_time_and_not_of_whom_nobody_talked_with(server, integrator_api, console):
    console.ok("PATCH", "/admin/tenant", {"askSatisfaction": True})
    waiting = waiting_customer(server, create(integrator_api))
    waiting.client.problem("POST", "/customer/satisfaction", {"score": 5}, status=409, code="interview.not_ended")
    left = waiting.client.ok("POST", "/customer/leave")
    assert "satisfaction" not in left and left["receiptNumber"]
    waiting.client.problem("POST", "/customer/satisfaction", {"score": 5}, status=409, code="satisfaction.not_asked")

    customer = talked(server, integrator_api, {"kind": "passed"})
    # A day in the database instead of a day in the test.
    with sqlite3.connect(next(server.data.rglob("*.db")), timeout=20) as database:
        changed = database.execute("UPDATE interviews SET ended_at = ended_at - 86400000000 WHERE id = ?", (customer.interview,))
        assert changed.rowcount == 1
    assert "satisfaction" not in customer.client.ok("GET", "/customer/state")
    customer.client.problem("POST", "/customer/satisfaction", {"score": 5}, status=410, code="satisfaction.closed")

    console.ok("PATCH", "/admin/tenant", {"askSatisfaction": False})
    quiet = talked(server, integrator_api, {"kind": "passed"})
    assert "satisfaction" not in quiet.state
    quiet.client.problem("POST", "/customer/satisfaction", {"score": 5}, status=409, code="satisfaction.not_asked")
