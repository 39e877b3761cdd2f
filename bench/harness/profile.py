"""Where the server's time goes: perf's samples of our server under the two-person load, or that perf does not work here."""

import os
import pathlib
import re
import subprocess
import time

from . import network, servers

FREQUENCY_HZ = 1999
MOST_LINES = 28
WINDOW_S = 0.25
BUSY_SHARE = 0.03  # of a core; the load takes twice that, an idle server nothing
BUSY_WINDOWS = 4
LOAD_TIMEOUT_S = 20


def _load(bench, server, seconds, profile):
    command = [str(bench.client), *server.arguments(), "--rooms", "12", "--people", "2", "--profile", profile,
               "--seconds", str(seconds + 3), "--warm-up", "1"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                            preexec_fn=network.prefer_measured_process)


def _wait_for_load(pid):
    """Until the server has been busy for BUSY_WINDOWS in a row: everybody has joined and media flows."""
    busy, before = 0, _cpu_seconds(pid)
    end = time.monotonic() + LOAD_TIMEOUT_S
    while busy < BUSY_WINDOWS:
        if time.monotonic() > end:
            raise TimeoutError(f"The server was never busy within {LOAD_TIMEOUT_S} s; its load did not begin.")
        time.sleep(WINDOW_S)
        now = _cpu_seconds(pid)
        busy = busy + 1 if now - before > BUSY_SHARE * WINDOW_S else 0
        before = now


def _cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def take(bench, seconds, kind=servers.Ours, profile="gcm"):
    """Everything that was sampled, [(share in percent, where, function)], highest first; [] where perf cannot sample."""
    with kind(bench.build) as server:
        load = _load(bench, server, seconds, profile)
        _wait_for_load(server.pid)
        data = server.folder / "perf.data"
        recorded = subprocess.run(
            ["perf", "record", "-q", "-e", "cpu-clock", "-F", str(FREQUENCY_HZ), "-p", str(server.pid), "-o", str(data),
             "--", "sleep", str(seconds)], capture_output=True, text=True)
        load.wait(60)
        if recorded.returncode != 0 or not data.exists():
            bench.log(f"    perf: {recorded.stderr.strip()[-200:]}")
            return []
        report = subprocess.run(
            ["perf", "report", "--stdio", "--no-children", "-q", "-i", str(data), "--sort", "dso,symbol"],
            capture_output=True, text=True)
    return parse(report.stdout)


def parse(text):
    rows = []
    for line in text.splitlines():
        found = re.match(r"\s*([\d.]+)%\s+(\S+)\s+\[[.k]\]\s+(.+?)\s*$", line)
        if found:
            symbol = re.sub(r"\(.*", "", found.group(3))  # without parameters
            rows.append((float(found.group(1)), found.group(2).strip("[]"), symbol.strip()[:70]))
    return rows


def groups(rows):
    """Shares by what the work is for."""
    kinds = [
        ("encryption", lambda where, name: where.startswith(("libcrypto", "libIPSec"))),
        ("kernel: network and system calls", lambda where, name: where.startswith("kernel") or where.endswith(".ko")),
        ("our code", lambda where, name: where.startswith("telewitness")),
    ]
    sums = {name: 0.0 for name, _ in kinds}
    sums["rest (libc, libstdc++)"] = 0.0
    for share, where, symbol in rows:
        name = next((name for name, test in kinds if test(where, symbol)), "rest (libc, libstdc++)")
        sums[name] += share
    return {name: round(value, 1) for name, value in sums.items()}
