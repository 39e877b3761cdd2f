"""Several people want the same thing at the same moment: exactly one gets it."""

import concurrent.futures

import pytest

from support.actors import AgentActor
from support.interviews import agent_online, create, waiting_customer

CALLERS = 100


@pytest.fixture
def talking(server, integrator_api):
    created = create(integrator_api)
    interview = created["interview"]["id"]
    with agent_online(server) as agent:
        customer = waiting_customer(server, created)
        agent.wait_ring(interview)
        agent.act(interview, "answer")
        yield agent, customer, interview


def all_at_once(call, count):
    with concurrent.futures.ThreadPoolExecutor(max_workers=count) as pool:
        return [future.result() for future in [pool.submit(call, n) for n in range(count)]]


def test_of_a_hundred_answers_one_wins(server, integrator_api):
    created = create(integrator_api)
    interview = created["interview"]["id"]
    with agent_online(server) as agent:
        waiting_customer(server, created)
        agent.wait_ring(interview)
        answers = all_at_once(lambda _: server.client(agent.client.token).post(f"/agent/interviews/{interview}/answer"), CALLERS)
        statuses = [answer.status_code for answer in answers]
        assert statuses.count(200) == 1, sorted(set(statuses))
        assert set(statuses) == {200, 409}
        assert {a.json()["code"] for a in answers if a.status_code == 409} == {"interview.already_answered"}
        kinds = [e["kind"] for e in integrator_api.ok("GET", f"/interviews/{interview}/timeline")["items"]]
        assert kinds.count("answered") == 1
        agent.act(interview, "outcome", {"kind": "passed"})


def test_an_outcome_is_given_once(server, integrator_api, talking):
    agent, customer, interview = talking

    def conclude(number):
        body = {"kind": "passed"} if number % 2 else {"kind": "rejected", "reason": "资料不全"}
        return server.client(agent.client.token).post(f"/agent/interviews/{interview}/outcome", body)

    answers = all_at_once(conclude, 16)
    won = [a for a in answers if a.status_code == 200]
    assert len(won) == 1
    assert {a.json()["code"] for a in answers if a.status_code != 200} == {"outcome.already_given"}
    kept = integrator_api.ok("GET", f"/interviews/{interview}")["outcome"]["kind"]
    assert kept == won[0].json()["interview"]["outcome"]["kind"]


def test_somebody_else_cannot_answer_or_conclude(server, integrator_api, talking):
    agent, customer, interview = talking
    admin = server.demo["administrator"]
    other = AgentActor(server, server.demo["account"], admin["name"], admin["password"])
    assert other.client.post(f"/agent/interviews/{interview}/answer").status_code in (404, 409)
    assert other.client.post(f"/agent/interviews/{interview}/outcome", {"kind": "passed"}).status_code in (404, 409)
    assert integrator_api.ok("GET", f"/interviews/{interview}")["status"] == "talking"
    agent.act(interview, "outcome", {"kind": "passed"})


def test_one_idempotency_key_at_once_makes_one_interview(server, integrator_api):
    queue = integrator_api.ok("GET", "/queues")["items"][0]["id"]
    body = {"businessId": "B-once", "queueId": queue, "companyName": "演示银行", "nickName": "once-1"}
    answers = all_at_once(
        lambda _: server.client(server.demo["apiKey"]).post("/interviews", body, headers={"Idempotency-Key": "at-once"}), 12)
    assert {a.status_code for a in answers} <= {201, 409}
    assert len({a.json()["interview"]["id"] for a in answers if a.status_code == 201}) == 1
    assert len(integrator_api.ok("GET", "/interviews?businessId=B-once")["items"]) == 1
