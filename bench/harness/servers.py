"""The servers that are measured: each can be started, asked for its URL and pid, and stopped."""

import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

from . import network

START_TIMEOUT_S = 20
STOP_TIMEOUT_S = 10


class ServerFailed(Exception):
    pass


class Server:
    """A process that prints or answers where it listens."""

    name = "?"
    load_arguments = ("--server", "whip")

    def __init__(self, build):
        self.build = pathlib.Path(build)
        self.process = None
        self.folder = None

    def command(self):
        raise NotImplementedError

    def url(self):
        """None while it has not started."""
        raise NotImplementedError

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tw-bench-"))
        self.log = self.folder / "log.txt"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder,
                preexec_fn=network.prefer_measured_process,
            )
        end = time.monotonic() + START_TIMEOUT_S
        while True:
            self.target = self.url()
            if self.target:
                return self
            if self.process.poll() is not None or time.monotonic() > end:
                text = self.log.read_text(errors="replace")[-2000:]
                self.__exit__()
                raise ServerFailed(f"{self.name} did not start: {text}")
            time.sleep(0.05)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pid(self):
        return self.process.pid

    def arguments(self):
        return [*self.load_arguments, "--target", self.target, "--watch-pid", str(self.pid)]


class _Printing(Server):
    def url(self):
        found = re.search(r"listening on (http://\S+)", self.log.read_text(errors="replace"))
        return found.group(1) if found else None


class Ours(_Printing):
    """The engine and one worker, nothing recorded: what Janus does, too."""

    name = "ours"

    def command(self):
        return [str(self.build / "bench/telewitness-sfu"), "--address", network.ADDRESS, "--workers", "1"]


class OursApart(Ours):
    """The same, but the kernel takes runs of packets apart before viewers read them, on the server's time."""

    name = "ours_apart"
    load_arguments = (*Ours.load_arguments, "--runs-apart")


class OursRecording(Ours):
    """The same with every room recorded: sealed journals, written and synced at the product's pace."""

    name = "ours_recording"

    def command(self):
        return [*super().command(), "--record", str(self.folder / "recordings")]


class Floor(_Printing):
    name = "floor"

    def command(self):
        return [str(self.build / "bench/telewitness-floor"), "--address", network.ADDRESS]
