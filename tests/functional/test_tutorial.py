"""The commands of docs/guide/integrator.md do what the guide says: each is run as it stands there."""

import json
import os
import pathlib
import subprocess

from support.actors import CustomerActor
from support.interviews import agent_online

TUTORIAL = pathlib.Path(__file__).resolve().parents[2] / "examples/tutorial"


def run(name, **environment):
    done = subprocess.run(["bash", str(TUTORIAL / name)], capture_output=True, text=True, timeout=60, env={**os.environ, **environment})
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_from_nothing_to_an_outcome(server):
    known = {"SERVER": server.origin, "AUTHORITY": server.authority, "API_KEY": server.demo["apiKey"], "BUSINESS": "LN-TUTORIAL"}
    known["QUEUE"] = run("1_queues.sh", **known)["items"][0]["id"]
    created = run("2_interview.sh", **known)
    assert run("2_interview.sh", **known) == created  # repeated: the same interview
    assert "/workbench/#t=" in run("3_agent_link.sh", **known)["url"]
    customer = CustomerActor(server, created["customerLink"]["url"]).connect().consent().place().queue()
    interview = created["interview"]["id"]
    with agent_online(server) as agent:
        agent.wait_ring(interview)
        assert agent.act(interview, "answer")["sections"][0]["fields"][0]["value"] == "LN-TUTORIAL"
        agent.act(interview, "outcome", {"kind": "passed"})
    customer.socket.close()
    (found,) = run("4_outcome.sh", **known)["items"]
    assert (found["id"], found["outcome"]["kind"]) == (interview, "passed")


def test_a_login_for_a_page(server):
    known = {"SERVER": server.origin, "AUTHORITY": server.authority, "API_KEY": server.demo["apiKey"], "BUSINESS": "LN-PAGE",
             "QUEUE": server.demo["queueId"]}
    login = run("5_login_token.sh", **known)
    scope = {"accountId": server.demo["account"], "businessId": "LN-PAGE", "assistId": "", "companyName": "演示银行"}
    assert server.client(login["token"]).ok("POST", "/client/login", scope)["nickName"] == "wang-01"
