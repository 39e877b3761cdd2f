#!/usr/bin/env python3
"""Runs every suite, keeps its output and JUnit report in test-output/, and ends with `N passed, N failed`.

    tools/run_tests.py                  everything
    tools/run_tests.py cpp functional   only these suites
"""
import os
import pathlib
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[1]
OUT = ROOT / "test-output"
PYTHON = str(ROOT / ".env/python/bin/python")
FUZZ_SECONDS = 10
SUITE_TIMEOUT_S = 40 * 60
CHAOS_TIMEOUT_S = 6 * 3600 if "CHAOS_KILLS" in os.environ else SUITE_TIMEOUT_S
# The project's own Node, whatever the machine has.
os.environ["PATH"] = f"{ROOT / '.env/node/bin'}{os.pathsep}{os.environ['PATH']}"


def count_junit(path):
    """(passed, failed, skipped, names of the failed) of a JUnit report."""
    passed = failed = skipped = 0
    names = []
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
            names.append(f"{case.get('classname', '')} {case.get('name', '')}".strip())
        elif case.find("skipped") is not None or case.get("status") == "notrun":
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped, names


def run(name, command, cwd=ROOT, env=None, timeout=SUITE_TIMEOUT_S):
    """Runs a command with its output in test-output/<name>.log; True when it exited with 0."""
    with open(OUT / f"{name}.log", "wb") as log:
        process = subprocess.Popen(
            command, cwd=cwd, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            env={**os.environ, **(env or {})},
        )
        try:
            return process.wait(timeout) == 0
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            log.write(b"\nThe suite took too long and was ended.\n")
            return False


def junit_suite(name, command, **options):
    report = OUT / f"{name}.xml"
    ok = run(name, command, **options)
    if not report.exists():
        return 0, 1, 0, [f"{name} wrote no report"]
    passed, failed, skipped, names = count_junit(report)
    if not ok and failed == 0:
        failed, names = 1, [f"{name} exited with an error"]
    if passed + failed == 0:
        failed, names = 1, [f"{name} ran no test"]
    return passed, failed, skipped, names


def cpp():
    jobs = str(os.cpu_count() or 2)
    return junit_suite(
        "cpp",
        ["ctest", "--test-dir", str(ROOT / "build/asan"), "-j", jobs, "--output-on-failure", "--no-tests=error",
         "--output-junit", str(OUT / "cpp.xml")],
        env={"ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
             "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1"},
    )


def fuzz():
    """Each fuzzer from its kept corpus for a few seconds, two at a time."""
    fuzzers = sorted((ROOT / "build/fuzz/fuzz").glob("*_fuzzer"))
    waiting, running = list(fuzzers), {}
    passed, names = 0, []
    while waiting or running:
        while waiting and len(running) < 2:
            fuzzer = waiting.pop(0)
            work = OUT / "fuzz" / fuzzer.name
            work.mkdir(parents=True, exist_ok=True)
            corpus = ROOT / "fuzz/corpus" / fuzzer.name.removesuffix("_fuzzer")
            log = open(work / "log.txt", "wb")
            command = [str(fuzzer), f"-max_total_time={FUZZ_SECONDS}", "-timeout=5", "-rss_limit_mb=2048", str(work)]
            running[subprocess.Popen(command + ([str(corpus)] if corpus.is_dir() else []), cwd=work, stdout=log,
                                     stderr=subprocess.STDOUT)] = fuzzer.name
        process = next(iter(running))
        code = process.wait()
        name = running.pop(process)
        if code == 0:
            passed += 1
        else:
            names.append(f"{name} (test-output/fuzz/{name}/log.txt)")
    if not fuzzers:
        names = ["no fuzzer was built"]
    return passed, len(names), 0, names


def python_suite(name, folder, *extra):
    return junit_suite(
        name, [PYTHON, "-m", "pytest", folder, "-q", "-p", "no:cacheprovider", f"--junitxml={OUT / (name + '.xml')}", *extra]
    )


def structure():
    return python_suite("structure", "tests/structure")


def functional():
    return python_suite("functional", "tests/functional", "--timeout=180")


def web():
    return junit_suite(
        "web", ["npm", "run", "--silent", "test", "--", "--reporter=default", "--reporter=junit", f"--outputFile.junit={OUT / 'web.xml'}"],
        cwd=ROOT / "web",
    )


def chaos():
    """kill -9 while calls record; CHAOS_KILLS for more than the 50 of the small scale."""
    return junit_suite("chaos", [PYTHON, "-m", "pytest", "tests/chaos", "-q", "-s", "-p", "no:cacheprovider",
                                 f"--junitxml={OUT / 'chaos.xml'}"], timeout=CHAOS_TIMEOUT_S)


def playwright(name, *chosen):
    return junit_suite(name, ["npx", "playwright", "test", *chosen], cwd=ROOT / "tests/browser",
                       env={"PLAYWRIGHT_JUNIT_OUTPUT_FILE": str(OUT / f"{name}.xml"), "PLAYWRIGHT_JUNIT_OUTPUT_NAME": str(OUT / f"{name}.xml")},
                       timeout=CHAOS_TIMEOUT_S)


def browser():
    """Everything in real browsers but the bad network, which is a suite of its own."""
    return playwright("browser", "--grep-invert", "@network")


def network():
    """Real browsers on a bad network; CHAOS_LONG_S for more than the short form."""
    return playwright("network", "--grep", "@network")


SUITES = {f.__name__: f for f in (structure, cpp, fuzz, web, functional, chaos, browser, network)}


def main():
    chosen = sys.argv[1:] or list(SUITES)
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    total_passed = total_failed = total_skipped = 0
    for name in chosen:
        started = time.monotonic()
        print(f"{name} ...", flush=True)
        passed, failed, skipped, names = SUITES[name]()
        total_passed, total_failed, total_skipped = total_passed + passed, total_failed + failed, total_skipped + skipped
        print(f"{name}: {passed} passed, {failed} failed, {skipped} skipped in {time.monotonic() - started:.0f} s")
        if failed:
            for line in names:
                print(f"  FAILED {line}")
            log = OUT / f"{name}.log"
            if log.exists():
                print("  " + "\n  ".join(log.read_text(errors="replace").splitlines()[-60:]))
    line = f"{total_passed} passed, {total_failed} failed"
    print(line + (f", {total_skipped} skipped" if total_skipped else ""), flush=True)
    return 1 if total_failed else 0


if __name__ == "__main__":
    sys.exit(main())
