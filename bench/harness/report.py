"""bench/results/: latest.json, raw/*.json, pictures and a README that says what they mean."""

import json

from . import profile as profiling
from .plots import NAMES, PROFILES

RAW_KEYS = ("publishers", "viewers", "profile", "injected_loss", "join", "window_s", "sent", "expected", "received", "recovered",
            "loss", "packets_per_second", "delay_us", "client", "server", "flaws", "attempt", "at")


def write(folder, latest, plan, micro, profile_rows):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "latest.json").write_text(json.dumps(latest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    raw = folder / "raw"
    raw.mkdir(exist_ok=True)
    for old in raw.glob("*.json"):
        old.unlink()
    names = {run["name"] for run in plan.runs}
    for name in sorted(names):
        runs = [_raw(run) for run in plan.runs if run["name"] == name]
        lines = ",\n".join(json.dumps(run, ensure_ascii=False, separators=(",", ":")) for run in runs)
        (raw / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    if micro:
        (raw / "micro.json").write_text(json.dumps(micro, indent=1) + "\n", encoding="utf-8")
    if profile_rows:
        (raw / "profile.json").write_text(json.dumps(profile_rows, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(readme(latest, plan, micro, profile_rows), encoding="utf-8")


def _raw(run):
    found = {key: run["found"][key] for key in RAW_KEYS if key in run["found"]}
    if run["name"] not in ("two_person", "five_person") and "delay_us" in found:
        found["delay_us"] = {k: v for k, v in found["delay_us"].items() if k != "cumulative"}
    return {key: value for key, value in run.items() if key != "found"} | {"found": found}


def number(value, digits=2):
    return "–" if value is None else f"{value:,.{digits}f}"


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "| --- |" + " ---: |" * (len(heads) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def servers_table(servers):
    rows = []
    for name, title in NAMES.items():
        f = servers.get(name)
        if f and "us" in f:
            rows.append([title, number(f["us"]), f"{min(f['us_of_runs']):.2f}–{max(f['us_of_runs']):.2f}",
                         f"{f['user_share']:.0%}", number(f["p50_delay_ms"]), number(f["p99_delay_ms"]), number(f["p999_delay_ms"]),
                         f"{f['loss']:.3%}", number(f["bytes_per_participant"] / 1000, 0), f["profile"],
                         f"{f['runs']}" + (f" ({f['disturbed_runs']} disturbed)" if f["disturbed_runs"] else "")])
    return table(["server", "CPU µs a packet", "lowest–highest run", "of it in user space", "delay p50 ms", "p99", "p99.9", "most lost",
                  "KB a participant", "negotiated", "runs"], rows)


def storm_table(latest):
    rows = []
    for profile, title in PROFILES.items():
        for name, server in NAMES.items():
            f = latest[profile]["join_storm"]["servers"].get(name)
            if f:
                rows.append([server, title, number(f["handshakes_per_second"], 0), number(f["server_cpu_ms_per_handshake"])])
    return table(["server", "profile", "sessions a second", "server's CPU ms a session"], rows)


def curve_table(latest):
    rooms = sorted({p["rooms"] for profile in PROFILES for p in latest[profile]["curve"]})
    rows = []
    for count in rooms:
        cells = [str(count), str(count * 580)]
        for profile in PROFILES:
            point = next((p for p in latest[profile]["curve"] if p["rooms"] == count), None)
            cells += [number(point["us"]), number(point["p99_delay_ms"])] if point else ["–", "–"]
        rows.append(cells)
    return table(["rooms", "packets a second", "GCM µs", "p99 ms", "CM µs", "p99 ms"], rows)


def targets_table(latest):
    rows = []
    for target in latest["targets"]:
        value, limit = target["measured"], target["limit"]
        verdict = "yes" if target["met"] else "not measured" if value is None else f"no: {abs(value - limit):,.3g} off"
        rows.append([f"`{target['name']}`", target["wanted"], "–" if value is None else f"{value:,.4g}", verdict])
    return table(["at GCM, two-person rooms", "wanted", "measured", "met"], rows)


def micro_table(micro):
    rows = [[b["name"], number(b["ns"], 0)] for b in micro]
    return table(["what", "ns"], rows)


def bounds(latest, rows):
    if not rows:
        return "perf could not sample on this machine.\n"
    missed = [t["name"] for t in latest["targets"] if not t["met"]]
    groups = profiling.groups(rows)
    text = "Shares of the server's CPU time under the two-person load at GCM, sampled by perf (cpu-clock):\n\n"
    text += table(["what", "%"], [[name, number(value, 1)] for name, value in groups.items()]) + "\n\n"
    largest = max(groups, key=groups.get)
    if missed:
        text += f"Missed: {', '.join(f'`{name}`' for name in missed)}. What bounds the cost first is **{largest}**, with {groups[largest]:.0f} % of the time.\n\n"
    text += table(["function", "where", "%"], [[f"`{symbol}`", where, number(share, 1)] for share, where, symbol in rows[: profiling.MOST_LINES]])
    return text + "\n"


def readme(latest, plan, micro, profile_rows):
    machine = latest["machine"]
    parts = [
        "# Results\n",
        "Written by `make bench`; how it is measured and how to read this: [../README.md](../README.md). Figures: `latest.json`, "
        "every run: `raw/`.\n",
        ("**A quick run: one short round, for trying out. Not for quoting.**\n" if latest["quick"] else ""),
        "## What was promised\n", targets_table(latest) + "\n",
        "## Two-person rooms\n",
        "12 rooms, 24 publishers, 24 viewers: 6,960 packets forwarded a second. Medians of interleaved runs.\n",
        "![CPU for a packet](cost_two_person.png)\n",
    ]
    for profile, title in PROFILES.items():
        section = latest[profile]["two_person"]
        parts += [f"### {title}\n", servers_table(section["servers"]) + "\n"]
        if section.get("ours_us"):
            parts.append(f"Janus (the better of the two) / ours: **{number(section['janus_over_ours'])}**; ours / bare loop: "
                         f"**{number(section['ours_over_floor'])}**; recording adds **{number((section['recording_overhead'] or 0) * 100, 1)} %**.\n")
    parts += ["![delay](delay.png)\n", "![memory](memory.png)\n", "## Five-person rooms\n",
              "2 rooms, 10 publishers, 40 viewers: 11,600 packets forwarded a second.\n", "![CPU for a packet](cost_five_person.png)\n"]
    for profile, title in PROFILES.items():
        parts += [f"### {title}\n", servers_table(latest[profile]["five_person"]["servers"]) + "\n"]
    parts += ["## More rooms on one worker\n", "![curve](curve.png)\n", curve_table(latest) + "\n",
              "## 1 % loss in each direction\n",
              "The client throws away one media packet in a hundred of what it sends and of what it gets; both are asked for again (NACK, RTX). "
              "\"Most lost\" is what was missing in the end.\n"]
    for profile, title in PROFILES.items():
        parts += [f"### {title}\n", servers_table(latest[profile]["loss"]["servers"]) + "\n"]
    parts += ["## Everybody joins at once\n", "50 two-person rooms: 200 sessions, signalling, ICE and DTLS, one after the other as fast as they go. "
              "The client's own handshakes run on the same machine.\n", storm_table(latest) + "\n"]
    if micro:
        parts += ["## Hot classes\n", "Google Benchmark, one packet of 1200 bytes unless said otherwise; libsrtp2 is Debian's, for comparison.\n", micro_table(micro) + "\n"]
    parts += ["## Where the time goes, and what bounds it\n", bounds(latest, profile_rows)]
    parts += ["## The machine\n", table(["what", ""], [[key.replace("_", " "), str(value)] for key, value in machine.items()]) + "\n",
              f"The whole measurement took {latest['seconds'] / 60:.0f} minutes. Runs thrown away: {latest['runs_thrown_away']}.\n"]
    if plan.left_out:
        parts.append("Left out: " + "; ".join(plan.left_out[:20]) + ".\n")
    return "\n".join(part for part in parts if part)
