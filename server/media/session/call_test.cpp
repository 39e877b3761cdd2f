// Whole calls on a simulated clock and network: publishers and viewers of media/peer against the rooms of a worker.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "media/session/simulated_room_test_support.hpp"
#include "media/stream/ntp_time.hpp"

namespace tw::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

bool rises_without_a_step(const std::vector<std::uint16_t>& sequences) {
  for (std::size_t i = 1; i < sequences.size(); ++i) {
    if (static_cast<std::uint16_t>(sequences[i] - sequences[i - 1]) != 1) return false;
  }
  return true;
}

class CallTest : public ::testing::Test {
 protected:
  void open_gate() { ASSERT_TRUE(world_.host->set_gate(SimulatedRoom::kRoom, true)); }
  void add_tap() { ASSERT_TRUE(world_.host->add_tap(SimulatedRoom::kRoom, tap_)); }
  SimulatedPeer& connected_publisher() {
    SimulatedPeer& peer = world_.publish("customer");
    EXPECT_TRUE(world_.run_until([&] { return peer.connected; }));
    peer.start_media();
    return peer;
  }
  SimulatedPeer& connected_viewer() {
    SimulatedPeer& peer = world_.watch("agent", "customer");
    EXPECT_TRUE(world_.run_until([&] { return peer.connected; }));
    return peer;
  }
  SimulatedRoom world_;
  std::shared_ptr<CountingTap> tap_ = std::make_shared<CountingTap>();
};

TEST_F(CallTest, ConnectsAndForwardsEveryFrame) {
  open_gate();
  add_tap();
  SimulatedPeer& viewer = connected_viewer();
  SimulatedPeer& publisher = connected_publisher();
  world_.run_for(seconds{5});
  EXPECT_GT(viewer.frames.size(), 140U);
  EXPECT_EQ(viewer.frames.begin()->first, 0U);
  EXPECT_EQ(viewer.incomplete_frames(3), 0U);
  EXPECT_GT(viewer.audio_packets, 240U);
  EXPECT_TRUE(rises_without_a_step(viewer.sequences[Kind::video]));
  EXPECT_TRUE(rises_without_a_step(viewer.sequences[Kind::audio]));
  EXPECT_LT(viewer.sequences[Kind::video].front(), 0x8000);
  EXPECT_EQ(tap_->duplicates + tap_->strays + tap_->malformed, 0U);
  EXPECT_EQ(tap_->holes(Kind::video), 0U);
  EXPECT_EQ(publisher.session->counters().feedback_lost, 0U);
  EXPECT_EQ(world_.time_of(publisher.id, SessionState::unstable), std::nullopt);
}

TEST_F(CallTest, AViewerMayComeLateAndBeginsWithAKeyframe) {
  open_gate();
  SimulatedPeer& publisher = connected_publisher();
  world_.run_for(seconds{2});
  const unsigned before = publisher.keyframe_requests;
  SimulatedPeer& viewer = connected_viewer();
  ASSERT_TRUE(world_.run_until([&] { return !viewer.frames.empty(); }, milliseconds{500}));
  EXPECT_EQ(publisher.keyframe_requests, before + 1);
  world_.run_for(seconds{1});
  EXPECT_EQ(viewer.incomplete_frames(3), 0U);
}

TEST_F(CallTest, EveryFrameArrivesAtFivePercentLossOfBothDirections) {
  world_.network = {0.05, milliseconds{30}, milliseconds{15}};
  open_gate();
  add_tap();
  SimulatedPeer& viewer = connected_viewer();
  SimulatedPeer& publisher = connected_publisher();
  world_.run_for(seconds{30});
  world_.network.loss = 0;
  world_.run_for(seconds{2});
  EXPECT_GT(viewer.frames.size(), 900U);
  EXPECT_EQ(viewer.incomplete_frames(3), 0U) << viewer.incomplete_list(3);
  EXPECT_EQ(tap_->holes(Kind::video), 0U) << "what is recorded is whole too";
  EXPECT_EQ(tap_->duplicates + tap_->strays + tap_->malformed, 0U);
  EXPECT_GT(publisher.session->counters().retransmitted_packets, 100U);
  EXPECT_GT(viewer.session->counters().nacks_sent, 100U);
  const auto& quality = world_.qualities.at(world_.qualities.size() / 2);
  EXPECT_NEAR(quality.round_trip_ms, 75, 30);
}

/// Keeps the last hundred packets, in memory that is used again, as a recording does.
class KeepingTap final : public PacketTap, public PacketKeeper {
 public:
  void on_track_started(const TrackInfo& /*track*/, WallTime /*at*/) override {}
  KeptPacket on_packet(const TapPacket& packet) override {
    auto& memory = packets_[++newest_ % packets_.size()];
    memory.assign(packet.rtp.begin(), packet.rtp.end());
    return {this, newest_};
  }
  void on_sender_report(const TapSenderReport& /*report*/) override {}
  void on_track_ended(TrackNumber /*track*/, WallTime /*at*/) override {}
  [[nodiscard]] const std::uint8_t* kept(std::uint64_t place) const override {
    ++asked;
    return place + packets_.size() <= newest_ ? nullptr : packets_[place % packets_.size()].data();
  }
  mutable unsigned asked = 0;

 private:
  std::array<Bytes, 100> packets_;
  std::uint64_t newest_ = 0;
};

TEST_F(CallTest, WhatATapKeepsIsSentAgainFromThereAndAfterItLeftFromElsewhere) {
  world_.network = {0.05, milliseconds{30}, milliseconds{15}};
  open_gate();
  auto keeping = std::make_shared<KeepingTap>();
  ASSERT_TRUE(world_.host->add_tap(SimulatedRoom::kRoom, keeping));
  SimulatedPeer& viewer = connected_viewer();
  (void)connected_publisher();
  world_.run_for(seconds{15});
  EXPECT_GT(keeping->asked, 50U);
  const std::weak_ptr<KeepingTap> gone = keeping;
  world_.host->remove_tap(SimulatedRoom::kRoom, keeping.get());
  keeping.reset();
  ASSERT_TRUE(gone.expired()) << "nothing may be read there any more";
  world_.run_for(seconds{15});
  world_.network.loss = 0;
  world_.run_for(seconds{2});
  EXPECT_GT(viewer.frames.size(), 900U);
  // What was on its way while the tap left is not to be had again.
  EXPECT_LE(viewer.incomplete_frames(3), 2U) << viewer.incomplete_list(3);
}

TEST_F(CallTest, ReportsQualityEveryTwoSeconds) {
  world_.network.delay = milliseconds{40};
  open_gate();
  SimulatedPeer& viewer = connected_viewer();
  SimulatedPeer& publisher = connected_publisher();
  world_.run_for(milliseconds{10'100});
  for (const auto& id : {viewer.id, publisher.id}) {
    std::vector<SessionQuality> seen;
    std::ranges::copy_if(world_.qualities, std::back_inserter(seen), [&](const auto& q) { return q.session == id; });
    ASSERT_EQ(seen.size(), 5U);
    EXPECT_NEAR(seen.back().round_trip_ms, 80, 10);
    EXPECT_EQ(seen.back().loss_fraction, 0);
    EXPECT_NEAR(seen.back().bitrate_bps, 5 * 30 * 950 * 8, 250'000);
    EXPECT_FALSE(seen.back().picture_paused);
    EXPECT_EQ(seen.back().layer.has_value(), id == viewer.id) << "what a viewer is given";
    EXPECT_LT(seen.back().jitter_ms, 40U);
  }
}

TEST_F(CallTest, AClosedGateLetsOnlyFeedbackThrough) {
  add_tap();
  SimulatedPeer& viewer = connected_viewer();
  SimulatedPeer& publisher = connected_publisher();
  world_.run_for(seconds{4});
  EXPECT_EQ(viewer.video_packets + viewer.audio_packets, 0U);
  EXPECT_EQ(tap_->packets(Kind::video) + tap_->packets(Kind::audio), 0U);
  EXPECT_TRUE(tap_->reports.empty());
  EXPECT_GT(publisher.session->counters().feedback_received, 500U) << "the bandwidth estimate climbs meanwhile";
  EXPECT_EQ(publisher.keyframe_requests, 0U);

  const SteadyTime opened = world_.clock.steady_now();
  open_gate();
  ASSERT_TRUE(world_.run_until([&] { return !viewer.frames.empty(); }, milliseconds{500}));
  ASSERT_EQ(publisher.keyframe_request_times.size(), 1U);
  EXPECT_LT(publisher.keyframe_request_times[0] - opened, milliseconds{50});
  EXPECT_FALSE(tap_->reports.empty()) << "the clocks told before the opening still hold";
  world_.run_for(seconds{1});
  EXPECT_EQ(viewer.incomplete_frames(3), 0U);
  EXPECT_EQ(tap_->holes(Kind::video), 0U);

  ASSERT_TRUE(world_.host->set_gate(SimulatedRoom::kRoom, false));
  world_.run_for(milliseconds{100});
  const auto seen = viewer.video_packets;
  const auto tapped = tap_->packets(Kind::video);
  world_.run_for(seconds{1});
  EXPECT_EQ(viewer.video_packets, seen);
  EXPECT_EQ(tap_->packets(Kind::video), tapped);
  open_gate();
  world_.run_for(seconds{1});
  EXPECT_GT(viewer.video_packets, seen);
  EXPECT_TRUE(rises_without_a_step(viewer.sequences[Kind::video])) << "what was withheld is no loss";
}

TEST_F(CallTest, AReplacedPublisherContinuesInTheViewer) {
  open_gate();
  add_tap();
  SimulatedPeer& viewer = connected_viewer();
  SimulatedPeer& first = connected_publisher();
  world_.run_for(seconds{3});
  const auto tracks_before = tap_->tracks.size();
  SimulatedPeer& second = world_.publish("customer");
  EXPECT_TRUE(world_.time_of(first.id, SessionState::closed));
  EXPECT_EQ(tap_->ended.size(), tracks_before);
  const auto seen = viewer.video_packets;
  ASSERT_TRUE(world_.run_until([&] { return second.connected; }));
  EXPECT_TRUE(first.closed);
  second.start_media();
  world_.run_for(seconds{3});
  EXPECT_GT(viewer.video_packets, seen + 400);
  EXPECT_TRUE(rises_without_a_step(viewer.sequences[Kind::video]));
  EXPECT_TRUE(rises_without_a_step(viewer.sequences[Kind::audio]));
  EXPECT_EQ(tap_->tracks.size(), 2 * tracks_before) << "new tracks, new numbers";
  EXPECT_EQ(tap_->strays, 0U);
  const auto& times = viewer.timestamps[Kind::video];
  for (std::size_t i = 1; i < times.size(); ++i) {
    const auto step = static_cast<std::int32_t>(times[i] - times[i - 1]);
    ASSERT_GE(step, 0) << i;
    ASSERT_LT(step, 90'000) << i;
  }
}

TEST_F(CallTest, SenderReportsKeepLipsTogether) {
  open_gate();
  SimulatedPeer& viewer = connected_viewer();
  SimulatedPeer& publisher = connected_publisher();
  (void)publisher;
  world_.run_for(seconds{8});
  ASSERT_TRUE(viewer.sender_reports.contains(Kind::audio));
  ASSERT_TRUE(viewer.sender_reports.contains(Kind::video));
  // The publisher captured its first sound and its first picture at one instant.
  const auto captured = [&](Kind kind, std::int64_t rate) {
    const SenderReport& report = viewer.sender_reports[kind];
    const auto ticks = static_cast<std::int32_t>(report.timestamp - viewer.timestamps[kind].front());
    return ntp_difference(report.ntp, to_ntp(world_.clock.wall_now())).count() - ticks * 1'000'000LL / rate;
  };
  EXPECT_NEAR(static_cast<double>(captured(Kind::audio, 48'000)), static_cast<double>(captured(Kind::video, 90'000)),
              2'000);
}

TEST_F(CallTest, RotationReachesTapAndViewer) {
  open_gate();
  add_tap();
  SimulatedPeer& viewer = connected_viewer();
  SimulatedPeer& publisher = connected_publisher();
  publisher.rotation = Rotation::clockwise_90;
  world_.run_for(seconds{1});
  EXPECT_EQ(viewer.seen_rotation, Rotation::clockwise_90);
  publisher.rotation.reset();
  world_.run_for(milliseconds{500});
  EXPECT_EQ(tap_->rotation, Rotation::clockwise_90) << "the last known holds";
}

TEST_F(CallTest, KeyframesAreAskedForAtMostOnceInThreeHundredMilliseconds) {
  open_gate();
  SimulatedPeer& publisher = connected_publisher();
  world_.run_for(seconds{1});
  publisher.keyframe_request_times.clear();
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(world_.host->request_keyframe(SimulatedRoom::kRoom, {"customer", "camera"}));
    world_.run_for(milliseconds{20});
  }
  world_.run_for(seconds{1});
  const auto& times = publisher.keyframe_request_times;
  EXPECT_GE(times.size(), 3U);
  EXPECT_LE(times.size(), 5U);
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_GE(times[i] - times[i - 1], milliseconds{299});
}

TEST_F(CallTest, TheSilentAreUnstableThenLostThenFreed) {
  open_gate();
  add_tap();
  SimulatedPeer& publisher = connected_publisher();
  world_.run_for(seconds{2});
  const SteadyTime died = world_.clock.steady_now();
  publisher.dead = true;
  world_.run_for(seconds{31});
  const std::pair<SessionState, milliseconds> stops[] = {{SessionState::unstable, world_.config.unstable_after},
                                                         {SessionState::lost, world_.config.lost_after},
                                                         {SessionState::closed, world_.config.freed_after}};
  for (const auto& [state, after] : stops) {
    const auto at = world_.time_of(publisher.id, state);
    ASSERT_TRUE(at) << static_cast<int>(state);
    EXPECT_NEAR(std::chrono::duration<double>(*at - died).count(), std::chrono::duration<double>(after).count(), 0.1);
  }
  EXPECT_EQ(world_.host->session_count(), 0U);
  EXPECT_EQ(tap_->ended.size(), 2U);
}

TEST_F(CallTest, OneWhoComesBackIsConnectedAgain) {
  SimulatedPeer& publisher = connected_publisher();
  publisher.dead = true;
  world_.run_for(seconds{10});
  EXPECT_TRUE(world_.time_of(publisher.id, SessionState::lost));
  publisher.dead = false;
  world_.run_for(seconds{4});
  EXPECT_EQ(world_.events.back().second.state, SessionState::connected);
}

TEST_F(CallTest, APeerThatMovesToAnotherAddressIsFollowed) {
  open_gate();
  SimulatedPeer& viewer = connected_viewer();
  SimulatedPeer& publisher = connected_publisher();
  world_.run_for(seconds{2});
  publisher.address = *SocketAddress::parse("10.0.0.77", 6'000);  // its NAT forgot it
  viewer.address = *SocketAddress::parse("10.0.0.78", 6'001);
  world_.run_for(seconds{3});  // the next checks come within 2.5 s
  const auto seen = viewer.video_packets;
  world_.run_for(seconds{2});
  EXPECT_GT(viewer.video_packets, seen + 250);
  EXPECT_EQ(world_.host->session_count(), 2U);
}

TEST_F(CallTest, OneWhoNeverConnectsIsFreed) {
  SimulatedPeer& peer = world_.publish("customer");
  peer.dead = true;
  world_.run_for(seconds{31});
  EXPECT_TRUE(world_.time_of(peer.id, SessionState::closed));
  EXPECT_EQ(world_.host->session_count(), 0U);
}

TEST_F(CallTest, GoodbyeEndsTheSessionAtOnce) {
  SimulatedPeer& publisher = connected_publisher();
  publisher.session->close();
  world_.run_for(milliseconds{100});
  EXPECT_TRUE(world_.time_of(publisher.id, SessionState::closed));
  EXPECT_EQ(world_.host->session_count(), 0U);
}

TEST_F(CallTest, ClosingARoomEndsItsTracksFirstAndThenItsSessions) {
  open_gate();
  add_tap();
  SimulatedPeer& viewer = connected_viewer();
  SimulatedPeer& publisher = connected_publisher();
  world_.run_for(seconds{1});
  ASSERT_TRUE(world_.host->close_room(SimulatedRoom::kRoom));
  EXPECT_EQ(tap_->ended.size(), 2U);
  EXPECT_TRUE(world_.time_of(publisher.id, SessionState::closed));
  EXPECT_TRUE(world_.time_of(viewer.id, SessionState::closed));
  EXPECT_EQ(world_.host->close_room(SimulatedRoom::kRoom).error().code, "media.room_unknown");
  world_.run_for(seconds{1});
  EXPECT_EQ(tap_->strays, 0U);
  EXPECT_TRUE(viewer.closed && publisher.closed);
}

TEST_F(CallTest, ARemovedTapSeesNothingMore) {
  open_gate();
  add_tap();
  (void)connected_publisher();
  world_.run_for(seconds{1});
  world_.host->remove_tap(SimulatedRoom::kRoom, tap_.get());
  const auto seen = tap_->packets(Kind::video);
  EXPECT_GT(seen, 0U);
  world_.run_for(seconds{1});
  EXPECT_EQ(tap_->packets(Kind::video), seen);
}

}  // namespace
}  // namespace tw::media
