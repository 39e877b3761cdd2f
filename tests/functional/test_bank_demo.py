"""The whole circle of examples/bank-demo: the bank's order, a link, an interview, and its outcome back in the bank's list."""

import base64
import hashlib
import hmac
import json
import shutil
import time

import pytest

from conftest import Server, wait_until
from support.actors import CustomerActor
from support.bank import Bank
from support.interviews import agent_online

NUMBERS = ["LN-2026-000117", "LN-2026-000118", "LN-2026-000119"]
PASSED, REJECTED, SUPPLEMENT = NUMBERS


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    service = Bank(tmp_path_factory.mktemp("bank"), wait_until)
    yield service
    service.stop()


@pytest.fixture(scope="module")
def server(binary, tmp_path_factory, bank):
    folder = tmp_path_factory.mktemp("server")
    running = Server(folder, outgoing={"allow_private": [bank.origin.removeprefix("https://")], "extra_ca_file": bank.certificate})
    running.write_config()
    running.start()
    running.demo = json.loads(running.command("demo-tenant", "--json").stdout)
    not_yet = bank.press(f"/orders/{PASSED}/interview")
    assert not_yet.status_code == 503 and "interview" not in bank.order(PASSED)
    done = bank.set_up(running)
    assert done.returncode == 0, done.stderr
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


def start(bank, number):
    answer = bank.press(f"/orders/{number}/interview")
    assert answer.status_code == 303, answer.text
    return bank.order(number)["interview"]


def interview_with(server, bank, number, outcome):
    """From the bank's button to the agent's decision; the customer's last state and what the agent read."""
    begun = start(bank, number)
    customer = CustomerActor(server, begun["link"]).connect().consent().place().queue()
    with agent_online(server) as agent:
        agent.wait_ring(begun["id"])
        talking = agent.act(begun["id"], "answer")
        agent.act(begun["id"], "outcome", outcome)
        ended = customer.wait(lambda state: state["status"] == "ended")
    customer.socket.close()
    return talking, ended


def told(bank, number, condition):
    return wait_until(lambda: condition(bank.order(number)["interview"]) and bank.order(number)["interview"], 20, f"news of {number}")


def test_setting_up_again_changes_nothing(server, bank):
    before = bank.settings
    assert bank.set_up(server).returncode == 0
    assert bank.settings == before
    api = server.client(server.demo["apiKey"])
    assert [e["url"] for e in api.ok("GET", "/webhook-endpoints")["items"]] == [bank.origin + "/telewitness/webhooks"]


def test_an_order_is_interviewed_and_its_outcome_is_back_in_the_banks_list(server, bank):
    talking, ended = interview_with(server, bank, PASSED, {"kind": "passed"})
    assert talking["interview"]["businessId"] == PASSED
    # What the agent read came from the bank's order endpoint when the customer entered.
    assert [s["kind"] for s in talking["sections"]] == ["order", "product", "borrower", "guarantor"]
    interview = told(bank, PASSED, lambda i: i["status"] == "ended" and i.get("outcome"))
    assert (interview["outcome"], interview["endReason"]) == ("passed", "concluded")
    assert interview["recordingPath"] and interview["waitMs"] >= 0 and interview["place"]
    page = bank.get("/", headers={"Accept-Language": "en"}).text
    assert f'data-testid="order-{PASSED}"' in page and 'data-outcome="passed">Passed' in page

    # The customer comes back; somebody who writes an address by hand does not pass for them.
    back = ended["returnUrl"].removeprefix(bank.origin)
    welcome = bank.get(back)
    assert welcome.status_code == 200 and ended["receiptNumber"] in welcome.text
    assert told(bank, PASSED, lambda i: i.get("receiptNumber"))["receiptNumber"] == ended["receiptNumber"]
    assert bank.get(f"/return?{ended['signedExit']}").status_code == 200  # what a page hands over
    forged = bank.get(back.replace("concluded", "hung_up"))
    assert forged.status_code == 400 and 'class="error"' in forged.text

    # A decided order is closed: no button, and no interview by hand.
    assert 'data-testid="start"' not in bank.get(f"/orders/{PASSED}").text
    assert bank.press(f"/orders/{PASSED}/interview").status_code == 409


def test_a_rejection_comes_back_with_its_reason(server, bank):
    talking, _ = interview_with(server, bank, REJECTED, {"kind": "rejected", "reason": "证件与本人不符"})
    assert {s["kind"] for s in talking["sections"]} >= {"company", "corporate_guarantor"}
    interview = told(bank, REJECTED, lambda i: i.get("outcome"))
    assert (interview["outcome"], interview["reason"]) == ("rejected", "证件与本人不符")
    assert "recordingPath" not in interview  # not given for this outcome


def test_an_order_that_needs_a_supplement_has_another_interview(server, bank):
    interview_with(server, bank, SUPPLEMENT, {"kind": "needs_supplement", "reason": "补充收入证明"})
    first = told(bank, SUPPLEMENT, lambda i: i.get("outcome") and i["status"] == "ended")
    second = start(bank, SUPPLEMENT)
    assert second["id"] != first["id"] and second["status"] == "created"
    assert bank.order(SUPPLEMENT)["earlier"][0]["outcome"] == "needs_supplement"
    assert start(bank, SUPPLEMENT)["id"] == second["id"]  # pressed again: it is the one that runs


def test_the_agents_link_signs_in_once(server, bank):
    answer = bank.press("/agent")
    assert answer.status_code == 303
    url = answer.headers["Location"]
    assert url.startswith(server.origin.replace(str(server.port), "")) or "/workbench/#t=" in url
    token = url.split("#t=")[1]
    signed_in = server.client().ok("POST", "/auth/link", {"linkToken": token})
    assert signed_in["user"]["name"] == server.demo["agent"]["name"]
    assert signed_in["user"]["returnUrl"] == bank.origin + "/"
    server.client().problem("POST", "/auth/link", {"linkToken": token}, status=410, code="link.used")


def signed(secret, body, message_id="msg_1", at=None):
    at = str(int(time.time() if at is None else at))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = base64.b64encode(hmac.new(key, f"{message_id}.{at}.{body}".encode(), hashlib.sha256).digest()).decode()
    return {"webhook-id": message_id, "webhook-timestamp": at, "webhook-signature": f"v1,{mac}"}


def post_webhook(bank, body, headers):
    return bank.staff.session.post(bank.origin + "/telewitness/webhooks", data=body.encode(), headers=headers, timeout=30)


def test_a_message_that_is_not_signed_or_was_replayed_changes_nothing(server, bank):
    begun = start(bank, SUPPLEMENT)
    secret = bank.settings["webhook_secret"]
    body = json.dumps({"type": "interview.concluded", "timestamp": "2099-01-01T00:00:00.000Z",
                       "data": {"id": begun["id"], "businessId": SUPPLEMENT, "status": "ended", "outcome": {"kind": "passed"}}})
    good = signed(secret, body, "msg_forged")
    for headers in [
        {},
        {**good, "webhook-signature": "v1,AAAA"},
        {**good, "webhook-signature": ""},
        {**good, "webhook-id": "msg_other"},
        signed(secret, body, "msg_forged", at=time.time() - 3600),
        signed("whsec_" + base64.b64encode(b"another secret").decode(), body, "msg_forged"),
    ]:
        assert post_webhook(bank, body, headers).status_code == 401, headers
    assert post_webhook(bank, body + " ", good).status_code == 401
    assert "outcome" not in bank.order(SUPPLEMENT)["interview"]

    # A message is applied once, and an older one never over a newer one.
    def news(status, timestamp):
        return json.dumps({"type": "interview.queued", "timestamp": timestamp,
                           "data": {"id": begun["id"], "businessId": SUPPLEMENT, "status": status}})

    for message_id, text in [("msg_a", news("talking", "2098-01-01T00:00:02.000Z")), ("msg_a", news("queued", "2098-01-01T00:00:03.000Z")),
                             ("msg_b", news("queued", "2098-01-01T00:00:01.000Z"))]:
        assert post_webhook(bank, text, signed(secret, text, message_id)).status_code == 200
        assert bank.order(SUPPLEMENT)["interview"]["status"] == "talking"


def test_strangers_learn_nothing_and_start_nothing(server, bank):
    for path in [f"/telewitness/order?businessId={PASSED}", f"/telewitness/order?businessId={PASSED}&key={'0' * 64}",
                 "/orders/LN-0", "/settings.json", "/return", "/return?interview=int_1&sign=x"]:
        assert bank.get(path).status_code in (400, 404), path
    assert bank.press(f"/orders/{SUPPLEMENT}/interview", Origin="https://elsewhere.example").status_code == 403
    assert bank.press(f"/orders/{SUPPLEMENT}/interview", Origin="null").status_code == 403
    assert bank.get("/").headers["Referrer-Policy"] == "same-origin"  # or browsers would say null of our own forms
    settings = bank.settings
    for path in ["/", f"/orders/{SUPPLEMENT}", "/api/orders"]:
        text = bank.get(path).text
        assert settings["api_key"] not in text and settings["webhook_secret"] not in text and settings["return_secret"] not in text
    assert bank.folder.joinpath("settings.json").stat().st_mode & 0o077 == 0
