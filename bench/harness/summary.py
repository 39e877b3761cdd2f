"""From runs to figures: medians over the interleaved runs, ratios, targets."""

import statistics

# What the design promises, at GCM with two-person rooms.
TARGETS = [
    ("janus_over_ours", "at least", 6.0),
    ("ours_over_floor", "at most", 1.0),
    ("p99_delay_ms", "at most", 2.0),
    ("bytes_per_participant", "at most", 300_000),
    ("recording_overhead", "at most", 0.15),
]
CURVE_MOST_ROOMS = 100  # what was promised ends here
# "Never rising": noise of a measurement is not a rise.
CURVE_TOLERANCE = 0.05


def pick(runs, **wanted):
    """The findings of the runs that match."""
    return [run["found"] for run in runs if all(run.get(key) == value for key, value in wanted.items())]


def median(values):
    values = list(values)
    return round(statistics.median(values), 4) if values else None


def ratio(left, right):
    return round(left / right, 4) if left is not None and right else None


def figures(found):
    """Medians of one server in one scenario; None when it was not measured."""
    if not found:
        return None
    if "server" not in found[0]:
        return {"handshakes_per_second": median(run["join"]["sessions_per_second"] for run in found),
                "server_cpu_ms_per_handshake": median(run["join"]["server_cpu_ms_per_session"] for run in found),
                "runs": len(found)}
    return {
        "us": median(run["server"]["us_per_packet"] for run in found),
        "us_of_runs": [round(run["server"]["us_per_packet"], 2) for run in found],
        "user_share": median(run["server"]["user_s"] / max(1e-9, run["server"]["user_s"] + run["server"]["system_s"])
                             for run in found),
        "p50_delay_ms": median(run["delay_us"]["p50"] / 1000 for run in found),
        "p99_delay_ms": median(run["delay_us"]["p99"] / 1000 for run in found),
        "p999_delay_ms": median(run["delay_us"]["p999"] / 1000 for run in found),
        "loss": round(max(run["loss"] for run in found), 6),
        "recovered": median(run["recovered"] / max(1, run["expected"]) for run in found),
        "packets_per_second": median(run["packets_per_second"] for run in found),
        "bytes_per_participant": median(run["server"]["bytes_per_participant"] for run in found),
        "handshakes_per_second": median(run["join"]["sessions_per_second"] for run in found),
        "profile": "/".join(sorted({run["profile"] for run in found})),
        "client_late_p99_ms": median(run["client"]["late_us"]["p99"] / 1000 for run in found),
        "runs": len(found),
        "disturbed_runs": sum(1 for run in found if run.get("flaws")),
    }


def side_by_side(runs, name, profile):
    """One scenario: what every server took, and the ratios. Janus is the better of its two ways."""
    servers = {}
    for server in ("ours", "ours_recording", "ours_apart", "product", "janus_default", "janus_tuned", "floor"):
        made = figures(pick(runs, name=name, profile=profile, server_name=server))
        if made:
            servers[server] = made
    ours, floor = servers.get("ours"), servers.get("floor")
    if ours is None or "us" not in ours:
        return {"servers": servers}
    janus = min((servers[s] for s in ("janus_default", "janus_tuned") if s in servers), key=lambda f: f["us"], default=None)
    recording = servers.get("ours_recording")
    return {
        "ours_us": ours["us"],
        "janus_us": janus and janus["us"],
        "floor_us": floor and floor["us"],
        "janus_over_ours": janus and ratio(janus["us"], ours["us"]),
        "ours_over_floor": floor and ratio(ours["us"], floor["us"]),
        "p50_delay_ms": ours["p50_delay_ms"],
        "p99_delay_ms": ours["p99_delay_ms"],
        "p999_delay_ms": ours["p999_delay_ms"],
        "bytes_per_participant": ours["bytes_per_participant"],
        "recording_overhead": recording and round(recording["us"] / ours["us"] - 1, 4),
        "handshakes_per_second": ours["handshakes_per_second"],
        "loss": ours["loss"],
        "servers": servers,
    }


def curve(runs, profile):
    rooms = sorted({run["rooms"] for run in runs if run["name"] == "curve" and run["profile"] == profile})
    points = []
    for count in rooms:
        made = figures(pick(runs, name="curve", profile=profile, rooms=count))
        points.append({"rooms": count, **made})
    return points


def highest_rise(points):
    """How much a point costs more than the cheapest one with fewer rooms, as a fraction; 0 when it only falls."""
    worst = 0.0
    for number, point in enumerate(points[1:], 1):
        worst = max(worst, point["us"] / min(p["us"] for p in points[:number]) - 1)
    return round(worst, 4)


def targets(two_person, points):
    result = []
    for name, sense, limit in TARGETS:
        value = two_person.get(name)
        met = value is not None and (value >= limit if sense == "at least" else value <= limit)
        result.append({"name": name, "wanted": f"{sense} {limit}", "limit": limit, "measured": value, "met": met})
    rise = highest_rise(points) if len(points) > 1 and points[-1]["rooms"] >= CURVE_MOST_ROOMS else None
    result.append({"name": "cost_rise_10_to_100_rooms", "wanted": f"not rising (noise up to {CURVE_TOLERANCE:.0%})",
                   "limit": CURVE_TOLERANCE, "measured": rise, "met": rise is not None and rise <= CURVE_TOLERANCE})
    return result


def summarize(runs):
    latest = {}
    for profile in ("gcm", "cm"):
        latest[profile] = {name: side_by_side(runs, name, profile) for name in ("two_person", "five_person", "loss", "join_storm")}
        latest[profile]["curve"] = curve(runs, profile)
    latest["targets"] = targets(latest["gcm"]["two_person"], latest["gcm"]["curve"])
    return latest
