"""Several calls at once with headless clients that publish sound and picture for both sides of each."""

import itertools
import json
import signal
import subprocess

from functional_conftest import wait_until

from support.actors import AgentActor, CustomerActor
from support.interviews import create

PASSWORD = "a password for tests"
CONNECT_TIMEOUT_S = 60
_names = itertools.count()  # agents, queues and customers of a server that several sets of calls share


def demo_of(server):
    return json.loads(server.command("demo-tenant", "--json").stdout)


class Calls:
    """`count` interviews that talk, each with an agent of its own."""

    def __init__(self, server, load_binary, count):
        self.server = server
        self.load_binary = load_binary
        self.demo = demo_of(server)
        self.load = None
        self.api = server.client(self.demo["apiKey"])
        self.earlier = {journal.parent for journal in server.data.rglob("*.twj")}
        self.pairs = [self.begin(next(_names)) for _ in range(count)]

    def begin(self, number):
        """An interview of a queue of its own, so that its agent is the one who is rung."""
        admin = self.server.client()
        admin.token = admin.ok("POST", "/auth/sign-in", {"tenant": self.demo["account"], **self.demo["administrator"]})["token"]
        name = f"agent-{number}"
        queue = admin.ok("POST", "/admin/queues", {"name": f"queue-{number}"})["id"]
        admin.ok("POST", "/admin/users", {"name": name, "displayName": name, "role": "agent", "password": PASSWORD, "queueIds": [queue]})
        created = create(self.api, queueId=queue, businessId=f"B-{number}", nickName=f"n-{number}")
        interview = created["interview"]["id"]
        agent = AgentActor(self.server, self.demo["account"], name, PASSWORD).connect().presence()
        customer = CustomerActor(self.server, created["customerLink"]["url"]).connect().consent().place().queue()
        agent.wait_ring(interview)
        agent.act(interview, "answer")
        talking = customer.wait(lambda s: s["status"] == "talking" and "media" in s)
        state = agent.wait_interview(lambda s: s["interview"]["id"] == interview and "media" in s)
        return {"interview": interview, "agent": agent, "customer": customer, "media": [talking["media"], state["media"]]}

    def publish(self, seconds=600):
        """Starts the clients; resolves nothing: who wants to know looks at the journals."""
        plan = [
            {"publish": {"url": self.absolute(media["publishUrl"]), "token": media["token"]}, "watch": []}
            for pair in self.pairs for media in pair["media"]
        ]
        file = self.server.folder / "plan.json"
        file.write_text(json.dumps(plan))
        log = open(self.server.folder / "load.log", "ab")
        self.load = subprocess.Popen(
            [str(self.load_binary), "--plan", str(file), "--insecure", "--seconds", str(seconds), "--warm-up", "0"],
            stdout=log, stderr=log)

    def absolute(self, url):
        return url if url.startswith("https:") else self.server.origin + url

    def silence(self):
        if self.load and self.load.poll() is None:
            self.load.send_signal(signal.SIGKILL)
            self.load.wait()

    def journal_sizes(self):
        """Bytes of the newest journal of each of these calls, by its folder."""
        newest = {}
        for journal in sorted(self.server.data.rglob("*.twj")):
            if journal.parent in self.earlier:
                continue
            newest[journal.parent] = (journal.name, journal.stat().st_size)
        return newest

    def wait_recording(self, before):
        """Until every call has a journal that has grown since `before`."""

        def grown():
            now = self.journal_sizes()
            return len(now) == len(self.pairs) and all(
                size > (before[folder][1] + 20_000 if before.get(folder, ("",))[0] == name else 20_000)
                for folder, (name, size) in now.items())

        wait_until(grown, CONNECT_TIMEOUT_S, f"four journals that grow: {before} {self.journal_sizes()}")

    def conclude(self):
        for pair in self.pairs:
            pair["agent"].client.ok("POST", f"/agent/interviews/{pair['interview']}/outcome", {"kind": "passed"})

    def recordings(self, timeout_s):
        """What each recording says once its files are there."""

        def ready(interview):
            read = self.api.ok("GET", f"/interviews/{interview}/recording")
            return read["status"] in ("ready", "failed") and read

        return {pair["interview"]: wait_until(lambda i=pair["interview"]: ready(i), timeout_s, "a recording")
                for pair in self.pairs}


def opens_without_repair(file):
    """ffprobe and mkvmerge read it to its end and have nothing to say about it."""
    probe = subprocess.run(["ffprobe", "-v", "error", "-show_packets", "-of", "json", str(file)], capture_output=True, text=True)
    assert probe.returncode == 0 and not probe.stderr.strip(), f"{file.name}: {probe.stderr[-500:]}"
    packets = json.loads(probe.stdout)["packets"]
    assert packets, f"{file.name} is empty"
    if file.suffix == ".mkv":
        again = file.with_suffix(".again.mkv")
        merged = subprocess.run(["mkvmerge", "-o", str(again), str(file)], capture_output=True, text=True)
        again.unlink(missing_ok=True)
        assert merged.returncode == 0, f"{file.name}: {merged.stdout[-800:]}"
    return packets
