"""A disk that fills during a call: the call goes on and is concluded, everybody is told, nothing recorded is lost."""

import json
import os
import subprocess

import pytest

from conftest import Server, wait_until
from support.interviews import agent_online, create, waiting_customer

SIZE_MB = 96
RESERVE_MB = 32  # a quarter of it is never written by recordings: the database's


def free_mb(path):
    space = os.statvfs(path)
    return space.f_bavail * space.f_frsize / 2**20


@pytest.fixture
def small_disk(binary, tmp_path):
    """A server whose data lies on a file system of its own, mounted for this test."""
    server = Server(tmp_path, recording={"reserve_mb": RESERVE_MB})
    server.data.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=0700", "tmpfs", str(server.data)], capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        server.start()
        server.demo = json.loads(server.command("demo-tenant", "--json").stdout)
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()
        subprocess.run(["umount", str(server.data)], check=True)


def fill(server, leave_mb):
    ballast = server.data / "ballast"
    with open(ballast, "wb") as out:
        while free_mb(server.data) > leave_mb + 0.3:
            out.write(bytes(128 * 1024))
            out.flush()
    return ballast


def test_a_call_outlives_a_full_disk_and_is_whole_afterwards(small_disk):
    server = small_disk
    api = server.client(server.demo["apiKey"])
    created = create(api)
    interview = created["interview"]["id"]
    with agent_online(server) as agent:
        waiting_customer(server, created)
        agent.wait_ring(interview)
        agent.act(interview, "answer")
        ballast = fill(server, leave_mb=RESERVE_MB / 4 - 2)

        api.problem("POST", "/interviews", {"businessId": "B-10", "queueId": created["interview"]["queueId"], "companyName": "演示银行", "nickName": "li"},
                    status=503, code="recording.disk_full")
        assert "recording_disk_full" in agent.client.ok("GET", "/agent/desk")["alarms"]
        # The last space is the database's: the call can be concluded.
        agent.act(interview, "outcome", {"kind": "passed"})
        assert api.ok("GET", f"/interviews/{interview}")["status"] == "ended"
        wait_until(lambda: "recording cannot be written" in server.log(), 10, "the log to tell it")
        assert free_mb(server.data) > 1
        assert api.ok("GET", f"/interviews/{interview}/recording")["status"] == "processing"

    ballast.unlink()
    recording = wait_until(
        lambda: (r := api.ok("GET", f"/interviews/{interview}/recording"))["status"] in ("ready", "failed") and r, 120, "the recording")
    assert recording["status"] == "ready"
    assert not recording["recovered"], "the journal's end was written once there was room"
    assert "recording is written again" in server.log()
    kinds = [entry["kind"] for entry in api.ok("GET", f"/interviews/{interview}/timeline")["items"]]
    assert "recording_copy_failed" in kinds and "recording_copy_restored" in kinds


def test_a_second_disk_that_is_full_is_told_and_the_call_recorded(binary, tmp_path):
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    server = Server(tmp_path, recording={"mirror_dir": str(mirror)})
    server.write_config()
    (mirror / "blocked").write_text("")
    server.start()
    try:
        server.demo = json.loads(server.command("demo-tenant", "--json").stdout)
        api = server.client(server.demo["apiKey"])
        tenant_folder = None
        for kind in ("both", "one"):
            created = create(api)
            interview = created["interview"]["id"]
            with agent_online(server) as agent:
                waiting_customer(server, created)
                agent.wait_ring(interview)
                agent.act(interview, "answer")
                journals = list(mirror.rglob("*.twj"))
                if kind == "both":
                    assert len(journals) == 1
                    tenant_folder = journals[0].relative_to(mirror).parts[0]
                agent.act(interview, "outcome", {"kind": "passed"})
            recording = wait_until(
                lambda: (r := api.ok("GET", f"/interviews/{interview}/recording"))["status"] in ("ready", "failed") and r, 60, "the recording")
            assert recording["status"] == "ready"
            kinds = [entry["kind"] for entry in api.ok("GET", f"/interviews/{interview}/timeline")["items"]]
            assert ("recording_copy_failed" in kinds) == (kind == "one")
            if kind == "both":
                stored = next(server.data.rglob(journals[0].name))
                assert stored.read_bytes() == journals[0].read_bytes()
                # From now on nothing can be made below the mirror.
                (mirror / tenant_folder).rename(mirror / "away")
                (mirror / tenant_folder).write_text("in the way")
    finally:
        server.stop()
