"""Recorded files as pages and integrators fetch them: whole, in ranges, by ticket, under their own name."""

import hashlib

import pytest

from conftest import wait_until
from support.interviews import agent_online, create, waiting_customer


@pytest.fixture(scope="module")
def recorded(server):
    """A short call without a picture: its composed file shows that nobody sent one."""
    api = server.client(server.demo["apiKey"])
    created = create(api)
    interview = created["interview"]["id"]
    with agent_online(server) as agent:
        waiting_customer(server, created)
        agent.wait_ring(interview)
        named = agent.act(interview, "answer")["interview"]["recording"]
        agent.act(interview, "outcome", {"kind": "passed"})
    recording = wait_until(
        lambda: (r := api.ok("GET", f"/interviews/{interview}/recording"))["status"] in ("ready", "failed") and r, 60, "the recording")
    assert recording["status"] == "ready"
    assert (recording["path"], recording["name"]) == (named["path"], named["name"])
    file = next(f for f in recording["files"] if f["kind"] == "composed")
    return {"interview": interview, "file": file, "path": file["url"]}


def test_the_file_is_what_the_recording_says(integrator_api, recorded):
    answer = integrator_api.get(recorded["path"])
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "video/mp4")
    assert len(answer.content) == recorded["file"]["sizeBytes"]
    assert hashlib.sha256(answer.content).hexdigest() == recorded["file"]["sha256"]
    assert answer.content[4:8] == b"ftyp"
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("asked,first,last", [("bytes=0-0", 0, 0), ("bytes=100-299", 100, 299), ("bytes=-10", -10, None), ("bytes=500-", 500, None)])
def test_a_range_is_answered_with_that_part(integrator_api, recorded, asked, first, last):
    whole = integrator_api.get(recorded["path"]).content
    part = integrator_api.get(recorded["path"], headers={"Range": asked})
    start = first if first >= 0 else len(whole) + first
    end = last if last is not None else len(whole) - 1
    assert part.status_code == 206
    assert part.headers["Content-Range"] == f"bytes {start}-{end}/{len(whole)}"
    assert part.content == whole[start : end + 1]


def test_ranges_that_cannot_be_and_files_that_have_not_changed(integrator_api, recorded):
    size = recorded["file"]["sizeBytes"]
    outside = integrator_api.problem("GET", recorded["path"], headers={"Range": f"bytes={size}-"}, status=416, code="range.not_satisfiable")
    assert outside.headers["Content-Range"] == f"bytes */{size}"
    assert integrator_api.get(recorded["path"], headers={"Range": "bytes=5-2"}).status_code == 200
    etag = integrator_api.get(recorded["path"]).headers["ETag"]
    assert integrator_api.get(recorded["path"], headers={"If-None-Match": etag}).status_code == 304
    assert integrator_api.get(recorded["path"], headers={"Range": "bytes=0-9", "If-Range": etag}).status_code == 206
    assert integrator_api.get(recorded["path"], headers={"Range": "bytes=0-9", "If-Range": '"old"'}).status_code == 200
    head = integrator_api.request("HEAD", recorded["path"])
    assert (head.status_code, int(head.headers["Content-Length"]), head.content) == (200, size, b"")


def test_a_ticket_opens_the_files_of_its_interview_only(server, integrator_api, recorded):
    ticket = integrator_api.ok("POST", f"/interviews/{recorded['interview']}/recording/tickets")["ticket"]
    anonymous = server.client()
    assert anonymous.get(f"{recorded['path']}?ticket={ticket}", headers={"Range": "bytes=0-3"}).status_code == 206
    download = anonymous.get(f"{recorded['path']}?ticket={ticket}&download=true")
    assert download.headers["Content-Disposition"] == f'attachment; filename="{recorded["file"]["name"]}"'
    anonymous.problem("GET", recorded["path"], status=401, code="auth.required")
    assert anonymous.get(f"{recorded['path']}?ticket=twt_x.y").status_code == 401
    other = create(integrator_api)["interview"]["id"]
    foreign = anonymous.get(f"{recorded['path'].replace(recorded['interview'], other)}?ticket={ticket}")
    assert foreign.status_code in (401, 404)


def test_names_that_are_not_listed_are_unknown(server, integrator_api, other_tenant, recorded):
    base = f"/api/v1/interviews/{recorded['interview']}/recording/files/"
    for name in ["nothing.mp4", "..%2F..%2Ftelewitness.db", "..", "%2Fetc%2Fpasswd", "journal-0001.twj"]:
        assert integrator_api.get(base + name).status_code == 404, name
    stranger = server.client(other_tenant["apiKey"])
    foreign, unknown = stranger.get(recorded["path"]), stranger.get(base.replace(recorded["interview"], "itv_01ARZ3NDEKTSV4RRFFQ69G5FAV") + "x.mp4")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


def test_what_lies_on_the_disk_is_sealed(server, recorded):
    name = recorded["file"]["name"]
    stored = next(server.data.rglob(name))
    content = stored.read_bytes()
    assert b"ftyp" not in content and b"moov" not in content
    assert stored.stat().st_mode & 0o077 == 0
