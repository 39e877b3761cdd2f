"""The main job over the API alone: link, consent, place, queue, ring, answer, outcome, webhooks. Media is tested in browsers."""

import pytest

from support.actors import AgentActor, CustomerActor

SECTIONS = [
    {"kind": "order", "title": "订单", "fields": [{"label": "订单号", "value": "LN-2026-1"}, {"label": "金额", "value": "¥200,000"}]},
    {"kind": "corporate_guarantor", "fields": [{"label": "企业名称", "value": "示例担保有限公司"}]},
]


def new_interview(server, integrator_api, **changes):
    queue = integrator_api.ok("GET", "/queues")["items"][0]["id"]
    body = {"businessId": "B-1", "assistId": "A-1", "queueId": queue, "companyName": "演示银行", "nickName": "wang-01",
            "sections": SECTIONS, **changes}
    return integrator_api.ok("POST", "/interviews", {k: v for k, v in body.items() if v is not None})


@pytest.fixture
def agent(server):
    demo = server.demo
    actor = AgentActor(server, demo["account"], demo["agent"]["name"], demo["agent"]["password"]).connect().presence()
    yield actor
    actor.client.post("/agent/wrap-up/finish")
    actor.presence("offline")
    actor.socket.close()


def ready_customer(server, created):
    return CustomerActor(server, created["customerLink"]["url"]).connect().consent().place().queue()


def timeline_kinds(api, interview):
    return [entry["kind"] for entry in api.ok("GET", f"/interviews/{interview}/timeline")["items"]]


def test_a_customer_and_an_agent_meet_and_conclude(server, integrator_api, integrator, agent):
    endpoint = integrator_api.ok("POST", "/webhook-endpoints", {"url": integrator.url + "/webhooks"})
    integrator.webhook_secret = endpoint["secret"]
    assert "secret" not in integrator_api.get("/webhook-endpoints").text.replace("whsec", "")

    created = new_interview(server, integrator_api)
    interview = created["interview"]["id"]
    assert created["interview"]["status"] == "created"

    customer = ready_customer(server, created)
    ring = agent.wait_ring(interview)
    assert ring["businessId"] == "B-1"
    ringing = customer.wait(lambda s: s["status"] == "ringing")
    assert ringing["media"]["publishUrl"].endswith(f"/media/{interview}/whip/camera")

    talking = agent.act(interview, "answer")
    assert talking["interview"]["status"] == "talking"
    assert [s["kind"] for s in talking["sections"]] == ["order", "corporate_guarantor"]
    assert talking["interview"]["recording"]["name"]
    assert customer.wait(lambda s: s["status"] == "talking")["agentName"]

    concluded = agent.act(interview, "outcome", {"kind": "passed"})
    outcome = concluded["interview"]["outcome"]
    assert outcome["kind"] == "passed"
    assert outcome["recordingPath"] == talking["interview"]["recording"]["path"]
    assert "reason" not in outcome

    ended = customer.wait(lambda s: s["status"] == "ended")
    assert ended["endReason"] == "concluded"
    assert "outcome" not in ended

    read = integrator_api.ok("GET", f"/interviews/{interview}")
    assert (read["status"], read["endReason"], read["outcome"]["kind"]) == ("ended", "concluded", "passed")
    kinds = timeline_kinds(integrator_api, interview)
    for kind in ["created", "entered", "consent_given", "place_given", "queued", "ringing", "answered", "concluded", "ended"]:
        assert kind in kinds, kinds
    assert kinds.index("answered") < kinds.index("concluded")

    for event in ["interview.queued", "interview.answered", "interview.concluded", "interview.ended"]:
        assert integrator.wait_for(event, interview)
    assert integrator.bad_signatures == 0
    integrator_api.request("DELETE", f"/webhook-endpoints/{endpoint['id']}")


@pytest.mark.parametrize("kind", ["rejected", "needs_supplement"])
def test_the_other_outcomes_need_a_reason_and_carry_only_what_belongs_to_them(server, integrator_api, agent, kind):
    created = new_interview(server, integrator_api)
    interview = created["interview"]["id"]
    customer = ready_customer(server, created)
    agent.wait_ring(interview)
    agent.act(interview, "answer")
    agent.client.problem("POST", f"/agent/interviews/{interview}/outcome", {"kind": kind}, status=422, code="outcome.reason_required")
    outcome = agent.act(interview, "outcome", {"kind": kind, "reason": "资料不全"})["interview"]["outcome"]
    assert outcome["reason"] == "资料不全"
    assert {"photos", "recordingPath", "recordingName", "durationMs"} & outcome.keys() == set()
    ended = customer.wait(lambda s: s["status"] == "ended")
    assert "资料不全" not in str(ended)
    agent.client.problem("POST", f"/agent/interviews/{interview}/outcome", {"kind": "passed"}, status=409, code="outcome.already_given")
    assert integrator_api.ok("GET", f"/interviews/{interview}")["outcome"]["kind"] == kind


def test_refusing_the_recording_ends_the_interview(server, integrator_api):
    created = new_interview(server, integrator_api)
    customer = CustomerActor(server, created["customerLink"]["url"]).connect().consent(accepted=False)
    assert (customer.state["status"], customer.state["endReason"]) == ("ended", "consent_refused")
    customer.client.problem("POST", "/customer/queue", status=409, code="interview.ended")
    assert "queued" not in timeline_kinds(integrator_api, created["interview"]["id"])


def test_the_queue_wants_consent_first(server, integrator_api):
    created = new_interview(server, integrator_api)
    customer = CustomerActor(server, created["customerLink"]["url"])
    answer = customer.client.post("/customer/queue")
    assert answer.status_code == 409, answer.text
    assert integrator_api.ok("GET", f"/interviews/{created['interview']['id']}")["status"] == "entered"


def test_a_second_device_takes_over_after_confirming(server, integrator_api):
    created = new_interview(server, integrator_api)
    first = CustomerActor(server, created["customerLink"]["url"]).connect()
    server.client().problem("POST", "/customer/sessions", {"linkToken": first.link_token}, status=409, code="customer.other_device")
    second = CustomerActor(server, created["customerLink"]["url"], take_over=True)
    assert second.client.get("/customer/state").status_code == 200
    assert first.client.get("/customer/state").status_code == 401


def test_a_customer_who_leaves_the_queue_has_left(server, integrator_api):
    created = new_interview(server, integrator_api)
    customer = ready_customer(server, created)
    state = customer.client.ok("POST", "/customer/leave")
    assert (state["status"], state["endReason"]) == ("ended", "left_queue")
    assert integrator_api.ok("GET", f"/interviews/{created['interview']['id']}")["endReason"] == "left_queue"


def test_the_order_endpoint_decides_and_its_sections_reach_the_agent(server, integrator_api, integrator, agent):
    integrator.order_answer = {"allowed": True, "sections": [{"kind": "borrower", "fields": [{"label": "姓名", "value": "王某"}]}]}
    created = new_interview(server, integrator_api, sections=None, orderEndpoint=integrator.url + "/orders")
    interview = created["interview"]["id"]
    customer = ready_customer(server, created)
    assert f"interviewId={interview}" in integrator.order_requests[-1]
    agent.wait_ring(interview)
    assert agent.act(interview, "answer")["sections"][0]["kind"] == "borrower"
    agent.act(interview, "outcome", {"kind": "passed"})
    customer.wait(lambda s: s["status"] == "ended")

    integrator.order_answer = {"allowed": False, "message": "该订单已完成"}
    refused = new_interview(server, integrator_api, sections=None, orderEndpoint=integrator.url + "/orders")
    answer = server.client().problem("POST", "/customer/sessions", {"linkToken": refused["customerLink"]["url"].split("#t=")[1]},
                                     status=403, code="interview.not_allowed")
    assert "该订单已完成" in answer.text
