"""What an agent keeps beside the calls of a day, over the API: notes, marks, outcomes for later, follow-ups, the order asked for anew."""

import json

import pytest

from support.actors import AgentActor, CustomerActor
from support.interviews import agent_online, create, waiting_customer

SECRET_WORDS = "月收入两万，已婚，语气犹豫"


def talking(server, api, agent, **changes):
    created = create(api, **changes)
    customer = waiting_customer(server, created)
    interview = created["interview"]["id"]
    agent.wait_ring(interview)
    agent.act(interview, "answer")
    return interview, customer


def timeline(api, interview):
    return api.ok("GET", f"/interviews/{interview}/timeline")["items"]


@pytest.fixture
def agent(server):
    with agent_online(server) as actor:
        yield actor


@pytest.fixture
def administrator(server):
    demo = server.demo
    return AgentActor(server, demo["account"], demo["administrator"]["name"], demo["administrator"]["password"])


@pytest.fixture
def foreign_agent(server, other_tenant):
    return AgentActor(server, "other", other_tenant["agent"]["name"], other_tenant["agent"]["password"])


def test_notes_stay_with_the_company_and_a_conflict_changes_nothing(server, integrator_api, integrator, agent, administrator):
    endpoint = integrator_api.ok("POST", "/webhook-endpoints", {"url": integrator.url + "/webhooks"})
    integrator.webhook_secret = endpoint["secret"]
    interview, customer = talking(server, integrator_api, agent)
    path = f"/agent/interviews/{interview}/notes"
    assert agent.client.ok("GET", path) == {"version": 0, "text": ""}
    kept = agent.client.ok("PUT", path, {"text": SECRET_WORDS, "version": 0})
    assert (kept["version"], kept["text"]) == (1, SECRET_WORDS)
    assert agent.client.ok("PUT", path, {"text": SECRET_WORDS, "version": 0})["version"] == 1  # repeated after a lost answer
    late = agent.client.problem("PUT", path, {"text": "anything", "version": 0}, status=409, code="notes.conflict")
    assert late.json()["params"] == {"version": "1"}
    agent.client.problem("PUT", path, {"text": "字" * 4001, "version": 1}, status=400, code="field.invalid")
    agent.client.problem("PUT", path, {"text": "without a version"}, status=400, code="field.invalid")
    assert agent.wait_interview(lambda s: s["notes"]["text"] == SECRET_WORDS)["notes"]["updatedBy"]
    assert administrator.client.ok("GET", path)["text"] == SECRET_WORDS

    agent.act(interview, "outcome", {"kind": "passed"})
    customer.wait(lambda s: s["status"] == "ended")
    integrator.wait_for("interview.ended", interview)
    for told in [customer.socket.seen, integrator.messages, integrator_api.ok("GET", f"/interviews/{interview}")]:
        assert SECRET_WORDS not in json.dumps(told, ensure_ascii=False)
        assert "notes" not in json.dumps(told)
    entries = timeline(integrator_api, interview)
    assert SECRET_WORDS not in json.dumps(entries, ensure_ascii=False)
    # That they were saved, once: neither the repetition nor what was refused saved anything.
    (saved,) = [entry["data"] for entry in entries if entry["kind"] == "notes_saved"]
    assert saved["version"] == 1 and saved["characters"] == len(SECRET_WORDS)
    assert sorted(saved) == ["agentId", "characters", "version"]
    customer_client, key = customer.client, integrator_api
    for client in [customer_client, key]:
        client.problem("GET", path, status=403, code="auth.wrong_role")
        client.problem("PUT", path, {"text": "x", "version": 1}, status=403, code="auth.wrong_role")
    assert SECRET_WORDS not in server.log()
    integrator_api.request("DELETE", f"/webhook-endpoints/{endpoint['id']}")


def test_marks_of_the_companys_list_stand_on_the_timeline(server, integrator_api, agent, administrator):
    labels = administrator.client.ok("GET", "/admin/mark-labels")["items"]
    assert [label["key"] for label in labels] == [1, 2, 3, 4, 5]
    made = administrator.client.ok("POST", "/admin/mark-labels", {"text": "已出示合同", "key": 9})
    administrator.client.problem("POST", "/admin/mark-labels", {"text": "other", "key": 9}, status=409, code="mark_label.key_taken")
    interview, customer = talking(server, integrator_api, agent)
    desk = agent.client.ok("GET", "/agent/desk")
    assert {"id": made["id"], "text": "已出示合同", "key": 9} in desk["markLabels"]
    path = f"/agent/interviews/{interview}/marks"
    mark = agent.client.ok("POST", path, {"labelId": made["id"]})
    assert mark["label"] == "已出示合同"
    agent.client.ok("POST", path, {"text": "证件有折痕"})
    agent.client.problem("POST", path, {}, status=422, code="mark.label_invalid")
    agent.client.problem("POST", path, {"labelId": "mkl_x"}, status=404, code="mark_label.unknown")
    key = {"Idempotency-Key": "mark-once"}
    first = agent.client.ok("POST", path, {"labelId": made["id"]}, headers=key)
    assert agent.client.ok("POST", path, {"labelId": made["id"]}, headers=key) == first
    # Taken out of the list, it stays what it was on the timeline.
    assert administrator.client.request("DELETE", f"/admin/mark-labels/{made['id']}").status_code == 204
    marks = [entry["data"]["label"] for entry in timeline(integrator_api, interview) if entry["kind"] == "mark_set"]
    assert marks == ["已出示合同", "证件有折痕", "已出示合同"]
    assert [m["label"] for m in agent.client.ok("GET", f"/agent/interviews/{interview}")["marks"]] == marks
    agent.act(interview, "outcome", {"kind": "passed"})
    ended = customer.wait(lambda s: s["status"] == "ended")
    assert "已出示合同" not in json.dumps([customer.socket.seen, ended], ensure_ascii=False)
    agent.client.problem("POST", path, {"text": "too late"}, status=409, code="interview.not_talking")


def test_an_outcome_is_given_later(server, integrator_api, integrator, agent, administrator):
    endpoint = integrator_api.ok("POST", "/webhook-endpoints", {"url": integrator.url + "/webhooks"})
    integrator.webhook_secret = endpoint["secret"]
    assert administrator.client.ok("PATCH", "/admin/tenant", {"outcomeDeadlineMinutes": 30})["outcomeDeadlineMinutes"] == 30
    administrator.client.problem("PATCH", "/admin/tenant", {"outcomeDeadlineMinutes": 0}, status=400, code="field.invalid")
    interview, customer = talking(server, integrator_api, agent)
    deferred = agent.act(interview, "defer")["interview"]
    assert (deferred["status"], deferred["endReason"]) == ("ended", "hung_up")
    assert "outcome" not in deferred and deferred["outcomeDueAt"]
    ended = customer.wait(lambda s: s["status"] == "ended")
    assert "outcome" not in json.dumps(ended)
    agent.client.problem("POST", f"/agent/interviews/{interview}/defer", status=409, code="outcome.already_deferred")
    agent.client.ok("POST", "/agent/wrap-up/finish")
    owed = agent.client.ok("GET", "/agent/open-outcomes")["items"]
    assert [each["interviewId"] for each in owed] == [interview]
    assert owed[0]["dueAt"] == deferred["outcomeDueAt"] and owed[0]["remindAt"] < owed[0]["dueAt"] and not owed[0]["overdue"]
    desk = agent.client.ok("GET", "/agent/desk")["openOutcomes"]
    assert (desk["count"], desk["overdue"], desk["deadlineMinutes"]) == (1, 0, 30)
    assert integrator.wait_for("interview.outcome_deferred", interview)[0]["event"]["data"]["outcomeDueAt"] == deferred["outcomeDueAt"]

    outcome = agent.act(interview, "outcome", {"kind": "rejected", "reason": "非本人办理"})["interview"]
    assert outcome["outcome"]["kind"] == "rejected" and "outcomeDueAt" not in outcome
    assert agent.client.ok("GET", "/agent/open-outcomes")["items"] == []
    integrator_api.request("DELETE", f"/webhook-endpoints/{endpoint['id']}")


def test_a_supplement_is_brought_in_a_follow_up_that_the_customer_opens(server, integrator_api, agent):
    interview, customer = talking(server, integrator_api, agent, businessId="B-follow")
    path = f"/agent/interviews/{interview}/follow-up"
    agent.client.problem("POST", path, status=409, code="follow_up.not_needed")
    agent.act(interview, "outcome", {"kind": "needs_supplement", "reason": "资料不全"})
    agent.client.ok("POST", "/agent/wrap-up/finish")
    made = agent.client.ok("POST", path)
    follow_up = made["interview"]["id"]
    assert made["interview"]["followsInterviewId"] == interview and made["interview"]["businessId"] == "B-follow"
    assert agent.client.ok("POST", path)["interview"]["id"] == follow_up  # one at a time, with a fresh link
    second = CustomerActor(server, made["customerLink"]["url"]).connect()
    assert second.interview == follow_up and not second.state["consentGiven"]
    assert interview not in json.dumps(second.state) and "资料不全" not in json.dumps(second.state, ensure_ascii=False)
    second.consent().place().queue()
    agent.wait_ring(follow_up)
    agent.act(follow_up, "answer")
    earlier = agent.client.ok("GET", f"/agent/interviews/{follow_up}/earlier")["items"]
    assert [(each["id"], each["outcome"]["reason"]) for each in earlier] == [(interview, "资料不全")]
    assert [e["data"].get("interviewId") for e in timeline(integrator_api, interview) if e["kind"] == "follow_up_created"] == [follow_up]
    assert timeline(integrator_api, follow_up)[0]["data"]["followsInterviewId"] == interview
    agent.act(follow_up, "outcome", {"kind": "passed"})
    second.wait(lambda s: s["status"] == "ended")


def test_the_order_is_asked_for_anew_and_what_went_wrong_is_said(server, integrator_api, integrator, agent):
    kinds = ["order", "product", "borrower", "guarantor", "company", "corporate_guarantor"]
    integrator.order_answer = {"allowed": True, "sections": [{"kind": k, "fields": [{"label": "名称", "value": "一"}]} for k in kinds]}
    interview, customer = talking(server, integrator_api, agent, orderEndpoint=integrator.url + "/orders")
    state = agent.client.ok("GET", f"/agent/interviews/{interview}")
    assert state["canRefreshOrder"] and [section["kind"] for section in state["sections"]] == kinds
    integrator.order_status = 500
    path = f"/agent/interviews/{interview}/order/refresh"
    failed = agent.client.problem("POST", path, status=503, code="order.unavailable")
    assert failed.json()["params"]["cause"] == "500"
    integrator.order_status = 200
    agent.client.problem("POST", path, status=429, code="order.too_soon")
    assert agent.client.ok("GET", f"/agent/interviews/{interview}")["sections"] == state["sections"]
    agent.act(interview, "outcome", {"kind": "passed"})
    customer.wait(lambda s: s["status"] == "ended")
    assert "order_refresh_failed" in [entry["kind"] for entry in timeline(integrator_api, interview)]


@pytest.mark.parametrize("method,verb,body", [
    ("GET", "notes", None), ("PUT", "notes", {"text": "x", "version": 0}), ("POST", "marks", {"text": "x"}), ("POST", "defer", None),
    ("POST", "follow-up", None), ("GET", "earlier", None), ("POST", "order/refresh", None),
])
def test_another_companys_interview_is_like_one_that_is_not_there(server, integrator_api, agent, foreign_agent, method, verb, body):
    interview, customer = talking(server, integrator_api, agent)
    foreign = foreign_agent.client.problem(method, f"/agent/interviews/{interview}/{verb}", body, status=404, code="interview.unknown")
    unknown = foreign_agent.client.problem(
        method, f"/agent/interviews/itv_01ARZ3NDEKTSV4RRFFQ69G5FAV/{verb}", body, status=404, code="interview.unknown")
    same = {**foreign.json(), "requestId": ""}, {**unknown.json(), "requestId": ""}
    assert same[0] == same[1]
    server.client().problem(method, f"/agent/interviews/{interview}/{verb}", body, status=401, code="auth.required")
    customer.client.problem(method, f"/agent/interviews/{interview}/{verb}", body, status=403, code="auth.wrong_role")
    assert customer.client.ok("POST", "/customer/leave")["status"] == "ended"
    agent.client.post("/agent/wrap-up/finish")


def test_the_list_of_marks_is_the_administrators(server, integrator_api, agent, foreign_agent, administrator):
    label = administrator.client.ok("GET", "/admin/mark-labels")["items"][0]
    for client in [agent.client, integrator_api]:
        client.problem("GET", "/admin/mark-labels", status=403, code="auth.wrong_role")
        client.problem("POST", "/admin/mark-labels", {"text": "x"}, status=403, code="auth.wrong_role")
        client.problem("DELETE", f"/admin/mark-labels/{label['id']}", status=403, code="auth.wrong_role")
    foreign_administrator = AgentActor(server, "other", server.other["administrator"]["name"], server.other["administrator"]["password"])
    foreign_administrator.client.problem("PATCH", f"/admin/mark-labels/{label['id']}", {"text": "x"}, status=404, code="not_found")
    assert administrator.client.ok("GET", "/admin/mark-labels")["items"][0] == label
