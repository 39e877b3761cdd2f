"""A network of its own: a namespace with one address that is not a loopback one, since Janus gathers no loopback
candidate. It goes when the last process in it ends."""

import ctypes
import os
import subprocess
import sys

ADDRESS = "10.77.0.1"
INSIDE = "TELEWITNESS_BENCH_INSIDE"


def enter():
    """Runs this program again inside a new namespace, or sets the namespace up when it is inside."""
    if os.environ.get(INSIDE) != "1":
        flags = ["--net"] if os.geteuid() == 0 else ["--user", "--map-root-user", "--net"]
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", *flags, sys.executable, *sys.argv])
    for command in (
        "ip link set lo up",
        "ip link add tw0 type veth peer name tw1",
        f"ip address add {ADDRESS}/24 dev tw0",
        "ip link set tw0 up",
        "ip link set tw1 up",
    ):
        subprocess.run(command.split(), check=True)


def prefer_measured_process():
    """For a child before exec: what else runs on the machine is to disturb it as little as may be (real-time scheduling,
    root only; otherwise nothing changes), and it does not outlive us."""
    ctypes.CDLL(None).prctl(1, 15)  # PR_SET_PDEATHSIG, SIGTERM
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        pass
