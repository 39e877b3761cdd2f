// What must not get through: replays, forgeries, strangers, wrong certificates, wrong requests.
#include <gtest/gtest.h>

#include "media/session/simulated_room_test_support.hpp"
#include "media/wire/demultiplex.hpp"

namespace tw::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class HostileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(world_.host->set_gate(SimulatedRoom::kRoom, true));
    ASSERT_TRUE(world_.host->add_tap(SimulatedRoom::kRoom, tap_));
    viewer_ = &world_.watch("agent", "customer");
    publisher_ = &world_.publish("customer");
    ASSERT_TRUE(world_.run_until([&] { return publisher_->connected && viewer_->connected; }));
  }
  [[nodiscard]] std::size_t tapped() const { return tap_->packets(Kind::video) + tap_->packets(Kind::audio); }
  void inject(const SocketAddress& from, Bytes datagram) { world_.host->receive({0, from}, datagram); }
  [[nodiscard]] SessionRef ref() const { return {SimulatedRoom::kRoom, "customer", publisher_->id}; }

  SimulatedRoom world_;
  std::shared_ptr<CountingTap> tap_ = std::make_shared<CountingTap>();
  SimulatedPeer* viewer_ = nullptr;
  SimulatedPeer* publisher_ = nullptr;
};

TEST_F(HostileTest, ReplayedPacketsAreNotForwarded) {
  std::vector<Bytes> recorded;
  world_.on_wire = [&](SimulatedPeer& peer, ByteView datagram) {
    if (&peer == publisher_ && kind_of(datagram) == DatagramKind::rtp)
      recorded.emplace_back(datagram.begin(), datagram.end());
  };
  publisher_->start_media();
  world_.run_for(seconds{2});
  world_.on_wire = nullptr;
  publisher_->dead = true;
  world_.run_for(milliseconds{500});
  ASSERT_GT(recorded.size(), 300U);
  const auto seen = tapped();
  const auto forwarded = viewer_->video_packets + viewer_->audio_packets;
  for (const auto& datagram : recorded) inject(publisher_->address, datagram);
  world_.run_for(milliseconds{500});
  EXPECT_EQ(tapped(), seen);
  EXPECT_EQ(viewer_->video_packets + viewer_->audio_packets, forwarded);
  EXPECT_EQ(tap_->duplicates, 0U);
}

TEST_F(HostileTest, UnauthenticatedPacketsAreNotForwarded) {
  std::vector<Bytes> recorded;
  world_.on_wire = [&](SimulatedPeer& peer, ByteView datagram) {
    if (&peer == publisher_ && kind_of(datagram) == DatagramKind::rtp)
      recorded.emplace_back(datagram.begin(), datagram.end());
  };
  publisher_->start_media();
  world_.run_for(seconds{1});
  world_.on_wire = nullptr;
  publisher_->dead = true;
  world_.run_for(milliseconds{500});
  const auto seen = tapped();
  for (std::size_t i = 0; i < recorded.size(); ++i) {
    Bytes forged = recorded[i];
    forged[3] = static_cast<std::uint8_t>(forged[3] + 100);  // another sequence number under the old tag
    inject(publisher_->address, forged);
    Bytes plain(40, 0x55);
    plain[0] = 0x80;
    plain[1] = 96;
    inject(publisher_->address, plain);
    Bytes flipped = recorded[i];
    flipped.back() ^= 1;
    inject(publisher_->address, flipped);
  }
  EXPECT_EQ(tapped(), seen);
}

TEST_F(HostileTest, PacketsOfAStrangersAddressAreNotReadEvenWhenGenuine) {
  std::vector<Bytes> recorded;
  world_.on_wire = [&](SimulatedPeer& peer, ByteView datagram) {
    if (&peer == publisher_ && kind_of(datagram) == DatagramKind::rtp)
      recorded.emplace_back(datagram.begin(), datagram.end());
  };
  world_.network.loss = 1;  // the originals do not come
  publisher_->start_media();
  world_.run_for(seconds{1});
  ASSERT_FALSE(recorded.empty());
  for (const auto& datagram : recorded) inject(*SocketAddress::parse("198.51.100.9", 4'444), datagram);
  EXPECT_EQ(tapped(), 0U);
}

TEST_F(HostileTest, AThousandSpoofedHellosDisturbNobodyAndAreNotAnswered) {
  std::vector<Bytes> hellos;
  world_.on_wire = [&](SimulatedPeer& peer, ByteView datagram) {
    if (&peer != publisher_ && kind_of(datagram) == DatagramKind::dtls)
      hellos.emplace_back(datagram.begin(), datagram.end());
  };
  SimulatedPeer& third = world_.watch("watcher", "customer");
  ASSERT_TRUE(world_.run_until([&] { return third.connected; }));
  world_.on_wire = nullptr;
  ASSERT_FALSE(hellos.empty());
  publisher_->start_media();
  world_.run_for(seconds{1});
  for (int i = 0; i < 1'000; ++i) {
    const auto address =
        SocketAddress::parse("198.51.100." + std::to_string(i % 250 + 1), static_cast<std::uint16_t>(1'024 + i));
    inject(*address, hellos.front());
  }
  EXPECT_TRUE(world_.strangers.empty()) << "no amplification";
  world_.run_for(seconds{2});
  EXPECT_EQ(viewer_->incomplete_frames(3), 0U);
  EXPECT_GT(viewer_->frames.size(), 80U);
  EXPECT_EQ(world_.host->session_count(), 3U);
}

TEST_F(HostileTest, NothingIsSentToAnAddressThatHasProvedNothing) {
  // Everything that real peers sent, from the first check to media, again from elsewhere: amplification is at most 1.
  std::vector<Bytes> seen;
  world_.on_wire = [&](SimulatedPeer&, ByteView datagram) { seen.emplace_back(datagram.begin(), datagram.end()); };
  SimulatedPeer& third = world_.watch("watcher", "customer");
  publisher_->start_media();
  ASSERT_TRUE(world_.run_until([&] { return third.connected && third.video_packets > 20; }));
  world_.run_for(seconds{3});
  world_.on_wire = nullptr;
  std::size_t kinds[5]{};
  std::size_t injected = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const DatagramKind kind = kind_of(seen[i]);
    ++kinds[static_cast<std::size_t>(kind)];
    // A check is authenticated wherever it seems to come from, so it is answered; with one bit changed it is not.
    if (kind == DatagramKind::stun) seen[i].back() ^= 1;
    injected += seen[i].size();
    inject(*SocketAddress::parse("198.51.100." + std::to_string(i % 200 + 1), 4'444), seen[i]);
  }
  for (const DatagramKind kind : {DatagramKind::stun, DatagramKind::dtls, DatagramKind::rtp, DatagramKind::rtcp}) {
    EXPECT_GT(kinds[static_cast<std::size_t>(kind)], 0U);
  }
  world_.run_for(seconds{5});
  EXPECT_GT(injected, 10'000U);
  EXPECT_EQ(world_.strangers_bytes, 0U);
  EXPECT_EQ(viewer_->incomplete_frames(3), 0U) << "and the call goes on";
}

TEST_F(HostileTest, ACheckReplayedFromElsewhereGetsNoMoreThanItsOwnLength) {
  std::vector<Bytes> checks;
  world_.on_wire = [&](SimulatedPeer&, ByteView datagram) {
    if (kind_of(datagram) == DatagramKind::stun) checks.emplace_back(datagram.begin(), datagram.end());
  };
  SimulatedPeer& third = world_.watch("watcher", "customer");
  ASSERT_TRUE(world_.run_until([&] { return third.connected; }));
  world_.on_wire = nullptr;
  ASSERT_FALSE(checks.empty());
  const auto stranger = *SocketAddress::parse("198.51.100.9", 4'444);
  std::size_t injected = 0;
  for (const auto& check : checks) {
    injected += check.size();
    inject(stranger, check);
    ASSERT_LE(world_.strangers_bytes, injected);
  }
}

TEST_F(HostileTest, GarbageOfEveryKindChangesNothing) {
  publisher_->start_media();
  for (unsigned first = 0; first < 256; ++first) {
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{12}, std::size_t{20}, std::size_t{1'500}}) {
      Bytes bytes(size, static_cast<std::uint8_t>(first));
      inject(publisher_->address, bytes);
      inject(*SocketAddress::parse("198.51.100.9", 4'444), bytes);
    }
  }
  world_.run_for(seconds{1});
  EXPECT_EQ(viewer_->incomplete_frames(3), 0U);
  EXPECT_GT(viewer_->frames.size(), 20U);
  EXPECT_TRUE(world_.strangers.empty());
}

TEST_F(HostileTest, AWrongFingerprintGetsNoMedia) {
  PeerConfig config;
  config.publisher = false;
  SimulatedPeer& impostor =
      *world_.peers.emplace_back(std::make_unique<SimulatedPeer>(world_, "impostor", config, world_.peers.size()));
  std::string offer = impostor.session->offer();
  const std::size_t at = offer.find("a=fingerprint:sha-256 ") + 22;
  offer[at] = offer[at] == 'A' ? 'B' : 'A';
  ASSERT_TRUE(world_.offer(impostor, offer, {"customer", "camera"}));
  publisher_->start_media();
  world_.run_for(seconds{5});
  EXPECT_EQ(impostor.video_packets + impostor.audio_packets, 0U);
  EXPECT_EQ(world_.time_of(impostor.id, SessionState::connected), std::nullopt);
  EXPECT_TRUE(world_.time_of(impostor.id, SessionState::closed));
  EXPECT_GT(viewer_->video_packets, 0U);
}

TEST_F(HostileTest, IceRestartsKeepTheMediaGoing) {
  publisher_->start_media();
  world_.run_for(seconds{1});
  for (int i = 0; i < 5; ++i) {
    const std::string fragment = publisher_->session->restart_ice();
    const auto answer = world_.host->patch(ref(), "*", fragment);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_NE(answer->etag, publisher_->etag);
    publisher_->etag = answer->etag;
    ASSERT_TRUE(publisher_->session->set_restart_answer(answer->fragment));
    const auto seen = viewer_->frames.size();
    world_.run_for(seconds{1});
    EXPECT_GT(viewer_->frames.size(), seen + 25);
  }
  world_.run_for(seconds{35});
  EXPECT_EQ(viewer_->incomplete_frames(3), 0U);
  EXPECT_EQ(world_.time_of(publisher_->id, SessionState::unstable), std::nullopt);
  EXPECT_TRUE(publisher_->session->connected());
}

TEST_F(HostileTest, PatchesAreCheckedBeforeTheyChangeAnything) {
  const std::string trickle = "a=candidate:1 1 udp 2122194687 192.0.2.9 57689 typ host\r\na=end-of-candidates\r\n";
  const std::string restart = "a=ice-ufrag:otherUfr\r\na=ice-pwd:otherPasswordOtherPass00\r\n";
  struct Case {
    const char* name;
    SessionRef session;
    std::optional<std::string> if_match;
    std::string fragment;
    const char* code;  // empty: taken
    ErrorKind kind = ErrorKind::internal;
  };
  const Case cases[] = {
      {"trickle", ref(), publisher_->etag, trickle, ""},
      {"no candidates at all", ref(), publisher_->etag, "", ""},
      {"no If-Match", ref(), std::nullopt, trickle, "media_session.if_match_required", ErrorKind::precondition},
      {"another ETag", ref(), "x", trickle, "media_session.etag_mismatch", ErrorKind::precondition},
      {"broken fragment", ref(), publisher_->etag, "hello", "sdp.malformed", ErrorKind::invalid},
      {"broken candidate", ref(), publisher_->etag, "a=candidate:x\r\n", "sdp.malformed", ErrorKind::invalid},
      {"too large", ref(), publisher_->etag, std::string(kMaxSdpBytes + 1, 'a'), "sdp.too_large", ErrorKind::too_large},
      {"restart under the ETag", ref(), publisher_->etag, restart, "media_session.restart_needs_star",
       ErrorKind::invalid},
      {"restart without credentials", ref(), "*", trickle, "sdp.no_ice_credentials", ErrorKind::invalid},
      {"another participant",
       {SimulatedRoom::kRoom, "agent", publisher_->id},
       "*",
       restart,
       "media_session.unknown",
       ErrorKind::not_found},
      {"another room",
       {"room-2", "customer", publisher_->id},
       "*",
       restart,
       "media_session.unknown",
       ErrorKind::not_found},
      {"unknown session",
       {SimulatedRoom::kRoom, "customer", "ses_x"},
       "*",
       restart,
       "media_session.unknown",
       ErrorKind::not_found}};
  for (const auto& c : cases) {
    const auto result = world_.host->patch(c.session, c.if_match, c.fragment);
    if (*c.code == '\0') {
      ASSERT_TRUE(result) << c.name;
      EXPECT_TRUE(result->fragment.empty()) << c.name;
      EXPECT_EQ(result->etag, publisher_->etag) << c.name;
    } else {
      ASSERT_FALSE(result) << c.name;
      EXPECT_EQ(result.error().code, c.code) << c.name;
      EXPECT_EQ(result.error().kind, c.kind) << c.name;
    }
  }
  publisher_->start_media();
  world_.run_for(seconds{1});
  EXPECT_GT(viewer_->frames.size(), 20U);
}

TEST_F(HostileTest, RequestsThatCannotBeServedChangeNothing) {
  const std::string offer = publisher_->session->offer();
  EXPECT_EQ(world_.host->publish({"room-2", "customer", {"customer", "camera"}, offer}).error().code,
            "media.room_unknown");
  EXPECT_EQ(world_.host->subscribe({"room-2", "agent", {"customer", "camera"}, offer}).error().code,
            "media.room_unknown");
  EXPECT_EQ(world_.host->publish({SimulatedRoom::kRoom, "agent", {"customer", "camera"}, offer}).error().code,
            "media.not_own_stream");
  EXPECT_EQ(world_.host->publish({SimulatedRoom::kRoom, "customer", {"customer", "camera"}, "v=1"}).error().code,
            "sdp.malformed");
  EXPECT_EQ(world_.host->request_keyframe(SimulatedRoom::kRoom, {"agent", "camera"}).error().code,
            "media.stream_unknown");
  EXPECT_EQ(world_.host->close_session({SimulatedRoom::kRoom, "agent", publisher_->id}).error().code,
            "media_session.unknown");
  publisher_->start_media();
  world_.run_for(seconds{1});
  EXPECT_GT(viewer_->frames.size(), 20U) << "the publisher was not replaced by any of them";
  ASSERT_TRUE(world_.host->close_session(ref()));
  EXPECT_EQ(world_.host->close_session(ref()).error().code, "media_session.unknown");
}

TEST_F(HostileTest, ARoomHoldsALimitedNumberOfSessions) {
  PeerConfig config;
  config.publisher = false;
  PeerSession peer(config, world_.peer_dtls, world_.clock, world_.random, *viewer_, *viewer_);
  for (std::size_t i = 2; i < Room::kMaxSessions; ++i) {
    ASSERT_TRUE(
        world_.host->subscribe({SimulatedRoom::kRoom, "w" + std::to_string(i), {"customer", "camera"}, peer.offer()}))
        << i;
  }
  const auto refused = world_.host->subscribe({SimulatedRoom::kRoom, "one more", {"customer", "camera"}, peer.offer()});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "media_session.too_many");
}

TEST_F(HostileTest, AViewerWhoComesAgainReplacesTheirOldSession) {
  SimulatedPeer& again = world_.watch("agent", "customer");
  EXPECT_TRUE(world_.time_of(viewer_->id, SessionState::closed));
  ASSERT_TRUE(world_.run_until([&] { return again.connected; }));
  publisher_->start_media();
  world_.run_for(seconds{1});
  EXPECT_GT(again.frames.size(), 20U);
  EXPECT_EQ(viewer_->frames.size(), 0U);
  EXPECT_TRUE(viewer_->closed);
}

TEST_F(HostileTest, ClosingAParticipantEndsTheirSessionsOnly) {
  world_.host->close_participant(SimulatedRoom::kRoom, "agent");
  EXPECT_TRUE(world_.time_of(viewer_->id, SessionState::closed));
  EXPECT_EQ(world_.time_of(publisher_->id, SessionState::closed), std::nullopt);
}

}  // namespace
}  // namespace tw::media
