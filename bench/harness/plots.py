"""Pictures of the figures. Small: they are kept with the results."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

COLOURS = {"ours": "#1b7f5c", "ours_recording": "#7cc6a8", "ours_apart": "#4a9c7e", "product": "#b5dfcd", "floor": "#8a8f98", "janus_default": "#c2703d", "janus_tuned": "#e0a882"}
NAMES = {"ours": "ours", "ours_recording": "ours, recording", "ours_apart": "ours, runs taken apart", "product": "whole product, recording", "floor": "bare loop", "janus_default": "Janus", "janus_tuned": "Janus, event loops"}
PROFILES = {"gcm": "AES-GCM", "cm": "AES-CM, HMAC-SHA1"}


def _save(figure, path):
    figure.tight_layout()
    figure.savefig(path, dpi=80)
    plt.close(figure)


def bars(latest, name, key, title, unit, path, scale=1.0):
    """One group a profile, one bar a server."""
    figure, axes = plt.subplots(figsize=(8, 3.6))
    shown = [s for s in NAMES if any(s in latest[p][name]["servers"] for p in PROFILES)]
    width = 0.8 / max(1, len(shown))
    for number, server in enumerate(shown):
        for place, profile in enumerate(PROFILES):
            figures = latest[profile][name]["servers"].get(server)
            if not figures or figures.get(key) is None:
                continue
            value = figures[key] * scale
            at = place + (number - (len(shown) - 1) / 2) * width
            axes.bar(at, value, width * 0.92, color=COLOURS[server], label=NAMES[server] if place == 0 else None)
            axes.annotate(f"{value:.3g}", (at, value), ha="center", va="bottom", fontsize=8)
    axes.set_xticks(range(len(PROFILES)), PROFILES.values())
    axes.set_ylabel(unit)
    axes.set_title(title, fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=8, frameon=False, loc="upper left")
    _save(figure, path)


def curve(latest, path):
    figure, axes = plt.subplots(figsize=(8, 3.4))
    for profile, style in (("gcm", "o-"), ("cm", "s--")):
        points = latest[profile]["curve"]
        if points:
            axes.plot([p["rooms"] for p in points], [p["us"] for p in points], style, color=COLOURS["ours"], label=PROFILES[profile])
    axes.set_ylim(bottom=0)
    axes.set_xlabel("two-person rooms on one worker (580 packets/s each)")
    axes.set_ylabel("µs of CPU per packet")
    axes.set_title("Cost of a forwarded packet as rooms are added", fontsize=11)
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=8, frameon=False)
    _save(figure, path)


def delays(runs, path):
    """Share of packets within a delay: the median run of each server, GCM, two-person rooms."""
    figure, axes = plt.subplots(figsize=(8, 3.6))
    for server in ("ours", "ours_recording", "janus_default", "janus_tuned", "floor"):
        found = sorted((run["found"] for run in runs if run["name"] == "two_person" and run["profile"] == "gcm"
                        and run["server_name"] == server), key=lambda run: run["delay_us"]["p99"])
        if not found:
            continue
        shares = found[len(found) // 2]["delay_us"]["cumulative"]
        axes.plot([0.01 * 2 ** (i / 4) for i in range(len(shares))], shares, color=COLOURS[server], label=NAMES[server])
    axes.set_xscale("log")
    axes.set_xlabel("ms from stamp to arrival")
    axes.set_ylabel("share of packets")
    axes.set_title("Forward delay, 12 two-person rooms, AES-GCM", fontsize=11)
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=8, frameon=False)
    _save(figure, path)


def all_of(latest, runs, folder):
    bars(latest, "two_person", "us", "CPU for a forwarded packet, 12 two-person rooms (6,960 packets/s)", "µs", folder / "cost_two_person.png")
    bars(latest, "five_person", "us", "CPU for a forwarded packet, 2 five-person rooms (11,600 packets/s)", "µs", folder / "cost_five_person.png")
    bars(latest, "two_person", "bytes_per_participant", "Memory for a participant", "KB", folder / "memory.png", 1e-3)
    curve(latest, folder / "curve.png")
    delays(runs, folder / "delay.png")
