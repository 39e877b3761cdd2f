// Offers as Safari makes them, put together line by line from what others published of it. Not a test on Safari: it
// says that these lines are understood. Where a source shows "sendrecv", the direction is WHIP's or WHEP's;
// credentials, fingerprints and ids of streams are made up here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/session/sdp_answer.hpp"
#include "media/session/sdp_negotiation.hpp"

namespace tw::media {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Safari 12 on iOS 12: github.com/aiortc/aiortc/issues/178 (2019).
constexpr const char* kSafari12 = "aiortc/aiortc issue 178";
/// Safari 14: github.com/awslabs/amazon-kinesis-video-streams-webrtc-sdk-c/issues/902 (2020).
constexpr const char* kSafari14 = "awslabs/amazon-kinesis-video-streams-webrtc-sdk-c issue 902";
/// Safari 14.1.1: EpicGamesExt/PixelStreamingInfrastructure, Extras/mediasoup-sdp-bridge/src/BrowserRtpCapabilities.ts.
constexpr const char* kSafari14Formats = "EpicGamesExt/PixelStreamingInfrastructure BrowserRtpCapabilities.ts, safari";
/// Safari 17 and later: github.com/awslabs/amazon-kinesis-video-streams-webrtc-sdk-c/pull/1965 (2024).
constexpr const char* kSafari17 = "awslabs/amazon-kinesis-video-streams-webrtc-sdk-c pull request 1965";
/// What the issue does not show because the client sends: RFC 9725 section 4.2, WHEP draft 03 section 4.2.
constexpr const char* kProtocol = "RFC 9725 section 4.2 and draft-ietf-wish-whep-03 section 4.2: direction";
constexpr const char* kOurs = "made up for this test";

struct Line {
  const char* text;
  const char* source;
};
using Lines = std::vector<Line>;

std::string offer_of(const std::vector<Lines>& parts) {
  std::string offer;
  for (const auto& part : parts) {
    for (const auto& line : part) offer += std::string(line.text) + "\r\n";
  }
  return offer;
}

const Lines kCredentials = {
    {"a=ice-ufrag:5wyY", kOurs},
    {"a=ice-pwd:ajvC1o4yPqwdsrKdnUtbdfgI", kOurs},
    {"a=ice-options:trickle", kSafari17},
    {"a=fingerprint:sha-256 "
     "D2:87:AB:C1:5C:D1:82:8F:75:A4:45:AD:1E:94:38:1F:1D:06:48:52:29:7E:04:D5:9E:65:3B:CA:4B:13:4A:26",
     kOurs},
    {"a=setup:actpass", kSafari17},
};

const Lines kNewSession = {
    {"v=0", kSafari17},
    {"o=- 985372420936776446 2 IN IP4 127.0.0.1", kSafari17},
    {"s=-", kSafari17},
    {"t=0 0", kSafari17},
    {"a=group:BUNDLE 0 1", kSafari17},
    {"a=extmap-allow-mixed", kSafari17},
    {"a=msid-semantic: WMS one", kSafari17},
};

const Lines kNewAudioHead = {
    {"m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126", kSafari17},
    {"c=IN IP4 0.0.0.0", kSafari17},
    {"a=rtcp:9 IN IP4 0.0.0.0", kSafari17},
};

Lines new_audio_tail(const char* direction) {
  return {
      {"a=mid:0", kSafari17},
      {"a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level", kSafari17},
      {"a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time", kSafari17},
      {"a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01", kSafari17},
      {"a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid", kSafari17},
      {direction, kProtocol},
      {"a=rtcp-mux", kSafari17},
      {"a=rtpmap:111 opus/48000/2", kSafari17},
      {"a=rtcp-fb:111 transport-cc", kSafari17},
      {"a=fmtp:111 minptime=10;useinbandfec=1", kSafari17},
      {"a=rtpmap:63 red/48000/2", kSafari17},
      {"a=fmtp:63 111/111", kSafari17},
      {"a=rtpmap:9 G722/8000", kSafari17},
      {"a=rtpmap:0 PCMU/8000", kSafari17},
      {"a=rtpmap:8 PCMA/8000", kSafari17},
      {"a=rtpmap:13 CN/8000", kSafari17},
      {"a=rtpmap:110 telephone-event/48000", kSafari17},
      {"a=rtpmap:126 telephone-event/8000", kSafari17},
  };
}

const Lines kVideoHead = {
    {"m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99 100 101 102 127 104 125 106 107 108", kSafari14Formats},
    {"c=IN IP4 0.0.0.0", kSafari14},
    {"a=rtcp:9 IN IP4 0.0.0.0", kSafari14},
};

Lines video_tail(const char* direction) {
  return {
      {"a=mid:1", kSafari14},
      {"a=extmap:14 urn:ietf:params:rtp-hdrext:toffset", kSafari14},
      {"a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time", kSafari14},
      {"a=extmap:13 urn:3gpp:video-orientation", kSafari14},
      {"a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01", kSafari14},
      {"a=extmap:12 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay", kSafari14},
      {"a=extmap:11 http://www.webrtc.org/experiments/rtp-hdrext/video-content-type", kSafari14},
      {"a=extmap:7 http://www.webrtc.org/experiments/rtp-hdrext/video-timing", kSafari14},
      {"a=extmap:8 http://tools.ietf.org/html/draft-ietf-avtext-framemarking-07", kSafari14},
      {"a=extmap:9 http://www.webrtc.org/experiments/rtp-hdrext/color-space", kSafari14},
      {"a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid", kSafari14},
      {"a=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", kSafari14},
      {"a=extmap:6 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id", kSafari14Formats},
      {direction, kProtocol},
      {"a=rtcp-mux", kSafari14},
      {"a=rtcp-rsize", kSafari14},
      {"a=rtpmap:96 H264/90000", kSafari14Formats},
      {"a=rtcp-fb:96 goog-remb", kSafari14Formats},
      {"a=rtcp-fb:96 transport-cc", kSafari14Formats},
      {"a=rtcp-fb:96 ccm fir", kSafari14Formats},
      {"a=rtcp-fb:96 nack", kSafari14Formats},
      {"a=rtcp-fb:96 nack pli", kSafari14Formats},
      {"a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=640c1f", kSafari14Formats},
      {"a=rtpmap:97 rtx/90000", kSafari14Formats},
      {"a=fmtp:97 apt=96", kSafari14Formats},
      {"a=rtpmap:98 H264/90000", kSafari14Formats},
      {"a=rtcp-fb:98 goog-remb", kSafari14Formats},
      {"a=rtcp-fb:98 transport-cc", kSafari14Formats},
      {"a=rtcp-fb:98 ccm fir", kSafari14Formats},
      {"a=rtcp-fb:98 nack", kSafari14Formats},
      {"a=rtcp-fb:98 nack pli", kSafari14Formats},
      {"a=fmtp:98 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", kSafari14Formats},
      {"a=rtpmap:99 rtx/90000", kSafari14Formats},
      {"a=fmtp:99 apt=98", kSafari14Formats},
      {"a=rtpmap:100 H264/90000", kSafari14Formats},
      {"a=fmtp:100 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=640c1f", kSafari14Formats},
      {"a=rtpmap:101 rtx/90000", kSafari14Formats},
      {"a=fmtp:101 apt=100", kSafari14Formats},
      {"a=rtpmap:102 H264/90000", kSafari14Formats},
      {"a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f", kSafari14Formats},
      {"a=rtpmap:127 rtx/90000", kSafari14Formats},
      {"a=fmtp:127 apt=102", kSafari14Formats},
      {"a=rtpmap:104 VP8/90000", kSafari14Formats},
      {"a=rtcp-fb:104 goog-remb", kSafari14Formats},
      {"a=rtcp-fb:104 transport-cc", kSafari14Formats},
      {"a=rtcp-fb:104 ccm fir", kSafari14Formats},
      {"a=rtcp-fb:104 nack", kSafari14Formats},
      {"a=rtcp-fb:104 nack pli", kSafari14Formats},
      {"a=rtpmap:125 rtx/90000", kSafari14Formats},
      {"a=fmtp:125 apt=104", kSafari14Formats},
      {"a=rtpmap:106 red/90000", kSafari14Formats},
      {"a=rtpmap:107 rtx/90000", kSafari14Formats},
      {"a=fmtp:107 apt=106", kSafari14Formats},
      {"a=rtpmap:108 ulpfec/90000", kSafari14Formats},
  };
}

const Lines kStream = {{"a=msid:one track", kSafari17}};

std::string safari_offer(const char* direction) {
  std::vector<Lines> parts{kNewSession, kNewAudioHead, kCredentials, new_audio_tail(direction)};
  const bool sends = std::string_view(direction) == "a=sendonly";
  if (sends) parts.push_back(kStream);
  parts.insert(parts.end(), {kVideoHead, kCredentials, video_tail(direction)});
  if (sends) parts.push_back(kStream);
  return offer_of(parts);
}

/// The old way: mids that are words, streams named by a=ssrc lines, sound with formats long gone.
std::string safari_12_offer() {
  const Lines session = {
      {"v=0", kSafari12},
      {"o=- 7793204826810525586 2 IN IP4 127.0.0.1", kSafari12},
      {"s=-", kSafari12},
      {"t=0 0", kSafari12},
      {"a=group:BUNDLE audio", kSafari12},
      {"a=msid-semantic: WMS one", kSafari12},
      {"m=audio 53171 UDP/TLS/RTP/SAVPF 111 103 9 102 0 8 105 13 110 113 126", kSafari12},
      {"c=IN IP4 192.0.2.5", kSafari12},
      {"a=rtcp:9 IN IP4 0.0.0.0", kSafari12},
      {"a=candidate:211156821 1 udp 2113937151 192.0.2.5 53171 typ host generation 0 network-cost 50", kSafari12},
      {"a=candidate:2075991921 1 udp 2113939711 2001:db8::8d44 53172 typ host generation 0 network-cost 50", kSafari12},
  };
  const Lines formats = {
      {"a=mid:audio", kSafari12},
      {"a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level", kSafari12},
      {"a=sendrecv", kSafari12},
      {"a=rtcp-mux", kSafari12},
      {"a=rtpmap:111 opus/48000/2", kSafari12},
      {"a=rtcp-fb:111 transport-cc", kSafari12},
      {"a=fmtp:111 minptime=10;useinbandfec=1", kSafari12},
      {"a=rtpmap:103 ISAC/16000", kSafari12},
      {"a=rtpmap:9 G722/8000", kSafari12},
      {"a=rtpmap:102 ILBC/8000", kSafari12},
      {"a=rtpmap:0 PCMU/8000", kSafari12},
      {"a=rtpmap:8 PCMA/8000", kSafari12},
      {"a=rtpmap:105 CN/16000", kSafari12},
      {"a=rtpmap:13 CN/8000", kSafari12},
      {"a=rtpmap:110 telephone-event/48000", kSafari12},
      {"a=rtpmap:113 telephone-event/16000", kSafari12},
      {"a=rtpmap:126 telephone-event/8000", kSafari12},
      {"a=ssrc:1557912193 cname:KcyXxv6oIOJJo/ZR", kSafari12},
      {"a=ssrc:1557912193 msid:one track", kSafari12},
      {"a=ssrc:1557912193 mslabel:one", kSafari12},
      {"a=ssrc:1557912193 label:track", kSafari12},
  };
  return offer_of({session, kCredentials, formats});
}

std::string answer_of(const NegotiatedSession& session, OfferRole role) {
  const std::vector<SocketAddress> candidates{*SocketAddress::parse("192.0.2.7", 50'000)};
  AnswerParts parts;
  parts.role = role;
  parts.session_number = 1;
  parts.local = {"LOCALufr", "LOCALpasswordLOCALpassw0"};
  parts.sha256_fingerprint = "AA:BB";
  parts.candidates = candidates;
  parts.stream_id = "customer-camera";
  parts.cname = "cname1";
  return write_answer(session, parts);
}

TEST(SafariOffer, IsPublishedInVp8WithItsOwnNumbers) {
  const auto session = negotiate(safari_offer("a=sendonly"), OfferRole::publisher, Codec::vp8);
  ASSERT_TRUE(session) << session.error().message;
  const NegotiatedMedia* video = session->find(Kind::video);
  ASSERT_NE(video, nullptr);
  EXPECT_EQ(video->payload_type, 104);
  EXPECT_EQ(video->rtx_payload_type, 125);
  EXPECT_TRUE(video->nack && video->keyframe_requests && video->full_intra_requests && video->transport_feedback);
  EXPECT_EQ(video->extensions.video_orientation, 13);
  EXPECT_EQ(video->extensions.transport_sequence, 3);
  ASSERT_NE(session->find(Kind::audio), nullptr);
  EXPECT_EQ(session->find(Kind::audio)->payload_type, 111);
  const std::string answer = answer_of(*session, OfferRole::publisher);
  EXPECT_THAT(answer, HasSubstr("a=rtpmap:104 VP8/90000\r\n"));
  EXPECT_THAT(answer, HasSubstr("useinbandfec=1;usedtx=0"));
  EXPECT_THAT(answer, Not(HasSubstr("H264")));
  EXPECT_THAT(answer, HasSubstr("m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\n")) << "sound repeats itself";
}

TEST(SafariOffer, IsPublishedInBaselineH264WithFragmentsNotInHighProfile) {
  const auto session = negotiate(safari_offer("a=sendonly"), OfferRole::publisher, Codec::h264);
  ASSERT_TRUE(session) << session.error().message;
  EXPECT_EQ(session->find(Kind::video)->payload_type, 98);
  EXPECT_EQ(session->find(Kind::video)->rtx_payload_type, 99);
  EXPECT_THAT(session->find(Kind::video)->format_parameters, HasSubstr("profile-level-id=42e01f"));
}

TEST(SafariOffer, IsWatchedInEitherCodec) {
  for (const Codec codec : {Codec::vp8, Codec::h264}) {
    const auto session = negotiate(safari_offer("a=recvonly"), OfferRole::viewer, codec);
    ASSERT_TRUE(session) << session.error().message;
    EXPECT_NE(session->find(Kind::video), nullptr);
    EXPECT_NE(session->find(Kind::audio), nullptr);
    EXPECT_THAT(answer_of(*session, OfferRole::viewer), HasSubstr("a=sendonly\r\n"));
  }
}

TEST(SafariOffer, OfSafari12IsTakenAsSoundAlone) {
  const auto session = negotiate(safari_12_offer(), OfferRole::publisher, Codec::vp8);
  ASSERT_TRUE(session) << session.error().message;
  EXPECT_EQ(session->find(Kind::audio)->payload_type, 111);
  EXPECT_EQ(session->find(Kind::video), nullptr);
  EXPECT_THAT(answer_of(*session, OfferRole::publisher), HasSubstr("a=mid:audio\r\n"));
}

TEST(SafariOffer, NamesTheSourceOfEachLine) {
  for (const auto& part : {kCredentials, kNewSession, kNewAudioHead, new_audio_tail("a=sendonly"), kVideoHead,
                           video_tail("a=sendonly"), kStream}) {
    for (const Line& line : part) EXPECT_STRNE(line.source, "") << line.text;
  }
}

}  // namespace
}  // namespace tw::media
