"""WHIP and WHEP as resources (RFC 9725): what each method and each wrong request gets. No packet flows here."""

import pytest

from support.interviews import agent_online, create, waiting_customer
from support.sdp import fragment, offer

SDP = {"Content-Type": "application/sdp"}
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}


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


def test_wrong_requests_get_their_own_answers(server, integrator_api, ringing):
    media, interview, client = ringing
    path = path_of(media["publishUrl"])
    assert client.post(path, data=b"v=0\r\n", headers=SDP).status_code == 400
    assert client.post(path, data=b"\x00\xff nonsense", headers=SDP).status_code == 400
    assert client.post(path, data=offer(), headers={"Content-Type": "text/plain"}).status_code == 415
    assert client.post(path, data=b"v=0\r\n" + b"a=x\r\n" * 14_000, headers=SDP).status_code == 413
    no_codec = client.post(path, data=offer(video="AV1"), headers=SDP)
    assert no_codec.status_code == 406, no_codec.text
    for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE"]:
        refused = client.request(method, path, data=b"", headers=SDP)
        assert (refused.status_code, refused.headers["Allow"]) == (405, "POST, OPTIONS"), method
    options = server.client().request("OPTIONS", path)
    assert (options.status_code, options.headers["Accept-Post"]) == (204, "application/sdp")

    other = create(integrator_api)["interview"]["id"]
    assert client.post(path.replace(interview, other), data=offer(), headers=SDP).status_code == 403
    assert client.post(path.replace(interview, "itv_01ARZ3NDEKTSV4RRFFQ69G5FAV"), data=offer(), headers=SDP).status_code == 403
    assert client.post(path.replace("camera", "screen"), data=offer(), headers=SDP).status_code == 404
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
