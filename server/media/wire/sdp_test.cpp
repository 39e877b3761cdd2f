#include "media/wire/sdp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tw::media {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// What a Chromium that publishes through WHIP offers, shortened to one format each of what is offered many times.
constexpr std::string_view kChromium =
    "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    "a=group:BUNDLE 0 1\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS stream\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n"
    "a=ice-ufrag:q5Jq\r\na=ice-pwd:ZP4Jtq1RbJ0oA7Vx8G3fY2kL\r\na=ice-options:trickle\r\n"
    "a=fingerprint:sha-256 "
    "0f:74:31:25:cb:a2:13:ec:28:6f:6d:2c:61:ff:5d:c2:bc:b9:db:3d:98:14:8d:1a:bb:ea:33:0c:a4:60:a8:8e\r\n"
    "a=setup:actpass\r\na=mid:0\r\n"
    "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
    "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
    "a=sendonly\r\na=msid:stream track-a\r\na=rtcp-mux\r\na=rtcp-rsize\r\n"
    "a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n"
    "a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:9 G722/8000\r\n"
    "a=ssrc:1732846380 cname:zXyW\r\na=ssrc:1732846380 msid:stream track-a\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 0.0.0.0\r\n"
    "a=ice-ufrag:q5Jq\r\na=ice-pwd:ZP4Jtq1RbJ0oA7Vx8G3fY2kL\r\n"
    "a=fingerprint:sha-256 "
    "0F:74:31:25:CB:A2:13:EC:28:6F:6D:2C:61:FF:5D:C2:BC:B9:DB:3D:98:14:8D:1A:BB:EA:33:0C:A4:60:A8:8E\r\n"
    "a=setup:actpass\r\na=mid:1\r\na=extmap:13 urn:3gpp:video-orientation\r\n"
    "a=extmap:3/recvonly http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01 extra\r\n"
    "a=sendonly\r\na=rtcp-mux\r\n"
    "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 goog-remb\r\na=rtcp-fb:96 ccm fir\r\na=rtcp-fb:96 nack pli\r\n"
    "a=rtcp-fb:* nack\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
    "a=ssrc-group:FID 1117 1118\r\na=ssrc:1117 cname:zXyW\r\na=ssrc:1118 cname:zXyW\r\n";

TEST(SessionDescription, ReadsAnOfferOfChromium) {
  const auto offer = SessionDescription::parse(kChromium);
  ASSERT_TRUE(offer) << offer.error().message;
  EXPECT_THAT(offer->bundle, ElementsAre("0", "1"));
  EXPECT_FALSE(offer->ice_lite);
  ASSERT_EQ(offer->media.size(), 2U);
  const SdpMedia& audio = offer->media[0];
  EXPECT_EQ(audio.kind, "audio");
  EXPECT_EQ(audio.port, 9);
  EXPECT_EQ(audio.protocol, "UDP/TLS/RTP/SAVPF");
  EXPECT_EQ(audio.mid, "0");
  EXPECT_EQ(audio.direction, SdpDirection::sendonly);
  EXPECT_TRUE(audio.rtcp_mux);
  EXPECT_TRUE(audio.rtcp_reduced_size);
  EXPECT_TRUE(audio.extmap_allow_mixed);
  EXPECT_EQ(audio.setup, "actpass");
  EXPECT_EQ(audio.ice_ufrag, "q5Jq");
  EXPECT_EQ(audio.ice_pwd, "ZP4Jtq1RbJ0oA7Vx8G3fY2kL");
  EXPECT_THAT(audio.payload_order, ElementsAre(111, 63, 9, 0));
  const SdpCodec* opus = audio.codec(111);
  ASSERT_NE(opus, nullptr);
  EXPECT_EQ(opus->name, "opus");
  EXPECT_EQ(opus->clock_rate, 48'000U);
  EXPECT_EQ(opus->channels, 2U);
  EXPECT_EQ(opus->parameter("minptime", 0), 10U);
  EXPECT_EQ(opus->parameter("stereo", 7), 7U);
  EXPECT_EQ(opus->parameter_text(), "minptime=10;useinbandfec=1");
  EXPECT_TRUE(opus->has_feedback("transport-cc"));
  EXPECT_FALSE(opus->has_feedback("nack"));
  EXPECT_EQ(audio.codec(0), nullptr) << "a static type without rtpmap";
  EXPECT_EQ(audio.extension_id("urn:ietf:params:rtp-hdrext:sdes:mid"), 4);
  EXPECT_EQ(audio.extension_id("urn:3gpp:video-orientation"), 0);
  EXPECT_EQ(audio.cname, "zXyW");
  EXPECT_THAT(audio.ssrcs, ElementsAre(1'732'846'380U));

  const SdpMedia& video = offer->media[1];
  ASSERT_NE(video.codec(96), nullptr);
  EXPECT_EQ(video.codec(96)->name, "vp8");
  for (const char* feedback : {"goog-remb", "ccm fir", "nack pli", "nack"}) {
    EXPECT_TRUE(video.codec(96)->has_feedback(feedback)) << feedback;
  }
  ASSERT_NE(video.rtx_of(96), nullptr);
  EXPECT_EQ(video.rtx_of(96)->payload_type, 97);
  EXPECT_EQ(video.rtx_of(97), nullptr);
  EXPECT_EQ(video.extension_id("http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"), 3);
  EXPECT_THAT(video.rtx_ssrcs, ElementsAre(std::pair(1117U, 1118U)));
  EXPECT_EQ(audio.fingerprint, video.fingerprint) << "letters are made capital";
}

/// The one medium of a description with `lines` at session level and `media_lines` below m=video.
SdpMedia only_medium(const std::string& lines, const std::string& media_lines,
                     const std::string& m = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n") {
  const auto parsed =
      SessionDescription::parse("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" + lines + m + media_lines);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed && !parsed->media.empty() ? parsed->media[0] : SdpMedia{};
}

TEST(SessionDescription, TakesTheTrapsOfRealOffers) {
  EXPECT_TRUE(only_medium("a=group:BUNDLE x\r\n", "a=mid:x\r\na=bundle-only\r\n", "m=audio 0 UDP/TLS/RTP/SAVPF 111\r\n")
                  .bundle_only);
  EXPECT_EQ(only_medium("", "a=mid:{f00} ü+~!\r\n").mid, "{f00} ü+~!");
  EXPECT_EQ(only_medium("", "a=rtpmap:96 OPUS/48000/2\r\n").codec(96)->name, "opus");
  EXPECT_EQ(only_medium("", "a=rtpmap:96 opus/48000\r\n").codec(96)->channels, 1U);
  const SdpMedia h264 = only_medium("", "a=rtpmap:96 H264/90000\r\na=fmtp:96 profile-level-id=42e01f\r\n");
  EXPECT_EQ(h264.codec(96)->parameter("packetization-mode", 0), 0U) << "absent means 0";
  EXPECT_EQ(h264.codec(96)->parameters.at("profile-level-id"), "42e01f");
  const SdpMedia spaced =
      only_medium("", "a=fmtp:96 Packetization-Mode=1; profile-level-id=42e01f;;x\r\na=rtpmap:96 H264/90000\r\n");
  EXPECT_EQ(spaced.codec(96)->parameter("packetization-mode", 0), 1U) << "fmtp before rtpmap, capitals, spaces";
  EXPECT_EQ(spaced.codec(96)->name, "h264");
  EXPECT_THAT(only_medium("",
                          "a=candidate:1 1 tcp 1 10.0.0.1 9 typ host tcptype active\r\n"
                          "a=candidate:2 1 udp 1 fe80::1 9 typ host\r\n")
                  .candidates,
              ElementsAre("1 1 tcp 1 10.0.0.1 9 typ host tcptype active", "2 1 udp 1 fe80::1 9 typ host"));
  EXPECT_EQ(only_medium("a=setup:actpass\r\na=ice-ufrag:abcd\r\na=ice-pwd:p\r\na=fingerprint:sha-512 aa:bb\r\n", "")
                .fingerprint,
            (SdpFingerprint{"sha-512", "AA:BB"}))
      << "session level is handed down";
  EXPECT_EQ(only_medium("a=ice-ufrag:abcd\r\n", "a=ice-ufrag:efgh\r\n").ice_ufrag, "efgh");
  EXPECT_EQ(only_medium("a=recvonly\r\n", "").direction, SdpDirection::recvonly);
  EXPECT_EQ(only_medium("a=extmap:5 urn:3gpp:video-orientation\r\n", "").extension_id("urn:3gpp:video-orientation"), 5);
  EXPECT_EQ(
      only_medium("", "a=fingerprint:sha-1 AA\r\na=fingerprint:SHA-256 bb\r\na=fingerprint:sha-384 CC\r\n").fingerprint,
      (SdpFingerprint{"sha-256", "BB"}))
      << "the first with a strong hash";
  EXPECT_THAT(only_medium("", "a=extmap:4096 urn:x\r\na=extmap:7 urn:y\r\n").extensions.size(), 1U);
  EXPECT_EQ(only_medium("", "", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n").kind, "application");
  EXPECT_EQ(only_medium("", "", "m=video 9/2 UDP/TLS/RTP/SAVPF 96\r\n").port, 9);
}

TEST(SessionDescription, TakesBareLineFeedsAndEmptyLinesAtTheEnd) {
  std::string bare(kChromium);
  std::erase(bare, '\r');
  const auto offer = SessionDescription::parse(bare + "\n\n");
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->media.size(), 2U);
  EXPECT_EQ(offer->media[0].mid, "0");
  EXPECT_TRUE(SessionDescription::parse(bare.substr(0, bare.size() - 1))) << "without the last line's end";
}

TEST(SessionDescription, RefusesWhatItCannotRead) {
  const std::string head = "v=0\r\ns=-\r\n";
  const std::string video = head + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n";
  std::string many_media = head;
  for (std::size_t i = 0; i <= kMaxSdpMedia; ++i) many_media += "m=audio 9 RTP/AVP 0\r\n";
  std::string many_lines = head;
  for (std::size_t i = 0; i < kMaxSdpLines; ++i) many_lines += "b=X:1\r\n";
  const struct {
    const char* name;
    std::string text;
    std::string code;
    std::string line;
  } cases[] = {
      {"nothing", "", "sdp.malformed", "0"},
      {"no version", "s=-\r\n", "sdp.malformed", "1"},
      {"another version", "v=1\r\n", "sdp.malformed", "1"},
      {"two versions", "v=0\r\nv=0\r\n", "sdp.malformed", "2"},
      {"JSON", "{\"sdp\": \"v=0\"}", "sdp.malformed", "1"},
      {"a line without =", head + "hello\r\n", "sdp.malformed", "3"},
      {"m= without port", head + "m=audio\r\n", "sdp.malformed", "3"},
      {"m= with a port too large", head + "m=audio 65536 RTP/AVP 0\r\n", "sdp.malformed", "3"},
      {"rtpmap of no number", video + "a=rtpmap:x VP8/90000\r\n", "sdp.malformed", "4"},
      {"rtpmap above 127", video + "a=rtpmap:128 VP8/90000\r\n", "sdp.malformed", "4"},
      {"rtpmap without rate", video + "a=rtpmap:96 VP8\r\n", "sdp.malformed", "4"},
      {"fmtp above 127", video + "a=fmtp:200 x=1\r\n", "sdp.malformed", "4"},
      {"extmap 0", video + "a=extmap:0 urn:x\r\n", "sdp.malformed", "4"},
      {"fingerprint without value", video + "a=fingerprint:sha-256\r\n", "sdp.malformed", "4"},
      {"too many media", many_media, "sdp.malformed", std::to_string(3 + kMaxSdpMedia)},
      {"too many lines", many_lines, "sdp.malformed", std::to_string(kMaxSdpLines + 1)},
      {"too large", "v=0\r\ns=" + std::string(kMaxSdpBytes, 'x'), "sdp.too_large", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto parsed = SessionDescription::parse(c.text);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, c.code);
    const auto& params = parsed.error().params;
    EXPECT_EQ(params.empty() ? "" : params.front().second, c.line);
  }
  EXPECT_TRUE(SessionDescription::parse("v=0\r\ns=" + std::string(kMaxSdpBytes - 7, 'x')));
}

TEST(SessionDescription, KeepsNoMoreThanItsLimits) {
  std::string lines;
  for (int i = 0; i < 1000; ++i) {
    const std::string n = std::to_string(i);
    lines.append("a=ssrc:").append(n).append(" cname:c\r\n");
    lines.append("a=candidate:").append(n).append("\r\n");
    lines.append("a=rtcp-fb:* x").append(n).append("\r\n");
  }
  const SdpMedia media = only_medium("", "a=rtpmap:96 VP8/90000\r\n" + lines);
  EXPECT_EQ(media.ssrcs.size(), kMaxSdpItems);
  EXPECT_EQ(media.candidates.size(), kMaxSdpItems);
  EXPECT_EQ(media.codec(96)->feedback.size(), kMaxSdpItems);
}

TEST(SdpFragment, ReadsTrickleAndRestart) {
  const auto fragment = SdpFragment::parse(
      "a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF "
      "111\r\na=mid:0\r\na=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n"
      "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1\r\n"
      "a=candidate:3471623853 1 udp 2122194687 198.51.100.2 61765 typ host\r\na=end-of-candidates\r\n");
  ASSERT_TRUE(fragment);
  EXPECT_EQ(fragment->ice_ufrag, "EsAw");
  EXPECT_EQ(fragment->ice_pwd, "P2uYro0UCOQ4zxjKXaWCBui1");
  EXPECT_EQ(fragment->candidates.size(), 2U);
  EXPECT_TRUE(fragment->end_of_candidates);
  const auto empty = SdpFragment::parse("");
  ASSERT_TRUE(empty);
  EXPECT_THAT(empty->candidates, IsEmpty());
  EXPECT_FALSE(empty->end_of_candidates);
  EXPECT_EQ(SdpFragment::parse("{}").error().code, "sdp.malformed");
  EXPECT_EQ(SdpFragment::parse(std::string(kMaxSdpBytes + 1, 'x')).error().code, "sdp.too_large");
}

}  // namespace
}  // namespace tw::media
