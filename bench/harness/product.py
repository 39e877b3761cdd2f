"""The whole product under the same load: `telewitness serve` with its database, twelve real interviews that agents have
answered, everything recorded. What stands around the engine must not cost much beside it."""

import json
import os
import pathlib
import subprocess
import sys

from . import network
from .servers import Server

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/functional"))

INTERVIEWS = 12
COMMAND_TIMEOUT_S = 60
CONFIG = {
    "server": {"listen": ["127.0.0.1"], "port": 0, "drain_timeout_s": 1},
    "media": {"addresses": [network.ADDRESS], "first_port": 0, "workers": 1},
    "metrics": {"port": 0},
    "recording": {"reserve_mb": 16},
}


class Product(Server):
    name = "product"

    @property
    def binary(self):
        return os.environ.get("TELEWITNESS_BINARY", str(self.build / "server/app/telewitness"))

    def command(self):
        self.config = self.folder / "telewitness.toml"
        sections = {**CONFIG, "server": {**CONFIG["server"], "data_dir": str(self.folder / "data")}}
        self.config.write_text("".join(
            f"[{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
            for name, keys in sections.items()))
        return [self.binary, "serve", "--config", str(self.config)]

    def url(self):
        running = self.folder / "data/run/server.json"
        if not running.exists() or not running.read_text().endswith("}\n"):
            return None
        self.origin = f"https://localhost:{json.loads(running.read_text())['port']}"
        self.authority = str(self.folder / "data/tls/authority.pem")
        return self.origin

    def client(self, token=None):
        from support.client import Client  # needs packages that only this scenario does

        return Client(self.origin, self.authority, token)

    def arguments(self):
        """Before the load client watches the process: interviews are not media."""
        plan = self.folder / "plan.json"
        plan.write_text(json.dumps(self.talk()))
        return ["--plan", str(plan), "--insecure", "--address", network.ADDRESS, "--watch-pid", str(self.pid)]

    def talk(self):
        from support.actors import AgentActor, CustomerActor

        made = subprocess.run([self.binary, "demo-tenant", "--json", "--config", str(self.config)], capture_output=True,
                              text=True, check=True, timeout=COMMAND_TIMEOUT_S)
        demo = json.loads(made.stdout)
        api = self.client(demo["apiKey"])
        queue = api.ok("GET", "/queues")["items"][0]["id"]
        administrator = self.client()
        administrator.token = administrator.ok("POST", "/auth/sign-in", {
            "tenant": demo["account"], "name": demo["administrator"]["name"],
            "password": demo["administrator"]["password"]})["token"]
        self.people, plan = [], []
        for number in range(INTERVIEWS):
            name, password = f"agent-{number}", f"Measure-{number:04}-pass"
            administrator.ok("POST", "/admin/users", {
                "name": name, "displayName": name, "role": "agent", "password": password, "queueIds": [queue]})
            agent = AgentActor(self, demo["account"], name, password).connect().presence()
            created = api.ok("POST", "/interviews", {
                "businessId": f"B-{number}", "queueId": queue, "companyName": "Measure", "nickName": f"customer-{number}"})
            customer = CustomerActor(self, created["customerLink"]["url"]).connect().consent().place().queue()
            interview = created["interview"]["id"]
            agent.wait_ring(interview)
            talking = agent.act(interview, "answer")
            state = customer.wait(lambda s: s["status"] == "talking" and "media" in s)
            self.people += [agent, customer]  # their sockets stay open
            sides = [talking["media"], state["media"]]
            for one, other in (sides, sides[::-1]):
                plan.append({"publish": {"url": self.origin + one["publishUrl"], "token": one["token"]},
                             "watch": [{"url": self.origin + other["watchUrl"], "token": other["token"]}]})
        return plan
