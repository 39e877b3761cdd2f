"""The sample integrator of examples/bank-demo as a process of its own, connected to a server as `make run` does it."""

import json
import pathlib
import subprocess
import sys

from support.client import Client

RUN = pathlib.Path(__file__).resolve().parents[3] / "examples/bank-demo/run.py"


class Bank:
    def __init__(self, folder, wait_until):
        self.folder = pathlib.Path(folder)
        running = self.folder / "running.json"
        self.process = subprocess.Popen([sys.executable, str(RUN), "serve", "--folder", str(self.folder), "--port", "0"],
                                        stdout=subprocess.DEVNULL)
        wait_until(lambda: running.exists() and running.read_text().endswith("}\n"), 30, "the bank to start")
        facts = json.loads(running.read_text())
        self.origin, self.certificate = facts["origin"], facts["certificate"]
        self.staff = Client(self.origin, self.certificate)  # no credentials: the bank's own sign-in is not part of the sample

    def set_up(self, server):
        return subprocess.run(
            [sys.executable, str(RUN), "set-up", "--folder", str(self.folder), "--server", server.origin, "--authority", server.authority],
            input=json.dumps(server.demo), capture_output=True, text=True, timeout=60)

    @property
    def settings(self):
        return json.loads((self.folder / "settings.json").read_text())

    def order(self, number):
        items = self.staff.session.get(self.origin + "/api/orders", timeout=30).json()["items"]
        return next(order for order in items if order["number"] == number)

    def get(self, path, **options):
        return self.staff.session.get(self.origin + path, timeout=30, allow_redirects=False, **options)

    def press(self, path, **headers):
        """A form of the bank's page."""
        return self.staff.session.post(self.origin + path, data="", timeout=30, allow_redirects=False,
                                       headers={"Origin": self.origin, **headers})

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
