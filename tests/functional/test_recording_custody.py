"""Legal hold, retention and deletion of recordings: who may, what remains, and that nothing else does."""

import contextlib
import sqlite3

import pytest

from conftest import wait_until
from support.actors import AgentActor
from support.interviews import agent_online, create, waiting_customer

DAY_US = 86_400_000_000
REASON = "客户要求删除 asked for by the customer"


def server_sections(folder):
    mirror = folder / "mirror"
    mirror.mkdir()
    return {"recording": {"mirror_dir": str(mirror)}}


def actor(server, who, demo=None):
    demo = demo or server.demo
    return AgentActor(server, demo["account"], demo[who]["name"], demo[who]["password"])


def signed_in(server, who, demo=None):
    return actor(server, who, demo).client


def shown_name(server, who):
    return actor(server, who).user["displayName"]


@pytest.fixture
def admin(server):
    return signed_in(server, "administrator")


def record(server):
    """A short call; its interview's id once the files are there."""
    api = server.client(server.demo["apiKey"])
    created = create(api)
    interview = created["interview"]["id"]
    with agent_online(server) as agent:
        waiting_customer(server, created)
        agent.wait_ring(interview)
        agent.act(interview, "answer")
        agent.act(interview, "outcome", {"kind": "passed"})
    wait_until(lambda: recording(api, interview)["status"] == "ready", 60, "the recording")
    return interview


def recording(client, interview):
    return client.ok("GET", f"/interviews/{interview}/recording")


@contextlib.contextmanager
def database(server):
    connection = sqlite3.connect(server.data / "telewitness.db", timeout=10)
    try:
        with connection:
            yield connection
    finally:
        connection.close()


def database_bytes(server):
    return b"".join(path.read_bytes() for path in server.data.glob("telewitness.db*"))


def files_of(server, interview):
    return [path for root in (server.data / "recordings", server.folder / "mirror") for path in root.rglob(f"*{interview}*")]


def test_a_deleted_recording_is_gone_and_its_tombstone_tells(server, integrator_api, other_tenant, admin):
    interview = record(server)
    path = f"/interviews/{interview}/recording"
    before = recording(integrator_api, interview)
    assert (before["legalHold"], before["expiresAt"], before["deletion"]) == (None, None, None)
    film = next(f for f in before["files"] if f["kind"] == "composed")
    ticket = integrator_api.ok("POST", f"{path}/tickets")["ticket"]
    with database(server) as sql:
        query = "SELECT k.wrapped_key FROM recording_keys k JOIN recordings r ON r.id = k.recording_id WHERE r.interview_id = ?"
        (key,) = sql.execute(query, [interview]).fetchone()
    assert key.encode() in database_bytes(server), "or this test could not fail"
    assert len(files_of(server, interview)) >= 2, "in both places"

    integrator_api.problem("DELETE", path, {"reason": REASON}, status=403, code="auth.wrong_role")
    signed_in(server, "agent").problem("DELETE", path, {"reason": REASON}, status=403, code="auth.wrong_role")
    server.client().problem("DELETE", path, {"reason": REASON}, status=401, code="auth.required")
    stranger = signed_in(server, "administrator", other_tenant)
    foreign = stranger.problem("DELETE", path, {"reason": REASON}, status=404, code="interview.unknown")
    unknown = stranger.request("DELETE", path.replace(interview, "itv_01ARZ3NDEKTSV4RRFFQ69G5FAV"), {"reason": REASON})
    assert foreign.json() | {"requestId": ""} == unknown.json() | {"requestId": ""}
    for wrong in ({}, {"reason": ""}, {"reason": " "}, {"reason": "x" * 201}, {"reason": 7}):
        admin.problem("DELETE", path, wrong, status=400, code="field.invalid")
    assert recording(integrator_api, interview)["status"] == "ready"

    tombstone = admin.ok("DELETE", path, {"reason": REASON})
    assert tombstone["status"] == "deleted"
    assert tombstone["deletion"] == {"at": tombstone["deletion"]["at"], "by": shown_name(server, "administrator"), "reason": REASON}
    assert [(f["name"], f["sizeBytes"], f["sha256"]) for f in tombstone["files"]] == [(f["name"], f["sizeBytes"], f["sha256"]) for f in before["files"]]
    assert tombstone["chapters"] == [] and all("displayName" not in f for f in tombstone["files"])
    assert recording(integrator_api, interview) == tombstone

    integrator_api.problem("GET", film["url"], status=410, code="recording.deleted")
    server.client().problem("GET", f"{film['url']}?ticket={ticket}", status=410, code="recording.deleted")
    integrator_api.problem("POST", f"{path}/tickets", status=410, code="recording.deleted")
    admin.problem("DELETE", path, {"reason": "again"}, status=410, code="recording.deleted")
    admin.problem("PUT", f"{path}/legal-hold", {"reason": "late"}, status=410, code="recording.deleted")

    wait_until(lambda: not files_of(server, interview), 20, "the files to be removed in both places")
    wait_until(lambda: key.encode() not in database_bytes(server), 20, "the key to be gone from the database and its log")
    kinds = [e["kind"] for e in integrator_api.ok("GET", f"/interviews/{interview}/timeline")["items"]]
    assert kinds.count("recording_deleted") == 1
    logged = [e for e in admin.ok("GET", "/admin/audit")["items"] if e["action"] == "recording.deleted"]
    assert [(e["data"]["interviewId"], e["data"]["reason"]) for e in logged] == [(interview, REASON)]
    assert REASON not in server.log()


def test_a_held_recording_is_not_deleted_and_agents_do_not_learn_why(server, integrator_api, admin):
    interview = record(server)
    path = f"/interviews/{interview}/recording"
    agent = signed_in(server, "agent")
    for client in (agent, integrator_api):
        client.problem("PUT", f"{path}/legal-hold", {"reason": "mine"}, status=403, code="auth.wrong_role")
    held = admin.ok("PUT", f"{path}/legal-hold", {"reason": "court order 7"})["legalHold"]
    assert held["reason"] == "court order 7" and held["by"]
    again = admin.ok("PUT", f"{path}/legal-hold", {"reason": "court order 8"})["legalHold"]
    assert (again["since"], again["reason"]) == (held["since"], "court order 8")
    admin.problem("DELETE", path, {"reason": REASON}, status=409, code="recording.legal_hold")
    seen = [agent.get(p) for p in (path, f"/interviews/{interview}", "/interviews", f"/interviews/{interview}/timeline")]
    assert all(answer.ok and "court order" not in answer.text for answer in seen)
    assert seen[0].json()["legalHold"] == {"since": held["since"]}
    agent.problem("DELETE", f"{path}/legal-hold", {"reason": "mine"}, status=403, code="auth.wrong_role")
    assert admin.ok("DELETE", f"{path}/legal-hold", {"reason": "case closed"})["legalHold"] is None
    admin.problem("DELETE", f"{path}/legal-hold", {"reason": "again"}, status=404, code="recording.not_held")
    assert admin.ok("DELETE", path, {"reason": REASON})["status"] == "deleted"


def test_what_is_being_recorded_is_not_deleted(server, integrator_api, admin):
    created = create(integrator_api)
    interview = created["interview"]["id"]
    path = f"/interviews/{interview}/recording"
    admin.problem("DELETE", path, {"reason": REASON}, status=404, code="recording.unknown")
    with agent_online(server) as agent:
        waiting_customer(server, created)
        agent.wait_ring(interview)
        agent.act(interview, "answer")
        admin.problem("DELETE", path, {"reason": REASON}, status=409, code="recording.in_progress")
        assert admin.ok("PUT", f"{path}/legal-hold", {"reason": "from the beginning"})["legalHold"]
        agent.act(interview, "outcome", {"kind": "passed"})
    wait_until(lambda: recording(integrator_api, interview)["status"] == "ready", 60, "the recording")
    assert recording(integrator_api, interview)["legalHold"]["reason"] == "from the beginning"


def test_retention_deletes_what_is_old_after_a_restart_and_spares_what_is_held(server, integrator_api, admin):
    assert admin.ok("GET", "/admin/tenant")["recordingRetentionDays"] is None
    for wrong in (0, -1, 36501, 1.5, "30", True):
        admin.problem("PATCH", "/admin/tenant", {"recordingRetentionDays": wrong}, status=400, code="field.invalid")
    old, held, young = (record(server) for _ in range(3))
    assert recording(integrator_api, old)["expiresAt"] is None
    assert admin.ok("PATCH", "/admin/tenant", {"recordingRetentionDays": 30})["recordingRetentionDays"] == 30
    assert admin.ok("PATCH", "/admin/tenant", {"placePolicy": "optional"})["recordingRetentionDays"] == 30
    assert recording(integrator_api, old)["expiresAt"] > recording(integrator_api, old)["startedAt"]
    admin.ok("PUT", f"/interviews/{held}/recording/legal-hold", {"reason": "audit"})

    server.stop()
    with database(server) as sql:
        sql.execute("UPDATE tenants SET recording_retention_since = recording_retention_since - ?", [2 * DAY_US])
        sql.execute("UPDATE interviews SET ended_at = ended_at - ? WHERE id IN (?, ?)", [31 * DAY_US, old, held])
    server.start()
    api = server.client(server.demo["apiKey"])
    gone = wait_until(lambda: (r := recording(api, old))["status"] == "deleted" and r, 20, "retention")
    assert gone["deletion"]["by"] == "retention" and gone["expiresAt"] is None
    wait_until(lambda: not files_of(server, old), 20, "its files to be removed")
    assert [recording(api, i)["status"] for i in (held, young)] == ["ready", "ready"]
    film = next(f for f in recording(api, held)["files"] if f["kind"] == "composed")
    assert api.get(film["url"]).status_code == 200
    admin = signed_in(server, "administrator")
    logged = [e for e in admin.ok("GET", "/admin/audit")["items"] if e["action"] == "recording.deleted" and e["actor"] == "system"]
    assert [e["data"]["interviewId"] for e in logged] == [old]
    assert admin.ok("PATCH", "/admin/tenant", {"recordingRetentionDays": None})["recordingRetentionDays"] is None
    assert recording(api, young)["expiresAt"] is None
