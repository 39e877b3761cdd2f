"""Who waits keeps their place through a reload and a short absence, and loses it after a long one."""

import pytest

from conftest import wait_until
from support.actors import CustomerActor
from support.interviews import create, waiting_customer

ABSENCE_S = 4


def server_sections(_folder):
    return {"desk": {"customer_absence_s": ABSENCE_S}}


@pytest.fixture
def line(server, integrator_api):
    """Three people, in the order in which they came; whoever is left at the end leaves."""
    people = [waiting_customer(server, create(integrator_api, nickName=f"place-{number}")) for number in range(3)]
    assert positions(people) == [1, 2, 3]
    yield people
    for person in people:
        person.client.post("/customer/leave")


def position(person):
    return person.client.ok("GET", "/customer/state").get("position")


def positions(people):
    return [position(person) for person in people]


def kinds(api, person):
    return [entry["kind"] for entry in api.ok("GET", f"/interviews/{person.interview}/timeline")["items"]]


def test_a_reload_keeps_the_place(integrator_api, line):
    first = line[0]
    first.socket.close()
    wait_until(lambda: "connection_lost" in kinds(integrator_api, first), 10, "the absence to be noticed")
    assert positions(line) == [1, 2, 3], "nobody passes who is away for a moment"
    first.connect()
    wait_until(lambda: "connection_restored" in kinds(integrator_api, first), 10, "the return to be noticed")
    # Longer than the absence that was allowed: its deadline is gone.
    line[2].socket.close()
    wait_until(lambda: position(line[2]) is None, ABSENCE_S + 10, "the third to have been away too long")
    assert positions(line[:2]) == [1, 2]
    assert kinds(integrator_api, first).count("queued") == 1


def test_who_stays_away_has_left_and_the_others_move_up(integrator_api, line):
    line[0].socket.close()
    state = wait_until(lambda: ended(line[0]), ABSENCE_S + 10, "the first to have left")
    assert state["endReason"] == "left_queue"
    assert positions(line[1:]) == [1, 2]
    line[0].client.problem("POST", "/customer/queue", status=409, code="interview.ended")


def test_another_device_takes_the_place_over(server, line):
    second = line[1]
    taken = CustomerActor(server, f"#t={second.link_token}", take_over=True).connect()
    line[1] = taken
    assert taken.state["status"] == "queued"
    assert positions(line) == [1, 2, 3]


def ended(person):
    state = person.client.ok("GET", "/customer/state")
    return state if state["status"] == "ended" else None
