"""What is played in conversations: files that are uploaded or fetched, what is refused, who may."""

import pathlib
import socket
import ssl
import subprocess

import pytest

from conftest import wait_until
from support.actors import AgentActor
from support.interviews import agent_online, create, waiting_customer

PREPARED_WITHIN_S = 120


def film(folder, seconds=2, name="film.mp4"):
    path = pathlib.Path(folder) / name
    subprocess.run(
        ["ffmpeg", "-nostdin", "-y", "-loglevel", "error", "-f", "lavfi", "-i", f"testsrc2=size=320x240:rate=25:duration={seconds}",
         "-f", "lavfi", "-i", f"sine=440:duration={seconds}", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", str(path)],
        check=True,
    )
    return path.read_bytes()


@pytest.fixture
def admin(server):
    demo = server.demo
    actor = AgentActor(server, demo["account"], demo["administrator"]["name"], demo["administrator"]["password"])
    return actor.client


def upload(admin, body, title="风险提示", kind="video"):
    return admin.request("POST", f"/admin/media?title={title}&kind={kind}", data=body,
                         headers={"Content-Type": "application/octet-stream"})


def item(admin, media_id):
    return next(i for i in admin.ok("GET", "/admin/media")["items"] if i["id"] == media_id)


def settled(admin, media_id):
    return wait_until(lambda: (lambda i: i if i["status"] in ("ready", "failed") else None)(item(admin, media_id)),
                      PREPARED_WITHIN_S, "the medium to be prepared")


def test_an_uploaded_film_is_prepared_and_played_to_both_sides(server, integrator_api, admin, tmp_path):
    answer = upload(admin, film(tmp_path))
    assert answer.status_code == 201, answer.text
    media = settled(admin, answer.json()["id"])
    assert media["status"] == "ready", media
    assert (media["width"], media["height"], media["hasSound"]) == (320, 240, True)
    assert abs(media["durationMs"] - 2000) < 150

    with agent_online(server) as agent:
        created = create(integrator_api)
        customer = waiting_customer(server, created)
        interview = customer.interview
        agent.wait_ring(interview)
        agent.act(interview, "answer")
        assert media["id"] in [i["id"] for i in agent.client.ok("GET", "/agent/media")["items"]]
        playing = agent.act(interview, "player", {"mediaId": media["id"]})
        assert playing["state"] == "playing" and playing["durationMs"] == media["durationMs"]
        shown = customer.wait(lambda s: s.get("player"))["player"]
        assert shown["title"] == "风险提示"
        paused = agent.act(interview, "player", {"action": "pause"}, method="PATCH")
        assert paused["state"] == "paused"
        assert customer.wait(lambda s: s.get("player", {}).get("state") == "paused")
        sought = agent.act(interview, "player", {"action": "seek", "positionMs": 1700}, method="PATCH")
        assert sought["positionMs"] == 1000  # the keyframe before
        agent.act(interview, "player", {"action": "play"}, method="PATCH")
        customer.wait(lambda s: not s.get("player"))  # it ends by itself
        agent.client.problem("PATCH", f"/agent/interviews/{interview}/player", {"action": "pause"},
                             status=409, code="player.nothing_plays")
        agent.act(interview, "player", {"mediaId": media["id"]})
        agent.act(interview, "player", method="DELETE")
        agent.act(interview, "hang-up")
        kinds = [e["kind"] for e in integrator_api.ok("GET", f"/interviews/{interview}/timeline")["items"]]
        expected = ["player_started", "player_paused", "player_sought", "player_resumed", "player_ended", "player_started", "player_ended"]
        assert [k for k in kinds if k.startswith("player_")] == expected
        customer.socket.close()


def test_what_is_no_film_ends_as_failed_with_a_reason(admin):
    media = settled(admin, upload(admin, b"\x00" * 50_000, "nothing").json()["id"])
    assert (media["status"], media["failure"]) == ("failed", "media_item.not_media")
    assert admin.request("DELETE", f"/admin/media/{media['id']}").status_code == 204
    admin.problem("DELETE", f"/admin/media/{media['id']}", status=404, code="media_item.unknown")


def test_uploads_are_checked_before_the_body_is_taken(server, admin, integrator_api):
    agent = AgentActor(server, server.demo["account"], server.demo["agent"]["name"], server.demo["agent"]["password"]).client
    octets = {"Content-Type": "application/octet-stream"}
    agent.problem("POST", "/admin/media?title=x", data=b"film", headers=octets, status=403, code="auth.wrong_role")
    server.client().problem("POST", "/admin/media?title=x", data=b"film", headers=octets, status=401, code="auth.required")
    admin.problem("POST", "/admin/media", data=b"film", headers=octets, status=400, code="field.invalid")
    admin.problem("POST", "/admin/media?title=x&kind=book", data=b"film", headers=octets, status=400, code="field.invalid")
    admin.problem("POST", "/admin/media?title=x", data=b"", headers=octets, status=400, code="media_item.empty")


def test_a_body_beyond_the_limit_is_refused_at_once(admin):
    def too_much():
        yield b"\x00" * 1024

    session = admin.session
    answer = session.post(admin.origin + "/api/v1/admin/media?title=x", data=too_much(), timeout=30, allow_redirects=False,
                          headers={"Authorization": f"Bearer {admin.token}", "Content-Type": "application/octet-stream"})
    assert answer.status_code == 201  # chunked bodies are fine
    # A length that is announced as too large is answered before anything is sent.
    raw = socket.create_connection(("127.0.0.1", int(admin.origin.rsplit(":", 1)[1])))
    context = ssl.create_default_context(cafile=session.verify)
    with context.wrap_socket(raw, server_hostname="localhost") as tls:
        tls.sendall(b"POST /api/v1/admin/media?title=x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 536870913\r\n"
                    + f"Authorization: Bearer {admin.token}\r\n\r\n".encode())
        tls.settimeout(20)
        assert b" 413 " in tls.recv(4096).split(b"\r\n")[0]


def test_a_large_json_body_is_still_refused(integrator_api):
    integrator_api.problem("POST", "/interviews", data=b"{" + b" " * (256 * 1024) + b"}",
                           headers={"Content-Type": "application/json"}, status=413, code="body.too_large")


def test_addresses_are_fetched_under_the_outgoing_rules(server, admin, integrator, integrator_api, tmp_path):
    for url, code in [("https://127.0.0.1/film.mp4", "outgoing.private_address"), ("http://example.com/film.mp4", "outgoing.not_https"),
                      ("https://10.0.0.8/film.mp4", "outgoing.private_address")]:
        admin.problem("POST", "/admin/media/from-url", {"url": url, "title": "film"}, status=422, code=code)
        queue = integrator_api.ok("GET", "/queues")["items"][0]["id"]
        integrator_api.problem("POST", "/interviews", {"businessId": "B-1", "queueId": queue, "companyName": "演示银行",
                               "nickName": "n", "riskVideoUrl": url}, status=422, code=code)

    integrator.order_raw = film(tmp_path)
    integrator.order_headers = {"ETag": '"one"'}
    try:
        created = admin.ok("POST", "/admin/media/from-url", {"url": integrator.url + "/film.mp4", "title": "fetched"})
        media = settled(admin, created["id"])
        assert media["status"] == "ready", media
        integrator.order_status, integrator.order_headers = 302, {"Location": integrator.url + "/elsewhere"}
        created = admin.ok("POST", "/admin/media/from-url", {"url": integrator.url + "/moved.mp4", "title": "moved"})
        media = settled(admin, created["id"])
        assert (media["status"], media["failure"]) == ("failed", "media_item.download_refused")
    finally:
        integrator.order_status, integrator.order_headers, integrator.order_raw = 200, {}, None


def test_a_risk_video_is_fetched_when_the_interview_is_made(server, admin, integrator, integrator_api, tmp_path):
    integrator.order_raw = film(tmp_path, seconds=1)
    try:
        url = integrator.url + "/risk.mp4"
        first = create(integrator_api, riskVideoUrl=url)["interview"]["id"]
        second = create(integrator_api, riskVideoUrl=url)["interview"]["id"]
        state = lambda i: admin.ok("GET", f"/agent/interviews/{i}")["riskVideo"]
        ready = wait_until(lambda: state(first) if state(first)["status"] == "ready" else None, PREPARED_WITHIN_S, "the film")
        assert state(second)["id"] == ready["id"]  # the same film is fetched once
        assert ready["id"] not in [i["id"] for i in admin.ok("GET", "/admin/media")["items"]]
    finally:
        integrator.order_raw = None


def test_a_waiting_customer_hears_the_companys_music_and_the_timeline_says_when(server, integrator_api, admin, tmp_path):
    path = pathlib.Path(tmp_path) / "piece.ogg"
    subprocess.run(["ffmpeg", "-nostdin", "-y", "-loglevel", "error", "-f", "lavfi", "-i", "sine=440:duration=3", "-c:a", "libopus", str(path)],
                   check=True)
    piece = settled(admin, upload(admin, path.read_bytes(), title="our piece", kind="music").json()["id"])
    assert piece["status"] == "ready", piece

    created = create(integrator_api)
    customer = waiting_customer(server, created)
    offered = customer.wait(lambda s: s.get("queueMusic"))["queueMusic"]
    assert offered == {"mediaId": piece["id"], "title": "our piece"}
    answer = customer.client.request("GET", f"/customer/queue-music/{piece['id']}")
    assert answer.status_code == 200 and answer.headers["content-type"] == "audio/mpeg"
    heard = pathlib.Path(tmp_path) / "heard.mp3"
    heard.write_bytes(answer.content)
    length = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(heard)],
                            check=True, capture_output=True, text=True).stdout
    assert abs(float(length) - 3) < 0.2

    # Nobody else's session opens it, and it opens nothing but music.
    stranger = AgentActor(server, server.demo["account"], server.demo["agent"]["name"], server.demo["agent"]["password"])
    assert stranger.client.request("GET", f"/customer/queue-music/{piece['id']}").status_code in (401, 403)
    customer.client.problem("GET", "/customer/queue-music/med_nothing", status=404, code="media_item.unknown")

    def kinds():
        return [e["kind"] for e in integrator_api.ok("GET", f"/interviews/{customer.interview}/timeline")["items"]]

    customer.socket.send({"v": 1, "type": "music", "mediaId": piece["id"]})
    wait_until(lambda: kinds()[-1] == "queue_music_started", 10, "the music to be noted")
    customer.socket.send({"v": 1, "type": "music"})
    wait_until(lambda: kinds()[-1] == "queue_music_ended", 10, "its end to be noted")
    customer.socket.send({"v": 1, "type": "music", "mediaId": piece["id"]})
    wait_until(lambda: kinds()[-1] == "queue_music_started", 10, "the music to be noted")
    customer.client.ok("POST", "/customer/leave")
    assert kinds()[-2:] == ["queue_music_ended", "ended"]
    admin.ok("DELETE", f"/admin/media/{piece['id']}")
