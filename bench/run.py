#!/usr/bin/env python3
"""Measures the media server, Janus and the floor side by side. See bench/README.md.

    bench/run.py             everything; writes bench/results/
    bench/run.py --compare   ours and the floor, two-person rooms, printed (about a minute)
"""
import argparse
import pathlib
import statistics
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bench"))

from harness import network, servers  # noqa: E402
from harness.measure import Bench  # noqa: E402

TWO_PERSON = ("--rooms", 12, "--people", 2)


def compare(bench, rounds, seconds, profile):
    """What somebody who changes the engine wants to know at once."""
    kinds = [servers.Ours, servers.Floor, servers.OursRecording]
    found = {kind.name: [] for kind in kinds}
    for number in range(rounds):
        for kind in kinds[number % len(kinds):] + kinds[: number % len(kinds)]:
            run = bench.run("two_person", kind, *TWO_PERSON, "--profile", profile, "--seconds", seconds)
            if run:
                found[kind.name].append(run)
                print(f"{kind.name:15} {run['server']['us_per_packet']:6.2f} µs/packet"
                      f"  p50 {run['delay_us']['p50'] / 1000:.2f} p99 {run['delay_us']['p99'] / 1000:.2f} ms"
                      f"  {run['server']['bytes_per_participant'] / 1024:.0f} KiB/participant"
                      f"  late p99 {run['client']['late_us']['p99'] / 1000:.2f} ms", flush=True)
    cost = {name: statistics.median(run["server"]["us_per_packet"] for run in runs) for name, runs in found.items() if runs}
    if "ours" in cost and "floor" in cost:
        print(f"ours {cost['ours']:.2f}, floor {cost['floor']:.2f}: ours/floor {cost['ours'] / cost['floor']:.2f}")
    if "ours" in cost and "ours_recording" in cost:
        print(f"recording {cost['ours_recording']:.2f}: overhead {cost['ours_recording'] / cost['ours'] - 1:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release", help="where the programs were built")
    parser.add_argument("--compare", action="store_true", help="ours and the floor only, printed")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of each measured window")
    parser.add_argument("--profile", choices=["gcm", "cm"], default="gcm")
    options = parser.parse_args()
    options.build = options.build.resolve()
    network.enter()
    bench = Bench(options.build, lambda line: print(line, flush=True))
    if options.compare:
        compare(bench, options.rounds, options.seconds, options.profile)


if __name__ == "__main__":
    main()
