#!/usr/bin/env python3
"""Measures how films are made: speed, size, likeness, pictures that are missing. `make bench-films` builds and runs it.

    bench/films.py --build build/bench               three runs; writes bench/results/films.json and films.md
    bench/films.py --build build/bench --runs 1 --results /tmp/r
"""
import argparse
import datetime
import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bench"))

from harness import machine  # noqa: E402

FILTER = "Composition.DISABLED_Measurement"
TIMEOUT_S = 1200
# What a film must reach, in the order of the table: name, words, unit, target, whether more is better.
FIGURES = [
    ("speed", "speed, one core", "× real time", 3.5, True),
    ("megabytes_in_30_min", "size of half an hour", "MB", 150, False),
    ("ssim", "likeness to the tiles it was given, from the 30th second on", "SSIM", 0.95, True),
    ("dropped", "pictures of a 25/s camera that the film does not show", "of 1500", 0, False),
]


def measure(program):
    """One run: what the test prints as JSON, whether or not every target was reached."""
    command = [str(program), "--gtest_also_run_disabled_tests", f"--gtest_filter={FILTER}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        sys.exit(f"No film was measured:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return json.loads(lines[-1])


def reached(value, target, more):
    return value >= target if more else value <= target


def written(latest):
    facts = latest["machine"]
    kind = "virtual machine" if facts["virtual_machine"] else "machine"
    lines = [
        "# Films: what making them takes",
        f"Measured {latest['measured_at']} by `make bench-films`: medians of {len(latest['runs'])} runs, on a {kind} with "
        f"{facts['cores']} cores ({facts['processor']}), load {facts['load_average_before']} before.",
        "",
        "| what | measured | target | of the runs |",
        "| --- | --- | --- | --- |",
    ]
    for name, words, unit, target, more in FIGURES:
        every = ", ".join(f"{run[name]:g}" for run in latest["runs"])
        sign = "≥" if more else "≤"
        good = "" if reached(latest[name], target, more) else " **missed**"
        lines.append(f"| {words} | {latest[name]:g} {unit}{good} | {sign} {target:g} | {every} |")
    lines += [
        "",
        "Two people beside each other at 1280×720 and 25 pictures/s, for a minute; each sends VP8 of 1280×720 at 1.5 Mbit/s (one 25, one 30 pictures/s), with a "
        "textured background that sways, a head that moves and the noise of a sensor all the time, which is more than cameras in a quiet room give. "
        "Speed counts all that a film takes, from the sealed journals to the sealed files and their hashes, by the process's own processor time on one thread. "
        "Size is the first half minute once and then the rate of the second, in which the encoder has nothing left of what its buffer lets it spend in advance. "
        "Missing pictures are counted by numbers painted into what the camera sent.",
        "",
    ]
    return "\n".join(lines)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--build", type=pathlib.Path, required=True)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--results", type=pathlib.Path, default=ROOT / "bench/results")
    options = arguments.parse_args()
    facts = machine.facts()
    runs = []
    for _ in range(options.runs):
        runs.append(measure(options.build / "server/processing/processing_test"))
        print(json.dumps(runs[-1]), flush=True)
    latest = {name: statistics.median(run[name] for run in runs) for name, *_ in FIGURES} | {
        "measured_at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "runs": runs,
        "machine": facts,
    }
    options.results.mkdir(parents=True, exist_ok=True)
    (options.results / "films.json").write_text(json.dumps(latest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (options.results / "films.md").write_text(written(latest), encoding="utf-8")
    print(written(latest))
    return 0 if all(reached(latest[name], target, more) for name, _, _, target, more in FIGURES) else 1


if __name__ == "__main__":
    sys.exit(main())
