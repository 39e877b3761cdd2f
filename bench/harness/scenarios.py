"""What is measured, in which order, how often."""

import dataclasses
import time

from . import janus, product, servers

TWO_PERSON = ("--rooms", 12, "--people", 2)  # 6,960 packets/s forwarded
FIVE_PERSON = ("--rooms", 2, "--people", 5)  # 11,600
CURVE = (10, 20, 40, 70, 100)
PROFILES = ("gcm", "cm")
STORM_ROOMS = 50  # of two: 200 sessions


@dataclasses.dataclass(frozen=True)
class Effort:
    """How long everything takes. What has not begun at the deadline is left out, and the results say so."""

    rounds: int = 5
    few_rounds: int = 3
    seconds: float = 6
    warm_up: float = 1.5
    deadline_s: float = 42 * 60

    @staticmethod
    def quick():
        return Effort(rounds=1, few_rounds=1, seconds=2, warm_up=1, deadline_s=10 * 60)


class Plan:
    def __init__(self, bench, effort):
        self.bench = bench
        self.effort = effort
        self.began = time.monotonic()
        self.left_out = []
        self.runs = []

    def late(self, what):
        if time.monotonic() - self.began < self.effort.deadline_s:
            return False
        self.left_out.append(what)
        return True

    def interleaved(self, entries, rounds, lossless=True):
        """Every entry (scenario, server, arguments) once a round, each round beginning with another one: what the
        machine does meanwhile (its clock, its neighbours) meets all of them."""
        for number in range(rounds):
            turn = number % len(entries)
            for scenario, kind, arguments in entries[turn:] + entries[:turn]:
                if self.late(f"{label(scenario)}, round {number + 1}, {kind.name}"):
                    continue
                run = self.bench.run(
                    scenario["name"], kind, *arguments, "--profile", scenario["profile"], "--seconds",
                    self.effort.seconds, "--warm-up", self.effort.warm_up, "--seed", number + 1, lossless=lossless)
                if run is None:
                    self.left_out.append(f"{label(scenario)}, round {number + 1}: no usable run of {kind.name}")
                    continue
                self.runs.append({**scenario, "round": number + 1, "server_name": kind.name, "found": run})
                self.tell(scenario, number, kind, run)

    def tell(self, scenario, number, kind, run):
        where = f"{label(scenario):17} {number + 1}  {kind.name:15}"
        if "server" in run:
            self.bench.log(f"{where} {run['server']['us_per_packet']:7.2f} µs/packet  p99 "
                           f"{run['delay_us']['p99'] / 1000:6.2f} ms  loss {run['loss']:.3%}")
        else:
            self.bench.log(f"{where} {run['join']['sessions_per_second']:7.1f} handshakes/s")

    def run_all(self):
        others = [janus.JanusDefault, janus.JanusTuned] if janus.installed() else []
        everyone = [servers.Ours, servers.OursRecording, servers.OursApart, *others, servers.Floor]
        without_recording = [servers.Ours, *others, servers.Floor]
        rounds, few = self.effort.rounds, self.effort.few_rounds
        for profile in PROFILES:
            scenario = {"name": "two_person", "profile": profile}
            self.interleaved([(scenario, kind, TWO_PERSON) for kind in everyone], rounds)
        for profile in PROFILES:
            self.interleaved([({"name": "two_person", "profile": profile}, product.Product, ())], few)
        for profile in PROFILES:
            self.interleaved(
                [({"name": "curve", "profile": profile, "rooms": rooms}, servers.Ours, ("--rooms", rooms, "--people", 2))
                 for rooms in CURVE], few)
        for profile in PROFILES:
            scenario = {"name": "five_person", "profile": profile}
            self.interleaved([(scenario, kind, FIVE_PERSON) for kind in without_recording], rounds)
        for profile in PROFILES:
            scenario = {"name": "loss", "profile": profile}
            self.interleaved([(scenario, kind, (*TWO_PERSON, "--loss", 0.01)) for kind in [servers.Ours, *others]], few,
                             lossless=False)
        for profile in PROFILES:
            scenario = {"name": "join_storm", "profile": profile}
            arguments = ("--rooms", STORM_ROOMS, "--people", 2, "--join-only")
            self.interleaved([(scenario, kind, arguments) for kind in without_recording], few)
        return self.runs


def label(scenario):
    return " ".join(str(value) for value in scenario.values())
