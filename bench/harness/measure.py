"""One run: a fresh server, the load client, what it found. Runs that lost packets are thrown away and repeated."""

import json
import subprocess
import time

from . import network
from .servers import ServerFailed

# A run that loses more did less work than it is divided by.
MOST_LOSS = 0.001
# Later than this (p99, µs) the client itself was kept from running: packets left in heaps, which flatters any server.
MOST_LATE_US = 2000
# Tries for one run: a machine that is busy with something else may spoil a few.
TRIES = 4
RUN_TIMEOUT_S = 180
PROFILE_NAMES = {"gcm": "AEAD_AES_128_GCM", "cm": "AES128_CM_SHA1_80"}


class Bench:
    def __init__(self, build, log):
        self.client = build / "bench/telewitness-load"
        self.build = build
        self.log = log
        self.raw = []

    def once(self, kind, *arguments):
        """The findings of one run, or None with the reason in the log."""
        try:
            with kind(self.build) as server:
                command = [str(self.client), *server.arguments(), *map(str, arguments)]
                done = subprocess.run(
                    command, capture_output=True, text=True, timeout=RUN_TIMEOUT_S,
                    preexec_fn=network.prefer_measured_process,
                )
        except (ServerFailed, AssertionError, OSError, subprocess.SubprocessError) as error:
            self.log(f"    {kind.name}: {error}")
            return None
        if done.returncode != 0:
            self.log(f"    {kind.name}: {done.stderr.strip()[-500:]}")
            return None
        return json.loads(done.stdout)

    def run(self, scenario, kind, *arguments, lossless=True):
        """Repeats until a run counts; the best of the spoilt ones, marked so, when none does."""
        spoilt = []
        for attempt in range(TRIES):
            found = self.once(kind, *arguments)
            if found is None:
                continue
            found.update(scenario=scenario, server_name=kind.name, at=round(time.time()), attempt=attempt)
            reasons = self.flaws(found, lossless)
            wanted = PROFILE_NAMES[arguments[arguments.index("--profile") + 1]]
            if found["profile"] != wanted:
                reasons.append(f"strange profile: {found['profile']} instead of {wanted}")
            found["flaws"] = reasons
            self.raw.append(found)
            if not reasons:
                return found
            spoilt.append(found)
            self.log(f"    {kind.name}: thrown away: {', '.join(reasons)}")
        # Lateness is the machine's, and all servers share it; loss makes a run worthless.
        usable = [run for run in spoilt if not any("lost" in flaw or "strange" in flaw for flaw in run["flaws"])]
        return min(usable, key=lambda run: run["client"]["late_us"]["p99"], default=None)

    @staticmethod
    def flaws(found, lossless):
        reasons = []
        if "loss" not in found:
            return reasons
        if lossless and found["loss"] > MOST_LOSS:
            reasons.append(f"lost {found['loss']:.2%}")
        if found["misdirected"]:
            reasons.append(f"strange packets: {found['misdirected']}")
        if found["client"]["late_us"]["p99"] > MOST_LATE_US:
            reasons.append(f"client late by {found['client']['late_us']['p99'] / 1000:.1f} ms")
        return reasons
