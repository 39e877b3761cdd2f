"""kill -9 at random moments while four calls record: at most two seconds are lost each time, and every file opens."""

import bisect
import os
import random
import signal
import time
from datetime import datetime

import pytest

from calls import Calls, opens_without_repair

CALLS = 4
KILLS = int(os.environ.get("CHAOS_KILLS", "50"))
# A call that outlives more than that many crashes is nobody's; with more kills to come, other calls begin.
KILLS_A_CALL = 25
SEED = int(os.environ.get("CHAOS_SEED", "1"))
MOST_LOST_S = 2.0
LONGEST_RUN_S = 1.2
READY_TIMEOUT_S = 600


def seconds(rfc3339):
    return datetime.fromisoformat(rfc3339.replace("Z", "+00:00")).timestamp()


def gap_at(kill, recording):
    """The declared gap that holds the moment of a kill, as seconds of the wall clock."""
    start = seconds(recording["startedAt"])
    for gap in recording["gaps"]:
        begins, ends = start + gap["fromMs"] / 1000, start + gap["toMs"] / 1000
        if begins <= kill <= ends + 0.001:
            assert gap["cause"] == "crash"
            return begins, ends
    raise AssertionError(f"no gap holds the kill at {kill - start:.3f} s: {recording['gaps']}")


def packets_by_track(packets):
    """The seconds of a file at which its packets lie, of each track, in order."""
    times = {}
    for packet in packets:
        times.setdefault((packet["codec_type"], packet["stream_index"]), []).append(float(packet["pts_time"]))
    return {track: sorted(found) for track, found in times.items()}


def lost_of_tracks(kill, begun, times):
    """What of the time before a kill each track of a file lacks; each had sent since the start before it."""
    lost = []
    for track, found in times.items():
        newest = bisect.bisect_right(found, kill) - 1
        assert newest >= 0 and found[newest] > begun, f"{track} has nothing from {begun:.3f} s to the kill at {kill:.3f} s"
        lost.append(kill - found[newest])
    return lost


def check_recording(calls, interview, recording, kills, folder):
    """Every promise about one call's recording; the most that was lost before a kill, in seconds."""
    assert recording["status"] == "ready" and recording["recovered"] is True
    assert len(recording["gaps"]) == len(kills)
    timeline = calls.api.ok("GET", f"/interviews/{interview}/timeline")["items"]
    assert [entry["kind"] for entry in timeline].count("recording_gap") == len(kills)
    start = seconds(recording["startedAt"])
    gaps = [gap_at(kill, recording) for kill in kills]
    lost = [kill - begins for kill, (begins, _) in zip(kills, gaps)]
    streams = 0
    for file in recording["files"]:
        target = folder / file["name"]
        target.write_bytes(calls.api.get(file["url"]).content)
        packets = opens_without_repair(target)
        target.unlink()
        if file["kind"] == "composed":
            continue
        streams += 1
        times = packets_by_track(packets)
        assert {kind for kind, _ in times} == {"audio", "video"}
        begun = 0.0
        for kill, (_, ends) in zip(kills, gaps):
            lost += lost_of_tracks(kill - start, begun, times)
            begun = ends - start
    assert streams == 2
    assert max(lost) <= MOST_LOST_S, f"{interview}: {lost}"
    return max(lost)


def kill_while_recording(server, calls, chance, count):
    """Kills and starts the server so often; the moments of the kills."""
    kills = []
    for _ in range(count):
        before = calls.journal_sizes()
        calls.publish()
        calls.wait_recording(before)
        time.sleep(chance.uniform(0, LONGEST_RUN_S))  # the moment of the kill is what is random
        kills.append(time.time())
        server.stop(signal.SIGKILL)
        calls.silence()
        server.start()
    return kills


@pytest.mark.timeout(READY_TIMEOUT_S + KILLS * 60)
def test_kill_at_random_moments(make_server, load_binary, tmp_path):
    server = make_server(desk={"agent_absence_s": 600, "customer_absence_s": 3600})
    chance = random.Random(SEED)
    worst, done, spent = 0.0, 0, {"calls": 0.0, "kills": 0.0, "films": 0.0, "looks": 0.0}

    def timed(name, act):
        started = time.monotonic()
        result = act()
        spent[name] += time.monotonic() - started
        return result

    while done < KILLS:
        count = min(KILLS - done, KILLS_A_CALL)
        calls = timed("calls", lambda: Calls(server, load_binary, CALLS))
        kills = timed("kills", lambda: kill_while_recording(server, calls, chance, count))
        calls.conclude()
        recordings = timed("films", lambda: calls.recordings(READY_TIMEOUT_S))
        for interview, recording in recordings.items():
            worst = max(worst, timed("looks", lambda: check_recording(calls, interview, recording, kills, tmp_path)))
        done += count
    print(f"{done} kills of {CALLS} calls: at most {worst:.3f} s lost;", {name: round(s) for name, s in spent.items()}, "s")
