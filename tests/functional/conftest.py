"""Drives the real binary from outside: its own folder, database, ports and outgoing HTTP are under the test's control."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

import pytest

from support.client import Client
from support.integrator import Integrator

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("TELEWITNESS_BINARY", ROOT / "build/release/server/app/telewitness"))
START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 30


def wait_until(condition, timeout_s, what):
    """Polls a condition until it gives something true; the condition, not time, decides."""
    end = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {timeout_s} s for {what}"
        time.sleep(0.03)


class Server:
    """One `telewitness serve` in a folder of its own."""

    def __init__(self, folder, **sections):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.sections = {
            "server": {"listen": ["127.0.0.1"], "port": 0, "data_dir": str(self.data), "drain_timeout_s": 1},
            "media": {"addresses": ["127.0.0.1"], "first_port": 0},
            "metrics": {"port": 0},
            "recording": {"reserve_mb": 16},
            "log": {"format": "json"},
        }
        for name, keys in sections.items():
            self.sections.setdefault(name, {}).update(keys)
        self.process = None

    @property
    def config_file(self):
        return self.folder / "telewitness.toml"

    def write_config(self):
        def value(v):
            return json.dumps(v, ensure_ascii=False)

        text = "".join(
            f"[{name}]\n" + "".join(f"{k} = {value(v)}\n" for k, v in keys.items()) for name, keys in self.sections.items()
        )
        self.config_file.write_text(text, encoding="utf-8")

    def command(self, *args, check=True):
        return subprocess.run(
            [str(BINARY), *args, "--config", str(self.config_file)], capture_output=True, text=True, check=check, timeout=60
        )

    def start(self):
        self.write_config()
        running = self.data / "run/server.json"
        running.unlink(missing_ok=True)
        log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen([str(BINARY), "serve", "--config", str(self.config_file)], stdout=log, stderr=log)

        def started():
            assert self.process.poll() is None, f"the server exited: {self.log()[-2000:]}"
            return running.exists() and running.read_text().endswith("}\n")

        wait_until(started, START_TIMEOUT_S, "the server to start")
        facts = json.loads(running.read_text())
        self.sections["server"]["port"] = facts["port"]
        self.sections["media"]["first_port"] = facts["mediaPort"]
        self.port = facts["port"]
        self.metrics_port = facts["metricsPort"]
        self.origin = f"https://localhost:{self.port}"
        self.authority = str(self.data / "tls/authority.pem")
        return self

    def log(self):
        path = self.folder / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def stop(self, how=signal.SIGTERM):
        if self.process is None or self.process.poll() is not None:
            return self.process.returncode if self.process else None
        self.process.send_signal(how)
        return self.process.wait(STOP_TIMEOUT_S)

    def client(self, token=None):
        return Client(self.origin, self.authority, token)


@pytest.fixture(scope="session")
def binary():
    assert BINARY.exists(), "build the server first: make build"
    return BINARY


@pytest.fixture
def make_server(binary, tmp_path):
    servers = []

    def make(name="server", start=True, **sections):
        folder = tmp_path / name
        folder.mkdir()
        server = Server(folder, **sections)
        server.write_config()
        servers.append(server)
        return server.start() if start else server

    yield make
    for server in servers:
        if server.process and server.process.poll() is None:
            server.process.kill()
            server.process.wait()


@pytest.fixture(scope="module")
def integrator(tmp_path_factory):
    """The integrator's own https service: order endpoint and webhook receiver."""
    service = Integrator(tmp_path_factory.mktemp("integrator"))
    yield service
    service.stop()


@pytest.fixture(scope="module")
def server(request, binary, tmp_path_factory, integrator):
    """A server that the tests of one module share, with the demo tenant.

    A module that needs more configuration has a function `server_sections(folder)` that gives it.
    """
    folder = tmp_path_factory.mktemp("server")
    sections = getattr(request.module, "server_sections", lambda _folder: {})(folder)
    running = Server(
        folder,
        outgoing={"allow_private": [f"localhost:{integrator.port}"], "extra_ca_file": integrator.certificate},
        **sections,
    )
    running.write_config()
    running.start()
    running.demo = json.loads(running.command("demo-tenant", "--json").stdout)
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def integrator_api(server):
    return server.client(server.demo["apiKey"])


@pytest.fixture
def other_tenant(server):
    """A second company on the same server; made once."""
    if not hasattr(server, "other"):
        server.other = json.loads(server.command("demo-tenant", "--account", "other", "--json").stdout)
    return server.other
