"""telewitness-load, the client that measurements and people use: it must go on working against the product, against the
server that is measured without interviews, and against the floor."""

import json
import os
import pathlib
import re
import signal
import subprocess

import pytest

from conftest import ROOT, wait_until
from support.interviews import agent_online, create, waiting_customer

PROGRAMS = pathlib.Path(os.environ.get("TELEWITNESS_BENCH", ROOT / "build/asan/bench"))
TIMEOUT_S = 90
# A busy machine starves a server for longer than its socket's buffer lasts; how little is lost, `make bench` measures.
MOSTLY = 0.5


def load(*arguments):
    return subprocess.run([PROGRAMS / "telewitness-load", *map(str, arguments)], capture_output=True, text=True, timeout=TIMEOUT_S)


def findings(*arguments, seconds=1):
    done = load(*arguments, "--seconds", seconds, "--warm-up", 1)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def start(tmp_path):
    """Starts one of the programs that are measured; its URL and pid."""
    assert (PROGRAMS / "telewitness-load").exists(), "build the load client first: make build-asan"
    running = []

    def run(name, *arguments):
        out = tmp_path / f"{name}.txt"
        with open(out, "wb") as log:
            process = subprocess.Popen([PROGRAMS / name, *map(str, arguments)], stdout=log, stderr=log)
        running.append(process)

        def listening():
            assert process.poll() is None, out.read_text()
            return re.search(r"listening on (http://\S+)\n", out.read_text())

        return wait_until(listening, 30, f"{name} to listen").group(1), process

    yield run
    for process in running:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@pytest.mark.parametrize("profile, name", [("gcm", "AEAD_AES_128_GCM"), ("cm", "AES128_CM_SHA1_80")])
def test_everybody_in_a_room_gets_what_the_others_send_and_nothing_else(start, profile, name):
    url, process = start("telewitness-sfu")
    found = findings("--target", url, "--rooms", 2, "--people", 3, "--profile", profile, "--watch-pid", process.pid)
    assert (found["publishers"], found["viewers"], found["profile"]) == (6, 12, name)
    assert found["sent"] > 6 * 200
    assert found["expected"] == 2 * found["sent"]
    assert MOSTLY * found["expected"] < found["received"] <= found["expected"]
    assert found["misdirected"] == 0
    assert 0 < found["delay_us"]["p50"] <= found["delay_us"]["p99"] <= found["delay_us"]["max"]
    assert found["server"]["cpu_s"] > 0 and found["server"]["us_per_packet"] > 0


def test_what_is_lost_on_the_way_is_asked_for_again(start):
    url, _ = start("telewitness-sfu")
    found = findings("--target", url, "--loss", 0.05)
    assert found["recovered"] > 0
    assert found["injected_loss"] == 0.05


def test_rooms_are_recorded_when_asked(start, tmp_path):
    folder = tmp_path / "recordings"
    url, process = start("telewitness-sfu", "--record", folder)
    findings("--target", url)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    journals = list(folder.rglob("*.twj"))
    assert len(journals) == 1 and journals[0].stat().st_size > 2 * 290 * 1000, "a second of two people and more"


def test_the_floor_forwards_too(start):
    url, _ = start("telewitness-floor")
    found = findings("--target", url, "--people", 3)
    assert MOSTLY * found["expected"] < found["received"] <= found["expected"]
    assert found["misdirected"] == 0


def test_joining_alone_is_measured(start):
    url, _ = start("telewitness-sfu")
    found = findings("--target", url, "--rooms", 5, "--join-only")
    assert found["join"]["sessions_per_second"] > 0
    assert "delay_us" not in found


def test_a_real_interview_carries_it(server, integrator_api, start, tmp_path):
    created = create(integrator_api)
    interview = created["interview"]["id"]
    with agent_online(server) as agent:
        customer = waiting_customer(server, created)
        agent.wait_ring(interview)
        talking = agent.act(interview, "answer")
        sides = [talking["media"], customer.wait(lambda s: s["status"] == "talking" and "media" in s)["media"]]
        seat = lambda media, kind: {"url": server.origin + media[kind], "token": media["token"]}  # noqa: E731
        plan = tmp_path / "plan.json"
        plan.write_text(json.dumps([
            {"publish": seat(one, "publishUrl"), "watch": [seat(other, "watchUrl")]} for one, other in (sides, sides[::-1])]))
        found = findings("--plan", plan, "--insecure", seconds=4)  # networks are told of every two
        for page in (agent, customer):
            told = page.socket.wait("quality", lambda m: m["people"])
            assert told["interviewId"] == interview and "seq" not in told
            assert {p["participant"] for p in told["people"]} <= {"agent", "customer"}
            assert all(0 <= p["level"] <= 4 and p["upKbps"] + p["downKbps"] > 0 for p in told["people"])
        metrics = server.client().session.get(f"http://127.0.0.1:{server.metrics_port}/metrics", timeout=10).text
        forwarded = float(re.search(r"^telewitness_media_packets_forwarded_total (\S+)$", metrics, re.M).group(1))
        assert forwarded >= found["received"] > 0
        assert found["sent"] > 2 * 200
        assert MOSTLY * found["expected"] < found["received"] <= found["expected"]
        assert found["misdirected"] == 0
        agent.act(interview, "outcome", {"kind": "passed"})


def test_what_cannot_be_is_said(start, tmp_path):
    url, _ = start("telewitness-sfu")
    cases = [
        ([], 2, "say where to"),
        (["--target", url, "--publish-url", "{target}/nowhere"], 1, "404"),
        (["--target", "http://127.0.0.1:1"], 1, "load.unreachable"),
        (["--plan", str(tmp_path / "missing.json")], 1, "load.no_plan"),
        (["--target", url, "--rooms", "0"], None, "--rooms"),
    ]
    for arguments, code, text in cases:
        done = load(*arguments)
        assert done.returncode == code if code else done.returncode != 0, done.stderr
        assert text in done.stderr, done.stderr
        assert done.stdout == ""
