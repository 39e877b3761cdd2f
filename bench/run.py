#!/usr/bin/env python3
"""Measures the media server, Janus and the floor side by side. See bench/README.md.

    bench/run.py             everything; writes bench/results/
    bench/run.py --quick     everything once and short, to see that it works
    bench/run.py --compare   ours and the floor, two-person rooms, printed (a minute or two)
"""
import argparse
import dataclasses
import datetime
import json
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bench"))

from harness import machine, network, profile, servers, summary  # noqa: E402
from harness.measure import Bench  # noqa: E402
from harness.scenarios import TWO_PERSON, Effort, Plan  # noqa: E402

MICRO_TIMEOUT_S = 300


def compare(bench, rounds, seconds, srtp):
    """What somebody who changes the engine wants to know at once."""
    kinds = [servers.Ours, servers.Floor, servers.OursRecording]
    found = {kind.name: [] for kind in kinds}
    for number in range(rounds):
        for kind in kinds[number % len(kinds):] + kinds[: number % len(kinds)]:
            run = bench.run("two_person", kind, *TWO_PERSON, "--profile", srtp, "--seconds", seconds)
            if run:
                found[kind.name].append(run)
                print(f"{kind.name:15} {run['server']['us_per_packet']:6.2f} µs/packet"
                      f"  p50 {run['delay_us']['p50'] / 1000:.2f} p99 {run['delay_us']['p99'] / 1000:.2f} ms"
                      f"  {run['server']['bytes_per_participant'] / 1000:.0f} KB/participant"
                      f"  late p99 {run['client']['late_us']['p99'] / 1000:.2f} ms", flush=True)
    cost = {name: statistics.median(run["server"]["us_per_packet"] for run in runs) for name, runs in found.items() if runs}
    if "ours" in cost and "floor" in cost:
        print(f"ours {cost['ours']:.2f}, floor {cost['floor']:.2f}: ours/floor {cost['ours'] / cost['floor']:.2f}")
    if "ours" in cost and "ours_recording" in cost:
        print(f"recording {cost['ours_recording']:.2f}: overhead {cost['ours_recording'] / cost['ours'] - 1:.2f}")


def micro(build, quick):
    """[{name, ns}] of the hot classes."""
    program = build / "bench/micro/telewitness-micro"
    if not program.exists():
        return []
    command = [str(program), "--benchmark_format=json", f"--benchmark_min_time={0.05 if quick else 0.4}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=MICRO_TIMEOUT_S)
    if done.returncode != 0:
        return []
    return [{"name": b["name"], "ns": round(b["cpu_time"], 1)} for b in json.loads(done.stdout)["benchmarks"]]


def measure(options):
    from harness import plots, report  # they need matplotlib, which --compare does without

    began = time.time()
    bench = Bench(options.build, lambda line: print(line, flush=True))
    effort = Effort.quick() if options.quick else Effort()
    if options.minutes:
        effort = dataclasses.replace(effort, deadline_s=options.minutes * 60)
    facts = machine.facts()
    plan = Plan(bench, effort)
    plan.run_all()
    hot = micro(options.build, options.quick)
    rows = profile.take(bench, 2 if options.quick else 6)
    latest = summary.summarize(plan.runs) | {
        "measured_at": datetime.datetime.fromtimestamp(began, datetime.timezone.utc).isoformat(timespec="seconds"),
        "quick": options.quick,
        "seconds": round(time.time() - began),
        "runs_thrown_away": sum(1 for run in bench.raw if run["flaws"]),
        "left_out": plan.left_out,
        "machine": facts,
        "micro": hot,
    }
    options.results.mkdir(parents=True, exist_ok=True)
    report.write(options.results, latest, plan, hot, rows)
    plots.all_of(latest, plan.runs, options.results)
    for target in latest["targets"]:
        print(f"{target['name']:28} wanted {target['wanted']:20} measured {target['measured']}  {'ok' if target['met'] else 'MISSED'}")
    print(f"Took {latest['seconds'] / 60:.0f} minutes; see {options.results / 'README.md'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release", help="where the programs were built")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "bench/results", help="where the results go")
    parser.add_argument("--quick", action="store_true", help="one short round of everything")
    parser.add_argument("--compare", action="store_true", help="ours and the floor only, printed")
    parser.add_argument("--minutes", type=float, help="leave out what has not begun after so many minutes; the results say so")
    parser.add_argument("--rounds", type=int, default=3, help="of --compare")
    parser.add_argument("--seconds", type=float, default=5, help="of each measured window of --compare")
    parser.add_argument("--profile", choices=["gcm", "cm"], default="gcm", help="of --compare")
    options = parser.parse_args()
    options.build = options.build.resolve()
    options.results = options.results.resolve()
    network.enter()
    if options.compare:
        bench = Bench(options.build, lambda line: print(line, flush=True))
        compare(bench, options.rounds, options.seconds, options.profile)
    else:
        measure(options)


if __name__ == "__main__":
    main()
