"""A company's colour and logo: who may change them, who sees them, and what of a file reaches others."""

import hashlib
import struct
import zlib

import pytest

from support.actors import AgentActor, CustomerActor
from support.interviews import create


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width=64, height=32, colour=0, extra=b""):
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes([0, *[colour] * width]) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def put(client, picture, media_type="image/png"):
    return client.request("PUT", "/admin/logo", data=picture, headers={"Content-Type": media_type})


@pytest.fixture
def console(server):
    client = AgentActor(server, server.demo["account"], **server.demo["administrator"]).client
    yield client
    client.ok("PATCH", "/admin/tenant", {"brandColour": ""})
    client.ok("DELETE", "/admin/logo")


def test_customers_guests_and_agents_see_it(server, integrator_api, console):
    console.ok("PATCH", "/admin/tenant", {"brandColour": "#C8102E"})
    answer = put(console, png())
    assert answer.status_code == 200, answer.text
    brand = answer.json()
    assert brand["colour"] == "#c8102e"
    customer = CustomerActor(server, create(integrator_api, companyName="演示分行")["customerLink"]["url"])
    assert customer.state["brand"] == {**brand, "companyName": "演示分行"}
    agent = AgentActor(server, server.demo["account"], **server.demo["agent"])
    assert agent.client.ok("GET", "/auth/me")["brand"] == brand
    tenant = console.ok("GET", "/admin/tenant")
    assert (tenant["brandColour"], tenant["logoUrl"]) == ("#c8102e", brand["logoUrl"])


def test_a_logo_is_for_everybody_with_its_address_and_for_good(server, console):
    url = put(console, png(colour=7)).json()["logoUrl"]
    answer = server.client().get(url)
    assert answer.status_code == 200 and answer.content == png(colour=7)
    assert url.endswith(hashlib.sha256(answer.content).hexdigest())
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]
    put(console, png(colour=9))
    server.client().problem("GET", url, status=404, code="not_found")
    unknown = server.client().get(url.replace("ten_", "ten_0", 1)).content
    assert unknown  # and says nothing of whether there is such a company
    console.ok("DELETE", "/admin/logo")
    console.ok("DELETE", "/admin/logo")
    assert "logoUrl" not in console.ok("GET", "/admin/tenant")


def test_another_companys_address_does_not_show_it(server, console, other_tenant):
    url = put(console, png()).json()["logoUrl"]
    theirs = AgentActor(server, other_tenant["account"], **other_tenant["administrator"]).client
    assert "logoUrl" not in theirs.ok("GET", "/admin/tenant")
    mine, digest = url.rsplit("/", 1)
    tenant = theirs.ok("GET", "/admin/tenant")["id"]
    server.client().problem("GET", f"/tenants/{tenant}/logos/{digest}", status=404, code="not_found")
    theirs.ok("DELETE", "/admin/logo")
    assert server.client().get(url).status_code == 200


def test_nothing_but_what_draws_is_handed_out(server, console):
    secret = chunk(b"tEXt", b"Comment\0taken at home")
    answer = server.client().get(put(console, png(extra=secret) + b"behind the end").json()["logoUrl"])
    assert answer.content == png()


@pytest.mark.parametrize(
    ("picture", "media_type", "status", "code"),
    [
        (png(), "image/svg+xml", 415, "logo.not_picture"),
        (b"<svg/>", "image/png", 415, "logo.not_picture"),
        (png()[:-3], "image/png", 422, "logo.damaged"),
        (png(width=15), "image/png", 422, "logo.dimensions"),
        (png(height=1025), "image/png", 422, "logo.dimensions"),
        (png() + bytes(256 * 1024), "image/png", 413, "body.too_large"),
    ],
)
def test_what_is_no_logo_changes_nothing(server, console, picture, media_type, status, code):
    before = put(console, png(colour=3)).json()["logoUrl"]
    answer = put(console, picture, media_type)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert server.client().get(before).status_code == 200


def test_only_administrators_change_it(server, integrator_api, console):
    agent = AgentActor(server, server.demo["account"], **server.demo["agent"]).client
    for client in (agent, integrator_api):
        answer = put(client, png())
        assert (answer.status_code, answer.json()["code"]) == (403, "auth.wrong_role")
        client.problem("DELETE", "/admin/logo", status=403, code="auth.wrong_role")
    assert put(server.client(), png()).status_code == 401
    for wrong in ("red", "#fff", "#12345g"):
        console.problem("PATCH", "/admin/tenant", {"brandColour": wrong}, status=400, code="field.invalid")
