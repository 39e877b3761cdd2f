"""A WHIP publisher and WHEP viewer on Debian's aiortc. Reads one JSON command a line, answers with one JSON line.

Needs the distribution's python3-aiortc; run with the PEM file of the server's authority as its argument.
"""

import asyncio
import fractions
import json
import math
import ssl
import sys
import urllib.parse
import urllib.request

import aioice.ice
import av
import numpy
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCRtpSender, RTCSessionDescription, VideoStreamTrack

WIDTH, HEIGHT, CELLS = 640, 360, 4
SAMPLE_RATE, SAMPLES = 48_000, 960

av.logging.set_level(av.logging.ERROR)
# aioice leaves loopback out of its host candidates; these tests have nothing else.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"] if use_ipv4 else []


class Picture(VideoStreamTrack):
    """Cells that show the bits of a counter, most significant first."""

    counter = 0

    async def recv(self):
        pts, time_base = await self.next_timestamp()
        self.counter += 1
        plane = numpy.zeros((HEIGHT, WIDTH, 3), numpy.uint8)
        for bit in range(CELLS * CELLS):
            if (self.counter >> (CELLS * CELLS - 1 - bit)) & 1:
                top, left = bit // CELLS * HEIGHT // CELLS, bit % CELLS * WIDTH // CELLS
                plane[top : top + HEIGHT // CELLS, left : left + WIDTH // CELLS] = 255
        frame = av.VideoFrame.from_ndarray(plane, format="rgb24")
        frame.pts, frame.time_base = pts, time_base
        return frame


class Tone(MediaStreamTrack):
    kind = "audio"
    sent = 0
    began = None

    async def recv(self):
        loop = asyncio.get_running_loop()
        self.began = self.began or loop.time()
        await asyncio.sleep(max(0, self.began + self.sent / SAMPLE_RATE - loop.time()))
        at = numpy.arange(self.sent, self.sent + SAMPLES)
        tone = (8000 * numpy.sin(at * 2 * math.pi * 440 / SAMPLE_RATE)).astype(numpy.int16)
        frame = av.AudioFrame.from_ndarray(tone.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, self.sent, fractions.Fraction(1, SAMPLE_RATE)
        self.sent += SAMPLES
        return frame


class Peer:
    def __init__(self, authority):
        self.tls = ssl.create_default_context(cafile=authority)
        self.open = []
        self.counters = []
        self.sound_energy = 0.0
        self.tasks = []

    def http(self, method, url, token, body=None):
        request = urllib.request.Request(url, data=body, method=method, headers={"Authorization": f"Bearer {token}"})
        if body is not None:
            request.add_header("Content-Type", "application/sdp")
        try:
            with urllib.request.urlopen(request, context=self.tls, timeout=20) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method}: {error.code} {error.read().decode()}") from error

    async def offer(self, url, token, peer):
        await peer.setLocalDescription(await peer.createOffer())
        status, headers, sdp = await asyncio.to_thread(self.http, "POST", url, token, peer.localDescription.sdp.encode())
        assert status == 201, status
        await peer.setRemoteDescription(RTCSessionDescription(sdp=sdp, type="answer"))
        self.open.append((peer, urllib.parse.urljoin(url, headers["Location"])))

    def prefer(self, transceiver, codec):
        wanted = (f"video/{codec}".lower(), "video/rtx")
        codecs = [c for c in RTCRtpSender.getCapabilities("video").codecs if c.mimeType.lower() in wanted]
        transceiver.setCodecPreferences(codecs)

    async def publish(self, url, token, codec):
        peer = RTCPeerConnection()
        peer.addTransceiver(Tone(), direction="sendonly")
        self.prefer(peer.addTransceiver(Picture(), direction="sendonly"), codec)
        await self.offer(url, token, peer)
        return {}

    async def watch(self, url, token, codec):
        peer = RTCPeerConnection()
        peer.on("track", lambda track: self.tasks.append(asyncio.ensure_future(self.receive(track))))
        peer.addTransceiver("audio", direction="recvonly")
        self.prefer(peer.addTransceiver("video", direction="recvonly"), codec)
        await self.offer(url, token, peer)
        return {}

    async def receive(self, track):
        while True:
            frame = await track.recv()
            if track.kind == "audio":
                samples = frame.to_ndarray().astype(numpy.float64).reshape(-1, len(frame.layout.channels))[:, 0] / 32768
                self.sound_energy += float((samples**2).sum() / frame.sample_rate)
            else:
                luma = frame.to_ndarray(format="gray")
                counter = 0
                for bit in range(CELLS * CELLS):
                    y = int((bit // CELLS + 0.5) * luma.shape[0] / CELLS)
                    x = int((bit % CELLS + 0.5) * luma.shape[1] / CELLS)
                    counter = counter * 2 + int(luma[y, x] > 128)
                self.counters.append(counter)

    async def seen(self):
        for task in self.tasks:
            if task.done() and task.exception():
                raise task.exception()
        return {"counters": self.counters, "soundEnergy": self.sound_energy}

    async def close(self, token):
        for task in self.tasks:
            task.cancel()
        for peer, session in self.open:
            status, _, _ = await asyncio.to_thread(self.http, "DELETE", session, token)
            assert status == 200, status
            await peer.close()
        return {}


async def main():
    peer = Peer(sys.argv[1])
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        command = json.loads(line)
        try:
            answer = await getattr(peer, command.pop("do"))(**command)
        except Exception as error:  # told to whoever asked, who fails with it
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


asyncio.run(main())
