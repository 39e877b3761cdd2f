"""kill -9 at random moments while four calls record: at most two seconds are lost each time, and every file opens."""

import os
import random
import signal
import time
from datetime import datetime

import pytest

from calls import Calls, opens_without_repair

CALLS = 4
KILLS = int(os.environ.get("CHAOS_KILLS", "50"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
MOST_LOST_S = 2.0
LONGEST_RUN_S = 1.2
READY_TIMEOUT_S = 600


def seconds(rfc3339):
    return datetime.fromisoformat(rfc3339.replace("Z", "+00:00")).timestamp()


def lost_before(kill, recording):
    """What of the time before a kill is in no file: from the gap's beginning to the kill."""
    start = seconds(recording["startedAt"])
    for gap in recording["gaps"]:
        begins, ends = start + gap["fromMs"] / 1000, start + gap["toMs"] / 1000
        if begins <= kill <= ends + 0.001:
            assert gap["cause"] == "crash"
            return kill - begins
    raise AssertionError(f"no gap holds the kill at {kill - start:.3f} s: {recording['gaps']}")


@pytest.mark.timeout(READY_TIMEOUT_S + KILLS * 60)
def test_kill_at_random_moments(make_server, load_binary, tmp_path):
    server = make_server(desk={"agent_absence_s": 600, "customer_absence_s": 3600})
    calls = Calls(server, load_binary, CALLS)
    chance = random.Random(SEED)
    kills = []
    for _ in range(KILLS):
        before = calls.journal_sizes()
        calls.publish()
        calls.wait_recording(before)
        time.sleep(chance.uniform(0, LONGEST_RUN_S))  # the moment of the kill is what is random
        kills.append(time.time())
        server.stop(signal.SIGKILL)
        calls.silence()
        server.start()
    calls.conclude()
    recordings = calls.recordings(READY_TIMEOUT_S)
    worst = 0.0
    for interview, recording in recordings.items():
        assert recording["status"] == "ready" and recording["recovered"] is True
        assert len(recording["gaps"]) == KILLS
        lost = [lost_before(kill, recording) for kill in kills]
        worst = max(worst, *lost)
        assert max(lost) <= MOST_LOST_S, f"{interview}: {lost}"
        for file in recording["files"]:
            target = tmp_path / file["name"]
            target.write_bytes(calls.api.get(file["url"]).content)
            opens_without_repair(target)
    print(f"{KILLS} kills of {CALLS} calls: at most {worst:.3f} s lost")
