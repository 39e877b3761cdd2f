"""Start, stop, restart, a full disk, a second server: what happens to people and their data."""

import hashlib
import json
import os
import pathlib
import signal
import threading
import time

import pytest
import websocket

from conftest import wait_until
from support.actors import AgentActor, CustomerActor, Socket
from support.interviews import create


def with_demo(server):
    server.demo = json.loads(server.command("demo-tenant", "--json").stdout)
    return server


def in_a_call(server):
    api = server.client(server.demo["apiKey"])
    created = create(api)
    interview = created["interview"]["id"]
    demo = server.demo
    agent = AgentActor(server, demo["account"], demo["agent"]["name"], demo["agent"]["password"]).connect().presence()
    customer = CustomerActor(server, created["customerLink"]["url"]).connect().consent().place().queue()
    agent.wait_ring(interview)
    agent.act(interview, "answer")
    customer.wait(lambda s: s["status"] == "talking")
    return api, interview, agent, customer


def close_code(socket):
    """Reads on until the server closes; the code it gives."""
    while True:
        opcode, data = socket.socket.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2], "big")


def test_a_server_that_stops_tells_its_pages_and_ends_in_order(make_server):
    server = with_demo(make_server(server={"drain_timeout_s": 60}))
    api, interview, agent, customer = in_a_call(server)
    other = create(api)
    server.process.send_signal(signal.SIGTERM)
    assert agent.socket.wait("notice", lambda m: m["code"] == "server.draining")
    assert customer.socket.wait("notice", lambda m: m["code"] == "server.draining")
    queue = api.ok("GET", "/queues")["items"][0]["id"]
    body = {"businessId": "B-1", "queueId": queue, "companyName": "x", "nickName": "y"}
    refused = api.problem("POST", "/interviews", body, status=503, code="server.draining")
    assert refused.headers["Retry-After"]
    server.client().problem("POST", "/customer/sessions", {"linkToken": other["customerLink"]["url"].split("#t=")[1]},
                            status=503, code="server.draining")
    # The call that runs may end as it likes; then the server does not wait any longer.
    agent.act(interview, "outcome", {"kind": "passed"})
    assert close_code(agent.socket) == 1012
    assert server.process.wait(30) == 0
    assert not (server.data / "run/server.json").exists()


def test_a_second_signal_ends_the_wait(make_server):
    server = with_demo(make_server(server={"drain_timeout_s": 600}))
    in_a_call(server)
    server.process.send_signal(signal.SIGINT)
    wait_until(lambda: server.client(server.demo["apiKey"]).get("/interviews/x").status_code == 404, 10, "the draining server")
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(30) == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_after_a_restart_everybody_goes_on_where_they_were(make_server, how):
    server = with_demo(make_server())
    api, interview, agent, customer = in_a_call(server)
    server.stop(how)
    server.start()

    agent.socket = Socket(server, agent.client.token)
    customer.socket = Socket(server, customer.client.token)
    assert agent.wait_interview(lambda s: s["interview"]["id"] == interview)["interview"]["status"] == "talking"
    assert customer.wait(lambda s: s["status"] == "talking")["interviewId"] == interview
    agent.act(interview, "outcome", {"kind": "passed"})
    read = api.ok("GET", f"/interviews/{interview}")
    assert (read["status"], read["endReason"], read["outcome"]["kind"]) == ("ended", "concluded", "passed")
    entries = api.ok("GET", f"/interviews/{interview}/timeline")["items"]
    assert [e["number"] for e in entries] == list(range(1, len(entries) + 1))
    assert all(later["previousHash"] == earlier["hash"] for earlier, later in zip(entries, entries[1:]))


def processes_of(server):
    """Its children: the processor that waits for a photo, and those that work."""
    children = set()
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == server.process.pid and state != "Z":
            children.add(int(stat.parent.name))
    return children


def runs(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def stopped_half_way(server, idle):
    """The processor that makes the film, stopped while the film is half made."""
    processor = wait_until(lambda: processes_of(server) - idle, 20, "a processor for the film").pop()
    for _ in range(5000):
        os.kill(processor, signal.SIGSTOP)
        if any(server.data.rglob("*.mp4.part")):
            return processor
        os.kill(processor, signal.SIGCONT)
        time.sleep(0.002)
    raise AssertionError("the film was never seen half made")


def test_a_film_that_dies_half_made_is_made_anew(make_server):
    server = with_demo(make_server())
    api, interview, agent, _ = in_a_call(server)
    recording_of = f"/interviews/{interview}/recording"
    answered = time.monotonic()
    idle = wait_until(lambda: processes_of(server), 20, "the processor for photos")
    wait_until(lambda: time.monotonic() - answered > 3, 10, "a recording of some seconds")
    agent.act(interview, "outcome", {"kind": "passed"})
    processor = stopped_half_way(server, idle)
    half = api.ok("GET", recording_of)
    assert (half["status"], half["files"]) == ("processing", [])
    assert half["progressPercent"] < 100
    name = next(server.data.rglob("*.mp4.part")).name
    for wanted in (name, name.removesuffix(".part")):
        assert api.get(f"{recording_of}/files/{wanted}").status_code == 404
    server.stop(signal.SIGKILL)
    os.kill(processor, signal.SIGCONT)
    wait_until(lambda: not runs(processor), 20, "the processor to end with its server")

    server.start()
    seen = []

    def finished():
        recording = api.ok("GET", recording_of)
        seen.append(recording.get("progressPercent") or 0)
        return recording["status"] != "processing" and recording

    whole = wait_until(finished, 60, "the film")
    assert whole["status"] == "ready"
    assert seen[0] <= half["progressPercent"] and seen[:-1] == sorted(seen[:-1])
    film = next(f for f in whole["files"] if f["kind"] == "composed")
    content = api.get(film["url"]).content
    assert (len(content), hashlib.sha256(content).hexdigest()) == (film["sizeBytes"], film["sha256"])
    assert content[4:8] == b"ftyp"
    assert not any(server.data.rglob("*.part"))


def test_a_full_disk_refuses_new_interviews_and_the_agent_sees_it(make_server):
    server = with_demo(make_server(recording={"reserve_mb": 90_000_000}))
    api = server.client(server.demo["apiKey"])
    queue = api.ok("GET", "/queues")["items"][0]["id"]
    body = {"businessId": "B-1", "queueId": queue, "companyName": "x", "nickName": "y"}
    refused = api.problem("POST", "/interviews", body, status=503, code="recording.disk_full")
    assert refused.headers["Retry-After"]
    assert api.ok("GET", "/interviews")["items"] == []
    demo = server.demo
    agent = AgentActor(server, demo["account"], demo["agent"]["name"], demo["agent"]["password"]).connect()
    assert "recording_disk_full" in agent.socket.newest["desk.state"]["state"]["alarms"]
    assert server.client().session.get(server.origin + "/readyz", timeout=10).status_code == 503


def test_one_data_folder_has_one_server(make_server):
    server = make_server()
    second = server.command("serve", check=False)
    assert second.returncode == 1
    assert "Another telewitness" in second.stderr
    assert server.client().session.get(server.origin + "/healthz", timeout=10).text == "ok\n"


def test_the_commands_work_while_the_server_runs(make_server):
    server = with_demo(make_server())
    assert json.loads(server.command("demo-tenant", "--json").stdout) == server.demo
    created = server.command("tenant", "create", "acme", "--name", "Acme 银行").stdout
    assert "acme" in created and "password" in created
    assert "acme" in server.command("tenant", "list").stdout
    assert server.command("tenant", "create", "acme", "--name", "Again", check=False).returncode == 1
    assert "password" in server.command("demo-tenant", "--show").stdout


def test_an_unknown_setting_is_refused_by_name(make_server):
    server = make_server(start=False, server={"prot": 1})
    refused = server.command("serve", check=False)
    assert refused.returncode == 2 and "server.prot" in refused.stderr


def test_many_pages_come_and_go(make_server):
    """Sockets that open and vanish leave nothing behind."""
    server = with_demo(make_server())
    api = server.client(server.demo["apiKey"])
    links = [create(api, nickName=f"n-{n}", businessId=f"B-{n}")["customerLink"]["url"] for n in range(12)]
    customers = [CustomerActor(server, link) for link in links]

    def come_and_go(customer):
        for _ in range(4):
            customer.connect()
            customer.socket.close()

    threads = [threading.Thread(target=come_and_go, args=(customer,)) for customer in customers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    def sockets():
        page = server.client().session.get(f"http://127.0.0.1:{server.metrics_port}/metrics", timeout=10).text
        return float(next(line for line in page.splitlines() if line.startswith("telewitness_sockets ")).split()[1])

    wait_until(lambda: sockets() == 0, 15, "the sockets to be gone")
