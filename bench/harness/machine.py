"""Facts about the machine that a reader needs to judge figures; none that names it."""

import os
import pathlib
import platform
import re
import subprocess


def _first(pattern, path):
    try:
        found = re.search(pattern, pathlib.Path(path).read_text(errors="replace"), re.MULTILINE)
        return found.group(1).strip() if found else "unknown"
    except OSError:
        return "unknown"


def _version(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
        text = (done.stdout + done.stderr).strip().splitlines()
        return text[0] if text else "unknown"
    except (OSError, subprocess.TimeoutExpired):
        return "not installed"


def facts():
    flags = _first(r"^flags\s*:\s*(.+)$", "/proc/cpuinfo").split()
    return {
        "processor": _first(r"^model name\s*:\s*(.+)$", "/proc/cpuinfo"),
        "cores": os.cpu_count(),
        "virtual_machine": "hypervisor" in flags,
        "aes_instructions": "aes" in flags,
        "sha_instructions": "sha_ni" in flags,
        "memory_mib": int(_first(r"^MemTotal:\s*(\d+)", "/proc/meminfo")) // 1024,
        "kernel": platform.release().split("-")[0],
        "system": _first(r'^PRETTY_NAME="(.+)"$', "/etc/os-release"),
        "compiler": _version("c++", "--version"),
        "openssl": _version("openssl", "version"),
        "janus": _version("dpkg-query", "-W", "-f", "${Version}", "janus"),
        "libsrtp2": _version("dpkg-query", "-W", "-f", "${Version}", "libsrtp2-1"),
        "load_average_before": round(os.getloadavg()[0], 2),
    }
