#include "media/session/sdp_negotiation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/session/sdp_answer.hpp"

namespace tw::media {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kTransport =
    "a=ice-ufrag:GFAn\r\na=ice-pwd:EzJU1vdHiXnjLiBmoMP/YD4P\r\n"
    "a=fingerprint:sha-256 "
    "D2:87:AB:C1:5C:D1:82:8F:75:A4:45:AD:1E:94:38:1F:1D:06:48:52:29:7E:04:D5:9E:65:3B:CA:4B:13:4A:26\r\n"
    "a=setup:actpass\r\na=rtcp-mux\r\n";

constexpr const char* kAudioFormats =
    "a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:0 "
    "PCMU/8000\r\n";

constexpr const char* kVideoFormats =
    "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 goog-remb\r\na=rtcp-fb:96 transport-cc\r\na=rtcp-fb:96 ccm fir\r\n"
    "a=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
    "a=rtpmap:102 H264/90000\r\na=rtcp-fb:102 nack\r\na=fmtp:102 level-asymmetry-allowed=1;profile-level-id=42001f\r\n"
    "a=rtpmap:108 H264/90000\r\na=rtcp-fb:108 nack\r\n"
    "a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n"
    "a=rtpmap:109 rtx/90000\r\na=fmtp:109 apt=108\r\n";

constexpr const char* kExtensions =
    "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
    "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
    "a=extmap:13 urn:3gpp:video-orientation\r\n";

std::string session_lines(const std::string& bundle = "a=group:BUNDLE 0 1\r\n") {
  return "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n" + bundle;
}
std::string audio(const std::string& direction, const std::string& port = "9", const std::string& mid = "0") {
  return "m=audio " + port + " UDP/TLS/RTP/SAVPF 111 0\r\nc=IN IP4 0.0.0.0\r\n" + kTransport + "a=mid:" + mid + "\r\n" +
         kExtensions + "a=" + direction + "\r\n" + kAudioFormats;
}
std::string video(const std::string& direction, const std::string& port = "9", const std::string& mid = "1",
                  const std::string& formats = kVideoFormats) {
  return "m=video " + port + " UDP/TLS/RTP/SAVPF 96 97 102 108 109\r\nc=IN IP4 0.0.0.0\r\n" + kTransport +
         "a=mid:" + mid + "\r\n" + kExtensions + "a=" + direction + "\r\na=rtcp-rsize\r\n" + formats;
}
std::string whip_offer() { return session_lines() + audio("sendonly") + video("sendonly"); }
std::string whep_offer() { return session_lines() + audio("recvonly") + video("recvonly"); }

std::string without(std::string text, const std::string& line_start) {
  std::size_t at = 0;
  while ((at = text.find(line_start, at)) != std::string::npos) text.erase(at, text.find("\r\n", at) + 2 - at);
  return text;
}
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string answer_of(const NegotiatedSession& session, OfferRole role) {
  const std::vector<SocketAddress> candidates{*SocketAddress::parse("192.0.2.7", 50'000),
                                              *SocketAddress::parse("2001:db8::7", 50'000)};
  AnswerParts parts;
  parts.role = role;
  parts.session_number = 42;
  parts.local = {"LOCALufr", "LOCALpasswordLOCALpassw0"};
  parts.sha256_fingerprint = "AA:BB";
  parts.candidates = candidates;
  parts.video_bitrate_bps = 1'500'000;
  parts.audio_bitrate_bps = 40'000;
  parts.stream_id = "customer-camera";
  parts.cname = "cname1";
  return write_answer(session, parts);
}

struct Unusable {
  const char* name;
  std::string offer;
  OfferRole role;
  const char* code;
  ErrorKind kind;
};

class UnusableOffers : public ::testing::TestWithParam<Unusable> {};

TEST_P(UnusableOffers, AreRefusedWithTheirReason) {
  const auto result = negotiate(GetParam().offer, GetParam().role, Codec::vp8);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, GetParam().code) << result.error().message;
  EXPECT_EQ(result.error().kind, GetParam().kind);
}

INSTANTIATE_TEST_SUITE_P(
    Table, UnusableOffers,
    ::testing::Values(
        Unusable{"empty", "", OfferRole::publisher, "sdp.malformed", ErrorKind::invalid},
        Unusable{"not_sdp", "{\"type\":\"offer\"}", OfferRole::publisher, "sdp.malformed", ErrorKind::invalid},
        Unusable{"no_media", session_lines(), OfferRole::publisher, "sdp.malformed", ErrorKind::invalid},
        Unusable{"wrong_way", whep_offer(), OfferRole::publisher, "sdp.malformed", ErrorKind::invalid},
        Unusable{"viewer_that_sends", whip_offer(), OfferRole::viewer, "sdp.malformed", ErrorKind::invalid},
        Unusable{"no_mux", without(whip_offer(), "a=rtcp-mux"), OfferRole::publisher, "sdp.malformed",
                 ErrorKind::invalid},
        Unusable{"passive", replaced(whip_offer(), "setup:actpass", "setup:passive"), OfferRole::publisher,
                 "sdp.malformed", ErrorKind::invalid},
        Unusable{"no_fingerprint", without(whip_offer(), "a=fingerprint"), OfferRole::publisher, "sdp.no_fingerprint",
                 ErrorKind::invalid},
        Unusable{"weak_fingerprint", replaced(whip_offer(), "fingerprint:sha-256", "fingerprint:md5"),
                 OfferRole::publisher, "sdp.no_fingerprint", ErrorKind::invalid},
        Unusable{"no_ufrag", without(whip_offer(), "a=ice-ufrag"), OfferRole::publisher, "sdp.no_ice_credentials",
                 ErrorKind::invalid},
        Unusable{"no_pwd", without(whep_offer(), "a=ice-pwd"), OfferRole::viewer, "sdp.no_ice_credentials",
                 ErrorKind::invalid},
        Unusable{"short_pwd", replaced(whep_offer(), "EzJU1vdHiXnjLiBmoMP/YD4P", "short"), OfferRole::viewer,
                 "sdp.no_ice_credentials", ErrorKind::invalid},
        Unusable{"no_vp8", replaced(whip_offer(), "VP8/90000", "AV1/90000"), OfferRole::publisher,
                 "sdp.codec_not_offered", ErrorKind::not_acceptable},
        Unusable{"viewer_without_vp8", replaced(whep_offer(), "VP8/90000", "AV1/90000"), OfferRole::viewer,
                 "sdp.codec_not_offered", ErrorKind::not_acceptable},
        Unusable{"no_opus", replaced(whip_offer(), "opus/48000/2", "G722/8000"), OfferRole::publisher,
                 "sdp.codec_not_offered", ErrorKind::not_acceptable},
        Unusable{"second_picture",
                 session_lines("a=group:BUNDLE 0 1 3\r\n") + audio("sendonly") + video("sendonly") +
                     video("sendonly", "9", "3"),
                 OfferRole::publisher, "sdp.too_many_tracks", ErrorKind::unprocessable},
        Unusable{"not_bundled", session_lines("") + audio("sendonly") + video("sendonly"), OfferRole::publisher,
                 "sdp.not_bundled", ErrorKind::unprocessable},
        Unusable{"two_streams",
                 session_lines() + audio("sendonly") + "a=msid:one a\r\n" + video("sendonly") + "a=msid:two b\r\n",
                 OfferRole::publisher, "sdp.too_many_streams", ErrorKind::unprocessable},
        Unusable{"too_large", whip_offer() + "a=" + std::string(kMaxSdpBytes, 'x') + "\r\n", OfferRole::publisher,
                 "sdp.too_large", ErrorKind::too_large}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(SdpNegotiation, KeepsTheOffersIdsAndTakesOnlyTheRoomsCodec) {
  const auto session = negotiate(whip_offer(), OfferRole::publisher, Codec::vp8);
  ASSERT_TRUE(session);
  const NegotiatedMedia* video_media = session->find(Kind::video);
  ASSERT_NE(video_media, nullptr);
  EXPECT_EQ(video_media->payload_type, 96);
  EXPECT_EQ(video_media->rtx_payload_type, 97);
  EXPECT_EQ(video_media->extensions.mid, 4);
  EXPECT_EQ(video_media->extensions.transport_sequence, 3);
  EXPECT_EQ(video_media->extensions.video_orientation, 13);
  EXPECT_TRUE(video_media->nack && video_media->keyframe_requests && video_media->remb &&
              video_media->transport_feedback);
  EXPECT_EQ(session->remote.ufrag, "GFAn");
  const NegotiatedMedia* audio_media = session->find(Kind::audio);
  EXPECT_EQ(audio_media->payload_type, 111);
  EXPECT_FALSE(audio_media->nack) << "sound has no RTX, so nothing could be sent again";

  const std::string answer = answer_of(*session, OfferRole::publisher);
  for (const char* line : {"a=ice-lite\r\n",
                           "a=group:BUNDLE 0 1\r\n",
                           "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n",
                           "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n",
                           "a=setup:passive\r\n",
                           "a=mid:0\r\n",
                           "a=mid:1\r\n",
                           "a=recvonly\r\n",
                           "a=rtcp-mux\r\n",
                           "a=rtcp-rsize\r\n",
                           "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n",
                           "a=extmap:13 urn:3gpp:video-orientation\r\n",
                           "a=fmtp:111 minptime=10;useinbandfec=1;usedtx=0;stereo=0;sprop-stereo=0\r\n",
                           "a=fmtp:97 apt=96\r\n",
                           "a=rtcp-fb:96 transport-cc\r\n",
                           "a=rtcp-fb:96 goog-remb\r\n",
                           "b=TIAS:1800000\r\n",
                           "b=TIAS:40000\r\n",
                           "a=ice-ufrag:LOCALufr\r\n",
                           "a=fingerprint:sha-256 AA:BB\r\n",
                           "a=candidate:1 1 udp 2130706431 192.0.2.7 50000 typ host\r\n",
                           "a=candidate:2 1 udp 2130706175 2001:db8::7 50000 typ host\r\n",
                           "a=end-of-candidates\r\n"}) {
    EXPECT_THAT(answer, HasSubstr(line));
  }
  for (const char* absent : {"H264", "PCMU", "a=ssrc", "a=msid:", "usedtx=1"})
    EXPECT_THAT(answer, Not(HasSubstr(absent)));
  EXPECT_TRUE(SessionDescription::parse(answer));
}

TEST(SdpNegotiation, NamesTheStreamsThatAViewerGets) {
  auto session = negotiate(whep_offer(), OfferRole::viewer, Codec::vp8);
  ASSERT_TRUE(session);
  for (auto& media : session->media) media.ssrc = media.kind == Kind::audio ? 11 : 21;
  session->media[1].rtx_ssrc = 22;
  const std::string answer = answer_of(*session, OfferRole::viewer);
  for (const char* line : {"a=sendonly\r\n", "a=msid:customer-camera customer-camera-audio\r\n",
                           "a=msid:customer-camera customer-camera-video\r\n", "a=ssrc:11 cname:cname1\r\n",
                           "a=ssrc-group:FID 21 22\r\n", "a=ssrc:21 cname:cname1\r\n", "a=ssrc:22 cname:cname1\r\n"}) {
    EXPECT_THAT(answer, HasSubstr(line));
  }
  for (const char* told :
       {"a=rtcp-fb:111 transport-cc\r\n", "a=rtcp-fb:96 transport-cc\r\n", "a=rtcp-fb:96 goog-remb\r\n"})
    EXPECT_THAT(answer, HasSubstr(told)) << "what its path carries is estimated from that";
  for (const char* absent : {"b=TIAS", "a=recvonly"}) EXPECT_THAT(answer, Not(HasSubstr(absent)));
}

TEST(SdpNegotiation, TakesTheNamedLayersOfAnOffer) {
  const std::string layers =
      "a=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n"
      "a=extmap:6 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\r\n"
      "a=rid:small send\r\na=rid:big send\r\na=simulcast:send small,alt;~big;unnamed\r\n";
  const auto session = negotiate(whip_offer() + layers, OfferRole::publisher, Codec::vp8);
  ASSERT_TRUE(session);
  const std::string answer = answer_of(*session, OfferRole::publisher);
  for (const char* line : {"a=rid:small recv\r\n", "a=rid:big recv\r\n", "a=simulcast:recv small;big\r\n",
                           "a=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n"}) {
    EXPECT_THAT(answer, HasSubstr(line));
  }
  EXPECT_EQ(session->find(Kind::video)->layers.size(), 2U);
}

TEST(SdpNegotiation, ChoosesTheBestH264) {
  const auto session = negotiate(whip_offer(), OfferRole::publisher, Codec::h264);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->find(Kind::video)->payload_type, 108);
  EXPECT_EQ(session->find(Kind::video)->rtx_payload_type, 109);
  EXPECT_EQ(session->find(Kind::video)->format_parameters,
            "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f");
}

TEST(SdpNegotiation, TakesAMissingPacketizationModeAsZero) {
  const std::string formats = "a=rtpmap:102 H264/90000\r\na=fmtp:102 profile-level-id=42e01f\r\n";
  const auto session =
      negotiate(session_lines() + video("sendonly", "9", "1", formats), OfferRole::publisher, Codec::h264);
  ASSERT_TRUE(session);
  EXPECT_THAT(session->find(Kind::video)->format_parameters, HasSubstr("packetization-mode=0"));
}

TEST(SdpNegotiation, TakesBundleOnlySectionsAndMidsOfAnyText) {
  const auto session = negotiate(session_lines("a=group:BUNDLE sound-x pic/2\r\n") + audio("sendonly", "9", "sound-x") +
                                     video("sendrecv", "0", "pic/2"),
                                 OfferRole::publisher, Codec::vp8);
  ASSERT_TRUE(session);
  EXPECT_NE(session->find(Kind::video), nullptr);
  const std::string answer = answer_of(*session, OfferRole::publisher);
  EXPECT_THAT(answer, HasSubstr("a=group:BUNDLE sound-x pic/2\r\n"));
  EXPECT_THAT(answer, HasSubstr("a=mid:pic/2\r\n"));
}

TEST(SdpNegotiation, RefusesSectionBySectionWhatAViewerCannotGet) {
  const std::string data = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n" +
                           std::string(kTransport) + "a=mid:2\r\n";
  const auto session = negotiate(session_lines("a=group:BUNDLE 0 1 2 3\r\n") + audio("recvonly") + video("recvonly") +
                                     data + video("recvonly", "9", "3"),
                                 OfferRole::viewer, Codec::vp8);
  ASSERT_TRUE(session);
  const std::string answer = answer_of(*session, OfferRole::viewer);
  EXPECT_THAT(answer, HasSubstr("a=group:BUNDLE 0 1\r\n"));
  EXPECT_THAT(answer, HasSubstr("m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
  EXPECT_THAT(answer, HasSubstr("m=video 0 UDP/TLS/RTP/SAVPF 96\r\n"));
}

TEST(SdpNegotiation, ServesOneSectionWhereNothingIsBundled) {
  const auto session =
      negotiate(session_lines("") + audio("recvonly") + video("recvonly"), OfferRole::viewer, Codec::vp8);
  ASSERT_TRUE(session);
  EXPECT_NE(session->find(Kind::audio), nullptr);
  EXPECT_EQ(session->find(Kind::video), nullptr);
  const std::string answer = answer_of(*session, OfferRole::viewer);
  EXPECT_THAT(answer, Not(HasSubstr("BUNDLE")));
  EXPECT_THAT(answer, Not(HasSubstr("rtcp-mux-only")));
}

TEST(SdpNegotiation, TakesOneStreamOfSoundAndPictureWhateverElseIsOffered) {
  const std::string data = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n" +
                           std::string(kTransport) + "a=mid:2\r\n";
  const auto session = negotiate(session_lines("a=group:BUNDLE 0 1 2\r\n") + audio("sendonly") + "a=msid:- a\r\n" +
                                     video("sendonly") + "a=msid:one b\r\n" + data,
                                 OfferRole::publisher, Codec::vp8);
  ASSERT_TRUE(session);
  const std::string answer = answer_of(*session, OfferRole::publisher);
  EXPECT_THAT(answer, HasSubstr("a=group:BUNDLE 0 1\r\n"));
  EXPECT_THAT(answer, HasSubstr("a=rtcp-mux-only\r\n"));
  EXPECT_THAT(answer, HasSubstr("a=ice-options:trickle ice2\r\n"));
}

TEST(SdpNegotiation, TakesOneMediumAloneAndCodecNamesInAnyCase) {
  const auto session = negotiate(replaced(session_lines("a=group:BUNDLE 0\r\n") + audio("sendrecv"), "opus", "OPUS"),
                                 OfferRole::publisher, Codec::vp8);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->find(Kind::video), nullptr);
}

TEST(SdpNegotiation, LeavesOutExtensionsBeyondTheOneByteForm) {
  const auto session =
      negotiate(replaced(whip_offer(), "a=extmap:13 ", "a=extmap:15 "), OfferRole::publisher, Codec::vp8);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->find(Kind::video)->extensions.video_orientation, 0);
}

TEST(SdpNegotiation, DoesWithoutRetransmissionsWhereNoRtxIsOffered) {
  const auto session = negotiate(without(whip_offer(), "a=rtpmap:97"), OfferRole::publisher, Codec::vp8);
  ASSERT_TRUE(session);
  EXPECT_FALSE(session->find(Kind::video)->nack);
  EXPECT_THAT(answer_of(*session, OfferRole::publisher), Not(HasSubstr("a=rtcp-fb:96 nack\r\n")));
}

TEST(RestartFragment, CarriesTheNewCredentialsOnce) {
  const auto session = negotiate(whip_offer(), OfferRole::publisher, Codec::vp8);
  const std::vector<SocketAddress> candidates{*SocketAddress::parse("192.0.2.7", 50'000)};
  const auto text = write_restart_fragment(*session, {"newUfrag", "newPasswordNewPassword00"}, candidates);
  const auto fragment = SdpFragment::parse(text);
  ASSERT_TRUE(fragment);
  EXPECT_EQ(fragment->ice_ufrag, "newUfrag");
  EXPECT_EQ(fragment->ice_pwd, "newPasswordNewPassword00");
  EXPECT_EQ(fragment->candidates.size(), 1U);
  EXPECT_TRUE(fragment->end_of_candidates);
}

TEST(Candidates, AreCheckedForTheirForm) {
  const std::pair<const char*, bool> cases[] = {
      {"1890320483 1 udp 2122194687 127.0.0.1 57689 typ host generation 0", true},
      {"1 1 TCP 2122194687 192.0.2.1 9 typ host tcptype active", true},
      {"1 1 udp 2122194687 1f4712db-ea17-4bcf-a596-105139dfd8bf.local 57689 typ host", true},
      {"1 1 udp 2122194687 fe80::1 57689 typ host", true},
      {"", false},
      {"1 1 udp 2122194687 127.0.0.1 57689", false},
      {"1 1 udp x 127.0.0.1 57689 typ host", false},
      {"1 1 udp 2122194687 127.0.0.1 99999 typ host", false},
      {"1 1 udp 2122194687 127.0.0.1 57689 type host", false},
      {"1  udp 2122194687 127.0.0.1 57689 typ host", false}};
  for (const auto& [text, good] : cases) EXPECT_EQ(candidate_well_formed(text), good) << text;
}

}  // namespace
}  // namespace tw::media
