"""Who is here: the other side hears of a page that was closed within 1 s, of one that fell silent within 8 s."""

import time

import pytest
import websocket

from support.actors import Socket
from support.interviews import agent_online, create, waiting_customer


@pytest.fixture
def talking(server, integrator_api):
    created = create(integrator_api)
    interview = created["interview"]["id"]
    with agent_online(server) as agent:
        customer = waiting_customer(server, created)
        agent.wait_ring(interview)
        agent.act(interview, "answer")
        customer.wait(lambda s: s["status"] == "talking")
        agent.wait_interview(lambda s: s["customerConnection"] == "connected")
        yield agent, customer, interview
        agent.act(interview, "outcome", {"kind": "passed"})


def seconds_until_absent(agent):
    began = time.monotonic()
    agent.wait_interview(lambda s: s["customerConnection"] in ("absent", "lost"), timeout_s=15)
    return time.monotonic() - began


def test_a_closed_page_is_noticed_within_a_second(talking):
    agent, customer, interview = talking
    customer.socket.close()
    assert seconds_until_absent(agent) < 1.0
    customer.connect()
    agent.wait_interview(lambda s: s["customerConnection"] == "connected")


def test_a_page_that_fell_silent_is_noticed_within_eight_seconds(talking):
    agent, customer, interview = talking
    # Nobody reads from this socket any more, so that no ping is answered: as when a browser was killed without a goodbye.
    assert 3.0 < seconds_until_absent(agent) < 8.0


def test_a_second_tab_takes_over(server, talking):
    agent, customer, interview = talking
    first = customer.socket
    customer.connect()
    assert first.wait("notice")["code"] == "session.taken_over"
    # The customer is still here: the agent was not told otherwise.
    customer.socket.send({"v": 1, "type": "ping", "id": "1"})
    customer.socket.wait("pong")
    assert agent.client.ok("GET", f"/agent/interviews/{interview}")["customerConnection"] == "connected"


def test_what_the_customers_page_measures_reaches_the_agent(talking):
    agent, customer, interview = talking
    customer.socket.send({"v": 1, "type": "quality", "roundTripMs": 123, "lossPercent": 1.5, "bitrateBps": 900000})
    seen = agent.wait_interview(lambda s: s.get("customerQuality", {}).get("roundTripMs") == 123)
    assert seen["customerQuality"]["lossPercent"] == 1.5


def test_a_page_that_comes_back_gets_what_it_missed(server, talking):
    agent, customer, interview = talking
    seen = max(m["seq"] for m in customer.socket.seen if "seq" in m)
    customer.socket.close()
    again = Socket(server, customer.client.token, resume_from=seen)
    assert again.wait("welcome")["resumed"] is True
    assert again.wait("customer.state")["seq"] > seen
    customer.socket = again


def test_a_page_gone_wild_is_closed(server, talking):
    agent, customer, interview = talking
    for number in range(200):
        customer.socket.send({"v": 1, "type": "ping", "id": str(number)})
    while True:
        opcode, data = customer.socket.socket.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            break
    assert int.from_bytes(data[:2], "big") == 1008
    customer.connect()
