#include "media/peer/peer_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "media/peer/mini_server_test_support.hpp"
#include "media/stream/retransmission_buffer.hpp"
#include "media/transport/simulated_network_test_support.hpp"
#include "media/transport/simulated_openssl_time_test_support.hpp"
#include "media/transport/test_certificates_test_support.hpp"
#include "media/wire/rtp_extensions.hpp"

namespace tw::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;

/// A client on the simulated network that keeps what it is told.
class Client final : public SimulatedEndpoint, public PeerListener {
 public:
  void on_datagram(const NetworkPath& path, ByteView datagram) override { session->receive(path, datagram); }
  void on_timeout() override { session->handle_timeout(); }
  [[nodiscard]] std::optional<SteadyTime> deadline() const override {
    return session ? session->next_deadline() : std::nullopt;
  }
  void on_connected() override { ++connected; }
  void on_closed() override { ++closed; }
  void on_keyframe_request() override { ++keyframe_requests; }
  void on_bitrate(std::uint64_t bps) override { bitrate = bps; }
  void on_packet(const PeerPacket& packet) override {
    ASSERT_TRUE(sequences.insert(packet.header.sequence).second) << "told twice";
    EXPECT_EQ(packet.header.ssrc, MiniServer::kVideoSsrc);
    EXPECT_EQ(packet.header.payload_type, 96);
    if (packet.retransmitted) ++retransmitted;
    rotation = packet.rotation;
  }
  std::unique_ptr<PeerSession> session;
  std::set<std::uint16_t> sequences;
  std::optional<Rotation> rotation;
  std::uint64_t bitrate = 0;
  int retransmitted = 0;
  int connected = 0;
  int closed = 0;
  int keyframe_requests = 0;
};

const DtlsCertificate& server_certificate() {
  static const DtlsCertificate made = make_test_certificate("P-256");
  return made;
}
const DtlsCertificate& client_certificate() {
  static const DtlsCertificate made = make_test_certificate("P-256");
  return made;
}

struct Pair {
  explicit Pair(PeerConfig config) {
    server.attach(network, *SocketAddress::parse("192.0.2.10", 50'000));
    DatagramSink& sink = network.attach(client, *SocketAddress::parse("198.51.100.2", 40'000));
    client.session = std::make_unique<PeerSession>(config, client_context, clock, random, client, sink);
  }
  bool connect() {
    const auto taken = client.session->set_answer(server.answer(client.session->offer()));
    EXPECT_TRUE(taken) << taken.error().message;
    return network.run_until([this] { return client.session->connected() && server.srtp; }, seconds(20));
  }
  RtcpWriter writer() { return RtcpWriter(std::span(buffer)); }

  ManualClock clock;
  SimulatedOpensslTime openssl_time{clock};
  SeededRandom random{11};
  DtlsContext server_context{server_certificate()};
  DtlsContext client_context{client_certificate()};
  MiniServer server{server_context, clock, random};
  Client client;
  SimulatedNetwork network{clock, random};
  std::array<std::uint8_t, 1200> buffer{};
};

TEST(PeerSession, ConnectsAndPublishesWithTheAgreedExtensions) {
  Pair p({.publisher = true});
  const SteadyTime begin = p.clock.steady_now();
  ASSERT_TRUE(p.connect());
  EXPECT_LE(p.clock.steady_now() - begin, milliseconds(200)) << "ICE, nomination and DTLS at 10 ms a way";
  EXPECT_EQ(p.client.connected, 1);
  const Bytes payload{0x10, 0x51, 1, 2, 3};
  ASSERT_TRUE(p.client.session->send(Kind::video, payload, 9000, true, Rotation::clockwise_90));
  ASSERT_TRUE(p.client.session->send(Kind::audio, payload, 960, false));
  p.network.run_for(milliseconds(50));
  ASSERT_EQ(p.server.packets.size(), 2U);
  const auto video = RtpPacketView::parse(p.server.packets[0]);
  ASSERT_TRUE(video);
  const SdpMedia& offered = p.server.offer.media[1];
  EXPECT_EQ(video->ssrc, p.client.session->ssrc(Kind::video));
  EXPECT_THAT(offered.ssrcs, Contains(video->ssrc));
  EXPECT_LT(video->sequence, 0x8000);
  EXPECT_TRUE(std::ranges::equal(video->payload, payload));
  EXPECT_EQ(as_text(*video->extension(offered.extension_id(kMidUri))), offered.mid);
  EXPECT_EQ(read_video_orientation(*video->extension(offered.extension_id(kVideoOrientationUri))),
            Rotation::clockwise_90);
  EXPECT_EQ(video->extension(offered.extension_id(kAbsSendTimeUri))->size(), 3U);
  const auto audio = RtpPacketView::parse(p.server.packets[1]);
  EXPECT_EQ(audio->extension(offered.extension_id(kTransportSequenceUri))->back(),
            video->extension(offered.extension_id(kTransportSequenceUri))->back() + 1)
      << "one count over sound and picture";
}

TEST(PeerSession, ConnectsToAServerThatBeginsDtls) {
  Pair p({.publisher = true});
  p.server.begins_dtls = true;
  ASSERT_TRUE(p.connect());
  ASSERT_TRUE(p.client.session->send(Kind::audio, Bytes{1}, 960, false));
  EXPECT_TRUE(p.network.run_until([&] { return p.server.packets.size() == 1; }, seconds(1)));
}

TEST(PeerSession, AnswersAServerThatOffersToItsViewers) {
  Pair p({.publisher = false});
  const auto answer = p.client.session->answer_offer(p.server.make_offer());
  ASSERT_TRUE(answer) << answer.error().message;
  p.server.take_answer(*answer);
  ASSERT_EQ(p.server.offer.media.size(), 2U);
  EXPECT_EQ(p.server.offer.bundle, std::vector<std::string>{"v"});
  EXPECT_EQ(p.server.offer.media[0].port, 0) << "sound without a codec of ours is refused";
  EXPECT_EQ(p.server.offer.media[1].direction, SdpDirection::recvonly);
  EXPECT_EQ(p.server.offer.media[1].setup, "active");
  EXPECT_EQ(p.server.offer.media[1].mid, "v");
  EXPECT_NE(p.server.offer.media[1].rtx_of(96), nullptr);
  ASSERT_TRUE(p.network.run_until([&] { return p.client.session->connected() && p.server.srtp; }, seconds(20)));
  EXPECT_TRUE(p.client.session->srtp_profile().has_value());
  Bytes packet(20);
  const RtpHeader header{.payload_type = 96, .sequence = 7, .ssrc = MiniServer::kVideoSsrc};
  ASSERT_NE(write_rtp_header(packet, header, {}), 0U);
  p.server.send_rtp(packet);
  EXPECT_TRUE(p.network.run_until([&] { return p.client.sequences.contains(7); }, seconds(1)));
}

TEST(PeerSession, RefusesOffersThatASessionCannotComeOf) {
  const struct {
    const char* name;
    const char* from;
    const char* to;
  } cases[] = {
      {"nothing that we know", "VP8/90000", "VP9/90000"},
      {"nothing that is sent", "a=sendonly", "a=recvonly"},
      {"an active offerer", "a=setup:actpass", "a=setup:active"},
      {"no fingerprint", "a=fingerprint:sha-256", "a=x:sha-256"},
      {"no credentials", "a=ice-pwd:", "a=x:"},
      {"no candidate", "a=candidate:", "a=x:"},
      {"data", "m=audio", "m=application"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    Pair p({.publisher = false});
    std::string offer = p.server.make_offer();
    ASSERT_NE(offer.find(c.from), std::string::npos);
    for (std::size_t at = offer.find(c.from); at != std::string::npos; at = offer.find(c.from)) {
      offer.replace(at, std::string_view(c.from).size(), c.to);
    }
    const auto answer = p.client.session->answer_offer(offer);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "peer.offer_unusable");
    EXPECT_FALSE(p.client.session->next_deadline());
  }
}

TEST(PeerSession, AnswersNacksOverRtxAndHearsFeedback) {
  Pair p({.publisher = true, .audio = false});
  ASSERT_TRUE(p.connect());
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(p.client.session->send(Kind::video, Bytes{0x10, 0x51, static_cast<std::uint8_t>(i)}, 9000, true));
  }
  p.network.run_for(milliseconds(50));
  ASSERT_EQ(p.server.packets.size(), 10U);
  const Bytes original = p.server.packets[3];
  const auto lost = RtpPacketView::parse(original);
  RtcpWriter writer = p.writer();
  const std::uint16_t sequences[] = {lost->sequence};
  ASSERT_TRUE(writer.nack(1, lost->ssrc, sequences));
  ASSERT_TRUE(writer.pli(1, lost->ssrc));
  ASSERT_TRUE(writer.remb(1, 1'500'000, {}));
  ASSERT_TRUE(writer.receiver_reference_time(1, 0x0000AABBCCDD0000));
  p.server.send_rtcp(writer);
  ASSERT_TRUE(p.network.run_until([&] { return p.server.packets.size() == 11; }, seconds(1)));
  Bytes rtx = p.server.packets.back();
  EXPECT_EQ(RtpPacketView::parse(rtx)->ssrc, p.server.offer.media[0].rtx_ssrcs.at(lost->ssrc));
  rtx.resize(RtxReceiver(lost->ssrc, 96).restore(rtx));
  const auto restored = RtpPacketView::parse(rtx);
  EXPECT_EQ(restored->sequence, lost->sequence);
  EXPECT_TRUE(std::ranges::equal(restored->payload, lost->payload));
  EXPECT_EQ(p.client.keyframe_requests, 1);
  EXPECT_EQ(p.client.bitrate, 1'500'000U);
  EXPECT_EQ(p.client.session->counters().retransmitted_packets, 1U);
  ASSERT_TRUE(p.network.run_until([&] { return p.server.last_reference != 0; }, seconds(2)));
  EXPECT_EQ(p.server.last_reference, 0xAABBCCDDU);
}

TEST(PeerSession, ReportsWhatItSentFromCaptureTime) {
  Pair p({.publisher = true});
  ASSERT_TRUE(p.connect());
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(p.client.session->send(Kind::video, Bytes(100), static_cast<std::uint32_t>(i * 3000), true));
    p.network.run_for(std::chrono::microseconds(33'333));
  }
  ASSERT_GE(p.server.sender_reports.size(), 3U);
  const SenderReport& first = p.server.sender_reports.front();
  const SenderReport& last = p.server.sender_reports.back();
  EXPECT_EQ(first.ssrc, p.client.session->ssrc(Kind::video));
  EXPECT_FALSE(p.server.cname.empty());
  EXPECT_EQ(last.bytes, last.packets * 100);
  const double seconds_between = static_cast<double>(last.ntp - first.ntp) / 4294967296.0;
  EXPECT_NEAR(static_cast<double>(last.timestamp - first.timestamp) / 90'000, seconds_between, 0.002);
}

/// A picture packet as a server sends it.
Bytes make_packet(std::uint16_t sequence) {
  Bytes packet(kMaxPacketBytes);
  const std::uint8_t orientation = 3;
  const RtpExtension extensions[] = {{4, {&orientation, 1}}};
  const std::size_t bytes = write_rtp_header(packet,
                                             {.marker = true,
                                              .payload_type = 96,
                                              .sequence = sequence,
                                              .timestamp = sequence * 3000U,
                                              .ssrc = MiniServer::kVideoSsrc},
                                             extensions);
  packet.resize(bytes + 200);
  return packet;
}

TEST(PeerSession, AsksAgainForWhatAViewerMissesUntilItIsWhole) {
  Pair p({.publisher = false, .audio = false});
  ASSERT_TRUE(p.connect());
  p.network.set_quality({.delay = milliseconds(30), .jitter = milliseconds(5), .loss = 0.1});
  std::vector<Bytes> sent;
  std::size_t answered = 0;
  std::uint16_t rtx_sequence = 1;
  const auto retransmit = [&] {
    for (; answered < p.server.nacks.size(); ++answered) {
      Bytes rtx(kMaxPacketBytes);
      const Bytes& original = sent.at(p.server.nacks[answered]);
      const std::size_t bytes = write_rtx(rtx, original, MiniServer::kRtxSsrc, 97, rtx_sequence++);
      p.server.send_rtp(ByteView(rtx).first(bytes));
    }
  };
  for (std::uint16_t i = 0; i < 600; ++i) {
    sent.push_back(make_packet(i));
    p.server.send_rtp(sent.back());
    p.network.run_for(milliseconds(10));
    retransmit();
  }
  p.network.set_quality({.delay = milliseconds(30)});
  p.server.send_rtp(make_packet(600));  // so that a hole at the end is seen
  sent.push_back(make_packet(600));
  for (int i = 0; i < 100 && p.client.sequences.size() < 601; ++i) {
    p.network.run_for(milliseconds(10));
    retransmit();
  }
  EXPECT_EQ(p.client.sequences.size(), 601U);
  EXPECT_GT(p.client.retransmitted, 30);
  EXPECT_EQ(p.client.rotation, Rotation::clockwise_270);
  EXPECT_EQ(p.client.session->counters().received_packets, 601U);
  ASSERT_FALSE(p.server.report_blocks.empty());
  EXPECT_EQ(p.server.report_blocks.back().ssrc, MiniServer::kVideoSsrc);
  EXPECT_GT(p.server.report_blocks.back().cumulative_lost, 20) << "retransmissions do not hide the loss";
}

TEST(PeerSession, AsksForAKeyframe) {
  Pair p({.publisher = false});
  ASSERT_TRUE(p.connect());
  p.client.session->request_keyframe();
  EXPECT_TRUE(p.network.run_until([&] { return p.server.keyframe_requests == 1; }, seconds(1)));
}

TEST(PeerSession, RestartsIceAndGoesOn) {
  Pair p({.publisher = true});
  ASSERT_TRUE(p.connect());
  const std::string answer = p.server.restart(p.client.session->restart_ice());
  ASSERT_TRUE(p.client.session->set_restart_answer(answer));
  ASSERT_TRUE(p.client.session->send(Kind::audio, Bytes{1}, 960, false)) << "media goes on meanwhile";
  EXPECT_TRUE(p.network.run_until([&] { return !p.server.ice->restarting(); }, seconds(2)));
  ASSERT_TRUE(p.client.session->send(Kind::audio, Bytes{2}, 1920, false));
  EXPECT_TRUE(p.network.run_until([&] { return p.server.packets.size() == 2; }, seconds(1)));
  EXPECT_EQ(p.client.closed, 0);
}

TEST(PeerSession, SaysGoodbye) {
  Pair p({.publisher = true});
  ASSERT_TRUE(p.connect());
  p.client.session->close();
  EXPECT_TRUE(p.network.run_until([&] { return p.server.dtls->state() == DtlsState::closed; }, seconds(1)));
  EXPECT_THAT(p.server.byes, ElementsAre(p.client.session->ssrc(Kind::audio), p.client.session->ssrc(Kind::video)));
  EXPECT_FALSE(p.client.session->connected());
  EXPECT_FALSE(p.client.session->send(Kind::audio, Bytes{1}, 0, false));
  EXPECT_FALSE(p.client.session->next_deadline());
  EXPECT_EQ(p.client.closed, 0) << "it knows that itself";
}

TEST(PeerSession, TellsWhenTheServerGoes) {
  Pair goodbye({.publisher = true});
  ASSERT_TRUE(goodbye.connect());
  DatagramSink& sink = goodbye.network.attach(goodbye.server, *SocketAddress::parse("192.0.2.10", 1));
  goodbye.server.dtls->close(*goodbye.server.ice->selected(), sink);
  EXPECT_TRUE(goodbye.network.run_until([&] { return goodbye.client.closed == 1; }, seconds(1)));

  Pair silence({.publisher = true});
  ASSERT_TRUE(silence.connect());
  silence.network.detach(silence.server);
  EXPECT_FALSE(silence.network.run_until([&] { return silence.client.closed == 1; }, seconds(25)));
  EXPECT_TRUE(silence.network.run_until([&] { return silence.client.closed == 1; }, seconds(10)));
}

TEST(PeerSession, DoesNotTalkToAServerWithAnotherCertificate) {
  Pair p({.publisher = true});
  std::string answer = p.server.answer(p.client.session->offer());
  const std::string right = p.server_context.sha256_fingerprint();
  const std::string wrong = p.client_context.sha256_fingerprint();
  for (std::size_t at = answer.find(right); at != std::string::npos; at = answer.find(right)) {
    answer.replace(at, right.size(), wrong);
  }
  ASSERT_TRUE(p.client.session->set_answer(answer));
  EXPECT_TRUE(p.network.run_until([&] { return p.client.closed == 1; }, seconds(5)));
  EXPECT_EQ(p.client.connected, 0);
}

TEST(PeerSession, RefusesAnswersThatASessionCannotComeOf) {
  const struct {
    const char* name;
    const char* from;
    const char* to;
  } cases[] = {
      {"nobody begins DTLS", "a=setup:passive", "a=setup:actpass"},
      {"no fingerprint", "a=fingerprint:sha-256", "a=x:sha-256"},
      {"weak fingerprint", "a=fingerprint:sha-256", "a=fingerprint:sha-1"},
      {"no credentials", "a=ice-pwd:", "a=x:"},
      {"no candidate", "a=candidate:", "a=x:"},
      {"no rtcp-mux", "a=rtcp-mux", "a=x"},
      {"another mid", "a=mid:0", "a=mid:7"},
      {"wrong direction", "a=recvonly", "a=sendonly"},
      {"format not offered", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "m=audio 9 UDP/TLS/RTP/SAVPF 99"},
      {"a section missing", "m=video", "a=video"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    Pair p({.publisher = true});
    std::string answer = p.server.answer(p.client.session->offer());
    ASSERT_NE(answer.find(c.from), std::string::npos);
    for (std::size_t at = answer.find(c.from); at != std::string::npos; at = answer.find(c.from)) {
      answer.replace(at, std::string_view(c.from).size(), c.to);
    }
    const auto taken = p.client.session->set_answer(answer);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, "peer.answer_unusable");
    EXPECT_FALSE(p.client.session->next_deadline());
  }
}

}  // namespace
}  // namespace tw::media
