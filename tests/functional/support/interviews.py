"""Interviews in the states that tests begin with."""

import contextlib

from support.actors import AgentActor, CustomerActor


def create(api, **changes):
    queue = api.ok("GET", "/queues")["items"][0]["id"]
    body = {"businessId": "B-9", "queueId": queue, "companyName": "演示银行", "nickName": "zhao-09", **changes}
    return api.ok("POST", "/interviews", {k: v for k, v in body.items() if v is not None})


def waiting_customer(server, created):
    return CustomerActor(server, created["customerLink"]["url"]).connect().consent().place().queue()


@contextlib.contextmanager
def agent_online(server):
    demo = server.demo
    actor = AgentActor(server, demo["account"], demo["agent"]["name"], demo["agent"]["password"]).connect().presence()
    try:
        yield actor
    finally:
        actor.client.post("/agent/wrap-up/finish")
        actor.presence("offline")
        actor.socket.close()
