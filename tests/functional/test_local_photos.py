"""Photos by the customer's device, from outside: asked for over the API, uploaded with its hash, kept byte for byte, marked, listed."""

import base64
import hashlib
import struct

import pytest

from support.interviews import agent_online, create, waiting_customer

kMostBytes = 16 * 1024 * 1024
WIDTH, HEIGHT = 64, 48


def grey_jpeg():
    """A baseline JPEG of one grey, made here: 64 × 48, every block of it the same."""
    def segment(marker, body):
        return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body

    quantizer = segment(0xDB, bytes([0]) + bytes([1] * 64))
    frame = segment(0xC0, struct.pack(">BHHB", 8, HEIGHT, WIDTH, 1) + bytes([1, 0x11, 0]))
    # One code of one bit each: DC difference 0, and end of block (ITU-T T.81 annex C).
    codes = segment(0xC4, bytes([0x00] + [1] + [0] * 15 + [0])) + segment(0xC4, bytes([0x10] + [1] + [0] * 15 + [0]))
    scan = segment(0xDA, bytes([1, 1, 0x00, 0, 63, 0]))
    blocks = WIDTH // 8 * (HEIGHT // 8)
    bits = "00" * blocks
    bits += "1" * (-len(bits) % 8)
    data = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)).replace(b"\xff", b"\xff\x00")
    return b"\xff\xd8" + quantizer + frame + codes + scan + data + b"\xff\xd9"


def with_exif(jpeg, orientation):
    tiff = b"MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01" + struct.pack(">HH", orientation, 0) + b"\0\0\0\0"
    body = b"Exif\0\0" + tiff + b"31.2304N 121.4737E"
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def digest(body):
    return {"Content-Type": "image/jpeg", "Content-Digest": f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"}


@pytest.fixture
def talking(server, integrator_api):
    created = create(integrator_api)
    interview = created["interview"]["id"]
    with agent_online(server) as agent:
        customer = waiting_customer(server, created)
        agent.wait_ring(interview)
        agent.act(interview, "answer")
        customer.wait(lambda s: s["status"] == "talking")
        yield agent, customer, interview
        agent.client.post(f"/agent/interviews/{interview}/outcome", {"kind": "passed"})


@pytest.fixture
def administrator(server):
    client = server.client()
    demo = server.demo
    signed_in = client.ok("POST", "/auth/sign-in", {"tenant": demo["account"], **demo["administrator"]})
    client.token = signed_in["token"]
    yield client
    client.ok("PATCH", "/admin/tenant", {"customerPhotos": "view", "callOrientation": "any"})


def ask(agent, interview, **wanted):
    return agent.act(interview, "photos", {"source": "local", **wanted})


def settled(agent, photo):
    state = agent.wait_interview(lambda s: any(p["id"] == photo and p["status"] != "pending" for p in s["photos"]))
    return next(p for p in state["photos"] if p["id"] == photo)


def upload(customer, photo, body, **options):
    return customer.client.request("POST", f"/customer/photos/{photo}/original", data=body, headers=digest(body), **options)


def test_a_photo_of_the_customers_device_is_kept_as_it_came_and_marked(server, integrator_api, talking):
    agent, customer, interview = talking
    photo = ask(agent, interview, category="id_front")
    assert (photo["status"], photo["source"], photo["category"]) == ("pending", "local", "id_front")
    asked = customer.socket.wait("photo.requested")
    assert (asked["photoId"], asked["category"], asked["until"]) == (photo["id"], "id_front", photo["until"])
    assert customer.wait(lambda s: "photoRequest" in s)["photoRequest"]["photoId"] == photo["id"]
    agent.client.problem("POST", f"/agent/interviews/{interview}/photos", {"source": "local"}, status=409, code="photo.already_asked")

    body = with_exif(grey_jpeg(), orientation=6)
    answer = upload(customer, photo["id"], body)
    assert answer.status_code == 202, answer.text
    assert "sha256" not in answer.json()
    ready = settled(agent, photo["id"])
    assert ready["status"] == "ready", ready
    assert ready["sha256"] == hashlib.sha256(body).hexdigest()
    assert (ready["width"], ready["height"]) == (HEIGHT, WIDTH), "upright, as the device was held"
    assert "until" not in ready

    original = agent.client.get(ready["originalUrl"])
    assert original.content == body
    marked = integrator_api.get(ready["watermarkedUrl"])
    assert marked.headers["Content-Type"] == "image/jpeg"
    assert marked.content != body and b"Exif" not in marked.content and b"121.4737E" not in marked.content
    assert hashlib.sha256(marked.content).hexdigest() == ready["watermarkedSha256"]

    state = customer.wait(lambda s: s.get("photos"))
    assert "photoRequest" not in state
    mine = state["photos"][0]
    assert customer.client.get(mine["watermarkedUrl"]).content == marked.content
    assert {"originalUrl", "sha256"} & mine.keys() == set()
    customer.client.problem("GET", f"/customer/photos/{photo['id']}/original", status=404, code="photo.unknown")

    outcome = agent.act(interview, "outcome", {"kind": "passed"})["interview"]["outcome"]
    assert [(p["id"], p["source"], p["category"]) for p in outcome["photos"]] == [(photo["id"], "local", "id_front")]
    entries = integrator_api.ok("GET", f"/interviews/{interview}/timeline")["items"]
    kinds = [entry["kind"] for entry in entries]
    assert kinds.index("photo_requested") < kinds.index("photo_taken") < kinds.index("concluded")
    taken = next(entry["data"] for entry in entries if entry["kind"] == "photo_taken")
    assert (taken["source"], taken["category"], taken["sha256"]) == ("local", "id_front", ready["sha256"])
    assert "121.4737E" not in server.log()


def test_what_is_wrong_with_an_upload_is_said_and_changes_nothing(integrator_api, talking):
    agent, customer, interview = talking
    photo = ask(agent, interview)["id"]
    path = f"/customer/photos/{photo}/original"
    jpeg = grey_jpeg()
    send = lambda body, headers: {"data": body, "headers": headers}
    refused = [
        (400, "photo.digest_missing", send(jpeg, {"Content-Type": "image/jpeg"})),
        (400, "photo.digest_missing", send(jpeg, {"Content-Type": "image/jpeg", "Content-Digest": "sha-256=:AAAA:"})),
        (400, "photo.digest_mismatch", send(jpeg, digest(jpeg + b"x"))),
        (415, "photo.not_jpeg", send(jpeg, {**digest(jpeg), "Content-Type": "image/png"})),
        (415, "photo.not_jpeg", send(b"GIF89a", digest(b"GIF89a"))),
        (413, "photo.too_large", send(jpeg + bytes(kMostBytes), digest(jpeg + bytes(kMostBytes)))),
    ]
    for status, code, options in refused:
        customer.client.problem("POST", path, status=status, code=code, **options)
    # Somebody else's credentials.
    assert agent.client.request("POST", path, **send(jpeg, digest(jpeg))).status_code == 403
    assert integrator_api.request("POST", path, **send(jpeg, digest(jpeg))).status_code == 403
    other = waiting_customer(customer.server, create(integrator_api, businessId="B-10", nickName="other-10"))
    other.client.problem("POST", path, status=404, code="photo.unknown", **send(jpeg, digest(jpeg)))
    other.client.ok("POST", "/customer/leave")

    pending = next(p for p in agent.client.ok("GET", f"/agent/interviews/{interview}")["photos"] if p["id"] == photo)
    assert pending["status"] == "pending"
    # A JPEG by its first bytes that is none: taken, and found out where it is decoded.
    assert upload(customer, photo, b"\xff\xd8\xff" + bytes(500)).status_code == 202
    assert settled(agent, photo)["failure"] == "photo.damaged"
    customer.client.problem("POST", path, status=409, code="photo.not_asked", **send(jpeg, digest(jpeg)))


def test_the_customer_says_no_and_a_retake_takes_the_place(integrator_api, talking):
    agent, customer, interview = talking
    photo = ask(agent, interview)["id"]
    customer.client.problem("POST", f"/customer/photos/{photo}/refusal", {"code": "bored"}, status=400, code="field.invalid")
    assert customer.client.post(f"/customer/photos/{photo}/refusal", {"code": "refused"}).status_code == 204
    assert settled(agent, photo)["failure"] == "photo.refused"

    first = ask(agent, interview, category="signature")["id"]
    assert upload(customer, first, grey_jpeg()).status_code == 202
    assert settled(agent, first)["status"] == "ready"
    agent.client.problem("POST", f"/agent/interviews/{interview}/photos", {"category": "selfie"}, status=400, code="field.invalid")
    agent.client.problem("POST", f"/agent/interviews/{interview}/photos", {"replaces": "pho_nothing"}, status=404, code="photo.unknown")
    second = ask(agent, interview, replaces=first)
    assert second["category"] == "signature"
    assert upload(customer, second["id"], grey_jpeg()).status_code == 202
    assert settled(agent, second["id"])["replaces"] == first
    assert settled(agent, first)["replacedBy"] == second["id"]
    outcome = agent.act(interview, "outcome", {"kind": "passed"})["interview"]["outcome"]
    assert [p["id"] for p in outcome["photos"]] == [second["id"]]
    third = customer.client.request("POST", f"/customer/photos/{second['id']}/original", data=grey_jpeg(), headers=digest(grey_jpeg()))
    assert (third.status_code, third.json()["code"]) == (409, "interview.not_talking")


def test_customers_see_and_delete_as_the_company_lets_them(talking, administrator, integrator_api):
    agent, customer, interview = talking
    photo = ask(agent, interview)["id"]
    upload(customer, photo, grey_jpeg())
    settled(agent, photo)
    path = f"/customer/photos/{photo}"
    assert [p["id"] for p in customer.client.ok("GET", "/customer/photos")["items"]] == [photo]
    customer.client.problem("DELETE", path, status=403, code="photo.not_allowed")

    administrator.problem("PATCH", "/admin/tenant", {"customerPhotos": "all"}, status=400, code="field.invalid")
    assert administrator.ok("PATCH", "/admin/tenant", {"customerPhotos": "none"})["customerPhotos"] == "none"
    assert customer.client.ok("GET", "/customer/photos")["items"] == []
    customer.client.problem("GET", f"{path}/watermarked", status=404, code="photo.unknown")
    customer.client.problem("GET", f"/interviews/{interview}/photos/{photo}/watermarked", status=404, code="photo.unknown")
    assert "photos" not in customer.client.ok("GET", "/customer/state")

    administrator.ok("PATCH", "/admin/tenant", {"customerPhotos": "view_and_delete"})
    assert customer.client.request("DELETE", path).status_code == 204
    customer.client.problem("GET", f"{path}/watermarked", status=404, code="photo.unknown")
    agent.wait_interview(lambda s: not s["photos"])
    deleted = [e for e in integrator_api.ok("GET", f"/interviews/{interview}/timeline")["items"] if e["kind"] == "photo_deleted"]
    assert deleted[0]["data"]["by"].startswith("cus_")
    assert integrator_api.get(f"/interviews/{interview}/photos/{photo}/original").content == grey_jpeg()


def test_devices_and_landscape_reach_the_other_side(talking, administrator, integrator_api):
    agent, customer, interview = talking
    customer.socket.send({"v": 1, "type": "device", "device": "microphone", "state": "interrupted"})
    seen = agent.wait_interview(lambda s: s.get("customerDevices"))["customerDevices"]
    assert [(d["device"], d["state"]) for d in seen] == [("microphone", "interrupted")]
    customer.socket.send({"v": 1, "type": "device", "device": "microphone", "state": "resumed"})
    agent.wait_interview(lambda s: s["customerDevices"][0]["state"] == "resumed")
    kinds = [entry["kind"] for entry in integrator_api.ok("GET", f"/interviews/{interview}/timeline")["items"]]
    assert kinds.index("customer_device_lost") < kinds.index("customer_device_back")

    path = f"/agent/interviews/{interview}/orientation"
    agent.client.problem("PUT", path, {"orientation": "upside_down"}, status=400, code="field.invalid")
    assert agent.client.ok("PUT", path, {"orientation": "landscape"})["orientation"] == "landscape"
    customer.wait(lambda s: s["orientation"] == "landscape")
    customer.client.problem("PUT", path, {"orientation": "any"}, status=403, code="auth.wrong_role")
