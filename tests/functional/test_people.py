"""Several people in a call: guests, hand-overs, hold and supervision, with what each side must never be told."""

import pytest

from support.actors import AgentActor, Socket
from support.interviews import agent_online, create, waiting_customer
from support.sdp import offer

SDP = {"Content-Type": "application/sdp"}
PASSWORD = "correct horse battery"


def path_of(url):
    return url[url.index("/api/"):]


def sections(text, kind):
    """An offer without one of its media sections."""
    head, *media = text.decode().split("m=")
    return (head + "".join("m=" + part for part in media if not part.startswith(kind))).encode()


@pytest.fixture(scope="module")
def colleagues(server):
    """Another agent of the queue, one of a queue of its own, and a supervisor."""
    administrator = server.demo["administrator"]
    admin = AgentActor(server, server.demo["account"], administrator["name"], administrator["password"]).client
    queue = server.client(server.demo["apiKey"]).ok("GET", "/queues")["items"][0]["id"]
    experts = admin.ok("POST", "/admin/queues", {"name": "专家"})["id"]

    def user(name, queues, **more):
        body = {"name": name, "displayName": name.title(), "role": "agent", "password": PASSWORD, "queueIds": queues, **more}
        return admin.ok("POST", "/admin/users", body)

    made = {
        "bob": user("bob", [queue]),
        "cy": user("cy", [experts]),
        "sue": user("sue", [], canSupervise=True),
        "experts": experts,
        "admin": admin,
    }
    assert (made["sue"]["canSupervise"], made["bob"]["canSupervise"]) == (True, False)
    return made


def sign_in(server, name):
    return AgentActor(server, server.demo["account"], name, PASSWORD)


@pytest.fixture
def call(server, integrator_api):
    created = create(integrator_api)
    interview = created["interview"]["id"]
    with agent_online(server) as agent:
        customer = waiting_customer(server, created)
        agent.wait_ring(interview)
        agent.act(interview, "answer")
        customer.wait(lambda s: s["status"] == "talking")
        yield agent, customer, interview
        customer.client.post("/customer/leave")
        customer.wait(lambda s: s["status"] == "ended")


def kinds(api, interview):
    return [entry["kind"] for entry in api.ok("GET", f"/interviews/{interview}/timeline")["items"]]


class GuestActor:
    def __init__(self, server, link_url, token=None, **body):
        self.server = server
        self.client = server.client()
        self.invitation = link_url.split("/g/#")[1]
        opened = self.client.ok("POST", "/guest/sessions", {"token": self.invitation, **body}, token=token)
        self.client.token = opened["token"]
        self.state = opened["state"]

    def connect(self):
        self.socket = Socket(self.server, self.client.token)
        self.socket.wait("guest.state")
        return self

    def consent(self, accepted=True):
        text = self.state["consentTexts"][0]
        self.state = self.client.ok("POST", "/guest/consent", {
            "accepted": accepted, "textVersion": text["version"], "textSha256": text["sha256"], "language": text["language"]})
        return self


def test_a_guest_joins_by_the_link_and_is_shown_out(server, integrator_api, call):
    agent, customer, interview = call
    created = agent.act(interview, "guests", {"displayName": "公证员"})
    assert created["guest"]["status"] == "invited"
    guest = GuestActor(server, created["link"]["url"]).connect()
    assert "media" not in guest.state and guest.state["people"] == []
    assert "businessId" not in guest.state and "nickName" not in guest.state
    guest.client.problem("GET", "/customer/state", status=403, code="auth.wrong_role")
    guest.client.problem("GET", f"/interviews/{interview}", status=403, code="auth.wrong_role")

    guest.consent()
    assert guest.state["status"] == "joined"
    me = guest.state["guestId"]
    customer.socket.wait("people", lambda m: any(p["participant"] == me for p in m["people"]))
    media = server.client(guest.state["media"]["token"])
    sent = media.post(path_of(guest.state["media"]["publishUrl"]), data=offer(), headers=SDP)
    assert sent.status_code == 201, sent.text
    watch = guest.state["media"]["watchTemplate"].replace("{participant}", "agent").replace("{stream}", "camera")
    assert media.post(path_of(watch), data=offer("recvonly"), headers=SDP).status_code == 201
    whisper = path_of(guest.state["media"]["publishUrl"]).replace("camera", "whisper")
    assert media.post(whisper, data=offer(), headers=SDP).json()["code"] == "media.not_allowed"

    second = server.client().problem("POST", "/guest/sessions", {"token": guest.invitation}, status=409, code="guest.other_device")
    assert me not in second.text
    assert agent.client.request("DELETE", f"/agent/interviews/{interview}/guests/{me}").status_code == 204
    over = guest.socket.wait("guest.state", lambda m: m["state"]["status"] == "removed")
    assert "media" not in over["state"]
    assert media.post(path_of(guest.state["media"]["publishUrl"]), data=offer(), headers=SDP).status_code == 401
    guest.client.problem("GET", "/guest/state", status=401, code="auth.invalid")
    server.client().problem("POST", "/guest/sessions", {"token": guest.invitation}, status=410, code="guest.removed")
    told = kinds(integrator_api, interview)
    assert [k for k in told if k.startswith("guest_")] == ["guest_invited", "guest_joined", "guest_left"]
    assert customer.wait(lambda s: True)["status"] == "talking"


def test_an_invitation_for_colleagues_needs_a_sign_in(server, call, colleagues):
    agent, _, interview = call
    link = agent.act(interview, "guests", {"displayName": "Lawyer", "signInRequired": True})["link"]["url"]
    token = link.split("/g/#")[1]
    server.client().problem("POST", "/guest/sessions", {"token": token}, status=401, code="guest.sign_in_required")
    cy = sign_in(server, "cy")
    assert GuestActor(server, link, token=cy.client.token).state["status"] == "invited"
    unknown = server.client().problem("POST", "/guest/sessions", {"token": "twi_x"}, status=404, code="link.unknown")
    assert "Lawyer" not in unknown.text


def test_a_call_is_handed_to_a_colleague_and_the_customer_keeps_the_connection(server, integrator_api, call, colleagues):
    agent, customer, interview = call
    bob = sign_in(server, "bob").connect().presence()
    before = customer.client.ok("GET", "/customer/state")
    media = server.client(before["media"]["token"])
    session = media.post(path_of(before["media"]["publishUrl"]), data=offer(), headers=SDP).headers["Location"]
    targets = agent.client.ok("GET", "/agent/transfer-targets")
    assert [t["displayName"] for t in targets["agents"] if t["available"]] == ["Bob"]

    agent.act(interview, "transfer", {"agentId": colleagues["bob"]["id"], "note": "粤语"})
    ring = bob.wait_ring(interview)
    assert ring["transfer"]["note"] == "粤语"
    bob.act(interview, "decline")
    agent.wait_interview(lambda s: "transfer" not in s and s["interview"]["status"] == "talking")
    agent.client.problem("POST", f"/agent/interviews/{interview}/transfer", {"agentId": agent.user["id"]},
                         status=409, code="transfer.to_self")

    agent.act(interview, "transfer", {"agentId": colleagues["bob"]["id"]})
    bob.wait_ring(interview)
    taken = bob.act(interview, "answer")
    assert taken["media"]["participant"] == "agent"
    customer.wait(lambda s: s.get("agentName") == "Bob")
    agent.socket.wait("desk.state", lambda m: m["state"]["activity"] == "wrapping_up")
    agent.client.problem("POST", f"/agent/interviews/{interview}/hang-up", status=409, code="interview.not_yours")
    assert media.request("DELETE", session).status_code == 200, "the customer's own session was never closed"
    told = kinds(integrator_api, interview)
    assert told.count("transfer_failed") == 1 and told.count("transfer_completed") == 1
    assert "recording_gap" not in told, "the recording goes on in the same part"
    bob.act(interview, "outcome", {"kind": "passed"})
    bob.client.post("/agent/wrap-up/finish")
    bob.presence("offline")
    bob.socket.close()


def test_a_call_is_handed_to_a_queue_and_the_customer_hears_music(server, integrator_api, call, colleagues):
    agent, customer, interview = call
    queue = {"queueId": colleagues["experts"]}
    agent.client.problem("POST", f"/agent/interviews/{interview}/transfer", queue, status=409, code="transfer.nobody_online")
    cy = sign_in(server, "cy").connect().presence()
    agent.act(interview, "transfer", queue)
    state = customer.wait(lambda s: s.get("transferring"))
    assert state["status"] == "talking" and state["held"] and "media" in state
    assert [p["role"] for p in state["people"]] == ["customer", "player"]
    cy.wait_ring(interview)
    assert "media" not in cy.client.ok("GET", f"/agent/interviews/{interview}")
    cy.act(interview, "answer")
    state = customer.wait(lambda s: s.get("agentName") == "Cy")
    assert not state["held"] and "transferring" not in state
    cy.act(interview, "outcome", {"kind": "passed"})
    cy.client.post("/agent/wrap-up/finish")
    cy.presence("offline")
    cy.socket.close()


def test_a_supervisor_is_never_told_of_to_whom_they_are_hidden(server, integrator_api, call, colleagues):
    agent, customer, interview = call
    created = agent.act(interview, "guests", {"displayName": "Interpreter"})
    guest = GuestActor(server, created["link"]["url"]).connect().consent()
    sue = sign_in(server, "sue").connect()
    sue.socket.send({"v": 1, "type": "watch_calls", "on": True})
    calls = sue.socket.wait("calls.state", lambda m: [c for c in m["items"] if c["interviewId"] == interview])
    assert calls["items"][-1]["agentName"] == agent.user["displayName"]
    bob = sign_in(server, "bob")
    bob.client.problem("GET", "/supervisor/interviews", status=403, code="auth.wrong_role")
    bob.client.problem("POST", f"/supervisor/interviews/{interview}/sessions", {"mode": "listen"}, status=403, code="auth.wrong_role")

    key = {"Idempotency-Key": "listen-" + interview}
    path = f"/supervisor/interviews/{interview}/sessions"
    state = sue.client.ok("POST", path, {"mode": "listen"}, headers=key)
    session = state["sessionId"]
    assert sue.client.ok("POST", path, {"mode": "listen"}, headers=key)["sessionId"] == session
    assert state["media"]["publish"] == []
    hidden = [session, "Sue", "supervisor"]

    def answers(client, *paths):
        return "".join(client.get(p).text for p in paths)

    def seen_by_outsiders():
        text = answers(customer.client, "/customer/state") + answers(guest.client, "/guest/state")
        return [word for word in hidden if word in text]

    assert seen_by_outsiders() == []
    assert session not in answers(agent.client, f"/agent/interviews/{interview}")

    state = sue.client.ok("PATCH", f"/supervisor/sessions/{session}", {"mode": "whisper"})
    assert [p["stream"] for p in state["media"]["publish"]] == ["whisper"]
    whisper = path_of(state["media"]["publish"][0]["url"])
    media = server.client(state["media"]["token"])
    assert media.post(whisper, data=offer(), headers=SDP).status_code == 201
    assert media.post(whisper.replace("whisper", "camera"), data=offer(), headers=SDP).status_code == 403
    assert seen_by_outsiders() == []
    assert session in answers(agent.client, f"/agent/interviews/{interview}")
    path = f"/media/{interview}/whep/{session}/whisper"

    def watch(state):
        return server.client(state["media"]["token"]).post(path, data=offer("recvonly"), headers=SDP)

    assert watch(agent.client.ok("GET", f"/agent/interviews/{interview}")).status_code == 201
    refused = [watch(customer.client.ok("GET", "/customer/state")), watch(guest.client.ok("GET", "/guest/state"))]
    nobody = server.client(customer.client.ok("GET", "/customer/state")["media"]["token"]).post(
        f"/media/{interview}/whep/nobody/whisper", data=offer("recvonly"), headers=SDP)
    for answer in refused:
        assert answer.status_code == 404
        assert {**answer.json(), "requestId": ""} == {**nobody.json(), "requestId": ""}, "like one that does not exist"

    sue.client.ok("PATCH", f"/supervisor/sessions/{session}", {"mode": "join"})
    assert media.post(whisper, data=offer(), headers=SDP).json()["code"] == "media.not_allowed"
    assert seen_by_outsiders() == hidden
    assert sue.client.request("DELETE", f"/supervisor/sessions/{session}").status_code == 204
    assert seen_by_outsiders() == []
    for message in customer.socket.seen + guest.socket.seen:
        if message["type"] == "people":
            assert not any(p["role"] == "supervisor" for p in message["people"]) or "supervisor_joined" in kinds(integrator_api, interview)
    audit = colleagues["admin"].ok("GET", "/admin/audit")["items"]
    assert [e["action"] for e in audit if e.get("subject") == session][::-1] == [
        "supervision.started", "supervision.changed", "supervision.changed", "supervision.ended"]
    sue.socket.close()


def test_hold_voice_only_and_pages_are_told(server, integrator_api):
    created = create(integrator_api, voiceOnly=True)
    interview = created["interview"]["id"]
    assert created["interview"]["voiceOnly"]
    with agent_online(server) as agent:
        customer = waiting_customer(server, created)
        assert agent.wait_ring(interview)["voiceOnly"]
        agent.act(interview, "answer")
        state = customer.wait(lambda s: s["status"] == "talking")
        assert state["voiceOnly"]
        media = server.client(state["media"]["token"])
        url = path_of(state["media"]["publishUrl"])
        assert media.post(url, data=offer(), headers=SDP).json()["code"] == "media.voice_only"
        sound = media.post(url, data=sections(offer(), "video").replace(b"BUNDLE 0 1", b"BUNDLE 0"), headers=SDP)
        assert sound.status_code in (201, 406), sound.text
        assert media.post(url.replace("camera", "screen"), data=offer(), headers=SDP).status_code == 201

        agent.act(interview, "hold")
        customer.wait(lambda s: s["held"])
        agent.act(interview, "hold")
        agent.act(interview, "resume")
        customer.wait(lambda s: not s["held"])
        customer.socket.send({"v": 1, "type": "page", "visible": False, "camera": "lost"})
        agent.wait_interview(lambda s: s.get("customerPage", {}).get("camera") == "lost")
        customer.socket.send({"v": 1, "type": "page", "visible": False, "camera": "sleeping"})
        assert customer.socket.wait("error")["code"] == "field.invalid"
        agent.act(interview, "outcome", {"kind": "passed"})
        told = kinds(integrator_api, interview)
        assert (told.count("hold_started"), told.count("hold_ended")) == (1, 1)


def test_ids_of_others_answer_like_unknown_ones(server, call, colleagues, other_tenant):
    agent, _, interview = call
    stranger = AgentActor(server, other_tenant["account"], other_tenant["agent"]["name"], other_tenant["agent"]["password"]).client
    unknown = "itv_01ARZ3NDEKTSV4RRFFQ69G5FAV"
    for method, path, body in [
        ("POST", "/agent/interviews/{}/transfer", {"agentId": "agt_x"}),
        ("POST", "/agent/interviews/{}/transfer/cancel", None),
        ("POST", "/agent/interviews/{}/hold", None),
        ("GET", "/agent/interviews/{}/guests", None),
        ("POST", "/agent/interviews/{}/guests", {"displayName": "x"}),
    ]:
        theirs = stranger.problem(method, path.format(interview), body, status=404, code="interview.unknown").json()
        nobodys = stranger.problem(method, path.format(unknown), body, status=404, code="interview.unknown").json()
        assert {**theirs, "requestId": ""} == {**nobodys, "requestId": ""}
    agent.client.problem("DELETE", f"/agent/interviews/{interview}/guests/gst_01ARZ3NDEKTSV4RRFFQ69G5FAV",
                         status=404, code="guest.unknown")
    sue = sign_in(server, "sue").client
    sue.problem("POST", f"/supervisor/interviews/{unknown}/sessions", {"mode": "listen"}, status=404, code="interview.unknown")
    sue.problem("GET", "/supervisor/sessions/sup_01ARZ3NDEKTSV4RRFFQ69G5FAV", status=404, code="supervisor.session_unknown")
    sue.problem("POST", f"/supervisor/interviews/{interview}/sessions", {"mode": "spy"}, status=400, code="field.invalid")
