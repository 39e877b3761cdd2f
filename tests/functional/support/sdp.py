"""An offer like a browser's camera: sound and picture, BUNDLE, rtcp-mux. Nobody answers at the other end of it."""

FINGERPRINT = ":".join(["AB"] * 32)


def offer(direction="sendonly", video="VP8", ufrag="abcd"):
    lines = [
        "v=0", "o=- 4611731400430051336 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1", "a=msid-semantic: WMS stream",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", "a=rtcp:9 IN IP4 0.0.0.0",
        f"a=ice-ufrag:{ufrag}", "a=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa", "a=ice-options:trickle",
        f"a=fingerprint:sha-256 {FINGERPRINT}", "a=setup:actpass", "a=mid:0", f"a={direction}", "a=rtcp-mux",
        "a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1",
        "m=video 9 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", "a=rtcp:9 IN IP4 0.0.0.0",
        f"a=ice-ufrag:{ufrag}", "a=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa", "a=ice-options:trickle",
        f"a=fingerprint:sha-256 {FINGERPRINT}", "a=setup:actpass", "a=mid:1", f"a={direction}", "a=rtcp-mux",
        f"a=rtpmap:96 {video}/90000", "a=rtcp-fb:96 nack", "a=rtcp-fb:96 nack pli",
    ]
    return "".join(line + "\r\n" for line in lines).encode()


def fragment(ufrag="abcd", pwd="aaaaaaaaaaaaaaaaaaaaaaaa"):
    """A trickle-ice-sdpfrag (RFC 8840) with one candidate."""
    lines = [
        f"a=ice-ufrag:{ufrag}", f"a=ice-pwd:{pwd}", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:0",
        "a=candidate:1 1 udp 2122260223 127.0.0.1 50000 typ host", "a=end-of-candidates",
    ]
    return "".join(line + "\r\n" for line in lines).encode()
