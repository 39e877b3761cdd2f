"""WHIP and WHEP as resources (RFC 9725): what each method and each wrong request gets. No packet flows here."""

import base64
import hmac
import time

import pytest

from support.interviews import agent_online, create, waiting_customer
from support.sdp import fragment, offer

SDP = {"Content-Type": "application/sdp"}
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}


def server_sections(folder):
    secret = folder / "turn.secret"
    secret.write_text("secret-of-the-test\n")
    return {
        "server": {"allowed_origins": ["https://bank.example"]},
        "media": {
            "ice_servers": ["stun:stun.test:3478"],
            "turn_servers": ["turn:turn.test:3478?transport=udp", "turns:turn.test:5349?transport=tcp"],
            "turn_secret_file": str(secret),
        },
    }


@pytest.fixture
def ringing(server, integrator_api):
    """The customer's media access while an agent is rung: both sides may connect from then on."""
    created = create(integrator_api)
    with agent_online(server) as agent:
        customer = waiting_customer(server, created)
        agent.wait_ring(created["interview"]["id"])
        state = customer.wait(lambda s: s["status"] == "ringing" and "media" in s)
        yield state["media"], created["interview"]["id"], server.client(state["media"]["token"])
        customer.client.post("/customer/leave")
        customer.wait(lambda s: s["status"] == "ended")


def path_of(url):
    return url[url.index("/api/"):]


def test_a_stream_is_published_and_the_resource_says_how_it_goes_on(server, ringing):
    media, interview, client = ringing
    answer = client.post(path_of(media["publishUrl"]), data=offer(), headers=SDP)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Content-Type"] == "application/sdp"
    assert answer.headers["ETag"].startswith('"') and answer.headers["ETag"].endswith('"')
    session = answer.headers["Location"]
    assert session.startswith("/api/v1/media/sessions/")
    lines = answer.text.splitlines()
    assert lines[0] == "v=0" and "a=ice-lite" in lines and "a=setup:passive" in lines
    assert "a=recvonly" in lines and any(line.startswith("a=candidate:") for line in lines)

    etag = answer.headers["ETag"]
    assert client.request("PATCH", session, data=fragment(), headers={**FRAGMENT, "If-Match": etag}).status_code == 204
    without = client.request("PATCH", session, data=fragment(), headers=FRAGMENT)
    assert (without.status_code, without.json()["code"]) == (428, "media_session.if_match_required")
    assert client.request("PATCH", session, data=fragment(), headers={**FRAGMENT, "If-Match": '"another"'}).status_code == 412
    restarted = client.request("PATCH", session, data=fragment("efgh", "b" * 24), headers={**FRAGMENT, "If-Match": "*"})
    assert restarted.status_code == 200, restarted.text
    assert restarted.headers["ETag"] != etag and "a=ice-ufrag:" in restarted.text
    assert client.request("PATCH", session, data=fragment(), headers={**FRAGMENT, "If-Match": etag}).status_code == 412
    assert client.request("PATCH", session, data=b"x", headers={**SDP, "If-Match": "*"}).status_code == 415

    stranger = server.client().request("DELETE", session)
    assert stranger.status_code == 401
    assert client.request("DELETE", session).status_code == 200
    assert client.request("DELETE", session).status_code == 404
    assert client.request("PATCH", session, data=fragment(), headers={**FRAGMENT, "If-Match": "*"}).status_code == 404


def test_a_stream_can_be_watched_before_it_is_published(ringing):
    media, interview, client = ringing
    answer = client.post(path_of(media["watchUrl"]), data=offer("recvonly"), headers=SDP)
    assert answer.status_code == 201, answer.text
    assert "a=sendonly" in answer.text.splitlines()
    assert client.request("DELETE", answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("url", ["publishUrl", "watchUrl"])
def test_endpoints_and_sessions_have_no_representation(server, ringing, url):
    """RFC 9725 section 4.1 and draft-ietf-wish-whep-03 section 4.1: success with no content."""
    media, interview, client = ringing
    path = path_of(media[url])
    for method in ["GET", "HEAD"]:
        shown = client.request(method, path)
        assert (shown.status_code, shown.content) == (204, b""), method
        assert server.client().request(method, path).status_code == 401
    options = server.client().request("OPTIONS", path)
    assert (options.status_code, options.headers["Accept-Post"]) == (200, "application/sdp")

    created = client.post(path, data=offer("sendonly" if url == "publishUrl" else "recvonly"), headers=SDP)
    session, etag = created.headers["Location"], created.headers["ETag"]
    for method in ["GET", "HEAD"]:
        shown = client.request(method, session)
        assert (shown.status_code, shown.content, shown.headers["ETag"]) == (204, b"", etag), method
        assert server.client().request(method, session).status_code == 401
    trickled = client.request("PATCH", session, data=fragment(), headers={**FRAGMENT, "If-Match": etag})
    assert (trickled.status_code, "ETag" in trickled.headers) == (204, False)
    restarted = client.request("PATCH", session, data=fragment("efgh", "b" * 24), headers={**FRAGMENT, "If-Match": "*"})
    assert restarted.status_code == 200
    same = [line for line in created.text.splitlines() if line.startswith(("a=ice-options", "a=ice-lite"))]
    assert same and all(line in restarted.text.splitlines() for line in same)
    assert client.request("GET", session).headers["ETag"] == restarted.headers["ETag"]
    assert client.request("DELETE", session, headers={"If-Match": '"long gone"'}).status_code == 200
    assert client.request("GET", session).status_code == 404
    for method in ["POST", "PUT"]:
        assert client.request(method, session, data=b"").status_code == 405


def test_a_page_of_another_origin_may_use_media(server, ringing):
    media, interview, client = ringing
    path = path_of(media["publishUrl"])
    preflight = server.client().request("OPTIONS", path, headers={
        "Origin": "https://bank.example", "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,if-match"})
    assert preflight.headers["Access-Control-Allow-Origin"] == "https://bank.example"
    allowed = preflight.headers["Access-Control-Allow-Headers"].lower()
    assert all(name in allowed for name in ["authorization", "content-type", "if-match"])
    answer = client.post(path, data=offer(), headers={**SDP, "Origin": "https://bank.example"})
    exposed = answer.headers["Access-Control-Expose-Headers"].lower()
    assert all(name in exposed for name in ["location", "etag", "link"])
    foreign = server.client().request("OPTIONS", path, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
    assert "Access-Control-Allow-Origin" not in foreign.headers
    assert client.request("DELETE", answer.headers["Location"]).status_code == 200


def test_ice_servers_come_as_links_with_credentials_that_expire(server, ringing):
    media, interview, client = ringing
    answer = client.post(path_of(media["publishUrl"]), data=offer(), headers=SDP)
    link = answer.headers["Link"]
    assert '<stun:stun.test:3478>; rel="ice-server"' in link
    assert '<turns:turn.test:5349?transport=tcp>; rel="ice-server"; username="' in link
    assert ':customer"; credential="' in link and 'credential-type="password"' in link
    assert "secret-of-the-test" not in link + answer.text + str(media)
    turn = media["iceServers"][1]
    assert turn["urls"] == ["turn:turn.test:3478?transport=udp", "turns:turn.test:5349?transport=tcp"]
    expiry, holder = turn["username"].split(":")
    assert holder == "customer" and int(expiry) > time.time() + 11 * 3600
    wanted = base64.b64encode(hmac.digest(b"secret-of-the-test", turn["username"].encode(), "sha1")).decode()
    assert turn["credential"] == wanted
    assert client.request("DELETE", answer.headers["Location"]).status_code == 200


def test_wrong_requests_get_their_own_answers(server, integrator_api, ringing):
    media, interview, client = ringing
    path = path_of(media["publishUrl"])
    assert client.post(path, data=b"v=0\r\n", headers=SDP).status_code == 400
    assert client.post(path, data=b"\x00\xff nonsense", headers=SDP).status_code == 400
    assert client.post(path, data=offer(), headers={"Content-Type": "text/plain"}).status_code == 415
    assert client.post(path, data=b"v=0\r\n" + b"a=x\r\n" * 14_000, headers=SDP).status_code == 413
    for missing in [b"a=fingerprint", b"a=ice-ufrag", b"a=ice-pwd", b"a=rtcp-mux"]:
        lines = [line for line in offer().split(b"\r\n") if not line.startswith(missing)]
        lacking = client.post(path, data=b"\r\n".join(lines), headers=SDP)
        assert lacking.status_code == 400 and lacking.json()["code"].startswith("sdp."), missing
    no_codec = client.post(path, data=offer(video="AV1"), headers=SDP)
    assert no_codec.status_code == 406, no_codec.text
    for method in ["PUT", "PATCH", "DELETE"]:
        refused = client.request(method, path, data=b"", headers=SDP)
        assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, POST, OPTIONS"), method

    other = create(integrator_api)["interview"]["id"]
    assert client.post(path.replace(interview, other), data=offer(), headers=SDP).status_code == 403
    assert client.post(path.replace(interview, "itv_01ARZ3NDEKTSV4RRFFQ69G5FAV"), data=offer(), headers=SDP).status_code == 403
    assert client.post(path.replace("camera", "another"), data=offer(), headers=SDP).status_code == 404
    assert server.client(client.token[:-2] + "xx").post(path, data=offer(), headers=SDP).status_code == 401


def test_the_token_is_void_after_the_end(server, integrator_api):
    created = create(integrator_api)
    with agent_online(server) as agent:
        customer = waiting_customer(server, created)
        agent.wait_ring(created["interview"]["id"])
        media = customer.wait(lambda s: s["status"] == "ringing" and "media" in s)["media"]
        client = server.client(media["token"])
        published = client.post(path_of(media["publishUrl"]), data=offer(), headers=SDP)
        assert published.status_code == 201
        customer.client.ok("POST", "/customer/leave")
        assert client.post(path_of(media["publishUrl"]), data=offer(), headers=SDP).status_code in (401, 410)
