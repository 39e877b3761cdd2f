"""What is done once for a new integrator. An administrator does the first part by hand in the console."""

import pathlib

from .files import read_json
from .settings import Connection, Settings
from .telewitness import Problem, Telewitness


def set_up(folder: pathlib.Path, server, authority, demo):
    """`demo` is what `telewitness demo-tenant --json` prints. Doing it again changes nothing."""
    bank = read_json(folder / "running.json", None)
    if bank is None:
        raise Problem(0, "bank.not_running", "Start `run.py serve` first.")
    settings = Settings(folder)
    known = settings.read()
    account = demo["account"]
    tenant = register_origin(server, authority, account, demo["administrator"], bank["origin"])
    api = Telewitness(server, authority, demo["apiKey"])
    webhook_id, webhook_secret = register_webhooks(api, bank["origin"] + "/telewitness/webhooks", known)
    settings.write(Connection(
        server=server, authority=authority, account=account, company_name=tenant["name"], api_key=demo["apiKey"],
        queue_id=demo["queueId"], agent_name=demo["agent"]["name"], webhook_id=webhook_id, webhook_secret=webhook_secret,
        return_secret=tenant["returnSecret"]))


def register_origin(server, authority, account, administrator, origin):
    """Console, Company: customers may be sent back to the bank, and its pages may show an interview."""
    anyone = Telewitness(server, authority)
    signed_in = anyone.call("POST", "/auth/sign-in", {"tenant": account, **administrator})
    console = Telewitness(server, authority, signed_in["token"])
    try:
        tenant = console.call("GET", "/admin/tenant")
        change = {
            name: tenant[name] + [origin]
            for name in ("returnOrigins", "embedOrigins") if name in tenant and origin not in tenant[name]
        }
        return console.call("PATCH", "/admin/tenant", change) if change else tenant
    finally:
        console.call("POST", "/auth/sign-out")


def register_webhooks(api, url, known):
    """The endpoint's secret is told once: an endpoint of ours whose secret we lost is made anew."""
    for endpoint in api.call("GET", "/webhook-endpoints")["items"]:
        if endpoint["url"] != url:
            continue
        if known and known.webhook_id == endpoint["id"]:
            return known.webhook_id, known.webhook_secret
        api.call("DELETE", f"/webhook-endpoints/{endpoint['id']}")
    created = api.call("POST", "/webhook-endpoints", {"url": url, "description": "bank demo"})
    return created["id"], created["secret"]
