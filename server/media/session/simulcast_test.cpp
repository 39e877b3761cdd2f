// Simulcast and what each viewer's path carries, on a simulated clock and simulated links.
#include <gtest/gtest.h>

#include "media/session/simulated_room_test_support.hpp"
#include "media/wire/vp8_payload.hpp"

namespace tw::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr unsigned kLarge = 1280;
constexpr unsigned kSmall = 320;

/// Keeps what the recording would show.
class PictureTap final : public PacketTap {
 public:
  void on_track_started(const TrackInfo& track, WallTime /*at*/) override {
    if (track.kind == Kind::video) started.push_back(track.number);
  }
  KeptPacket on_packet(const TapPacket& packet) override {
    if (started.empty() || packet.track < started.front()) return {};
    const auto picture = Vp8Payload::parse(packet.payload);
    if (!picture) return {};
    if (packet.keyframe_start) width = picture->width;
    ++packets;
    strays += packet.track == started.back() ? 0 : 1;
    return {};
  }
  void on_sender_report(const TapSenderReport& /*report*/) override {}
  void on_track_ended(TrackNumber track, WallTime /*at*/) override { ended.push_back(track); }

  std::vector<TrackNumber> started;
  std::vector<TrackNumber> ended;
  unsigned width = 0;
  unsigned packets = 0;
  unsigned strays = 0;
};

class SimulcastTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(world_.host->set_gate(SimulatedRoom::kRoom, true));
    ASSERT_TRUE(world_.host->add_tap(SimulatedRoom::kRoom, tap_));
  }
  SimulatedPeer& publisher(bool simulcast = true) {
    PeerConfig config;
    config.simulcast = simulcast;
    SimulatedPeer& peer = world_.publish("customer", config);
    EXPECT_TRUE(world_.run_until([&] { return peer.connected; }));
    peer.start_media();
    return peer;
  }
  SimulatedPeer& viewer(const std::string& name, double down_bps) {
    SimulatedPeer& peer = world_.watch(name, "customer");
    peer.down_bps = down_bps;
    EXPECT_TRUE(world_.run_until([&] { return peer.connected; }));
    return peer;
  }
  SimulatedRoom world_;
  std::shared_ptr<PictureTap> tap_ = std::make_shared<PictureTap>();
};

TEST_F(SimulcastTest, AWeakViewerGetsTheSmallLayerWhileTheRecordingKeepsTheLarge) {
  publisher();
  SimulatedPeer& strong = viewer("agent", 0);
  SimulatedPeer& weak = viewer("gst_1", 400e3);
  world_.run_for(seconds{20});
  EXPECT_EQ(strong.seen_width, kLarge);
  EXPECT_EQ(weak.seen_width, kSmall);
  EXPECT_EQ(tap_->width, kLarge);
  EXPECT_EQ(tap_->started.size(), 1U);
  EXPECT_EQ(tap_->strays, 0U);
  const auto sound = weak.audio_packets;
  const auto pictures = weak.frames.size();
  weak.worst_queue = {};
  world_.run_for(seconds{10});
  EXPECT_GE(weak.audio_packets, sound + 490) << "sound arrives whole";
  EXPECT_GE(weak.frames.size(), pictures + 290) << "and every picture of the small layer";
  EXPECT_LE(weak.worst_queue, milliseconds{350});
}

TEST_F(SimulcastTest, AChangeOfLayerIsNoSeamForTheViewer) {
  publisher();
  SimulatedPeer& peer = viewer("agent", 0);
  ASSERT_TRUE(world_.run_until([&] { return peer.seen_width == kLarge; }));
  world_.run_for(seconds{1});
  const auto& numbers = peer.sequences[Kind::video];
  ASSERT_GT(numbers.size(), 100U);
  for (std::size_t i = 1; i < numbers.size(); ++i)
    ASSERT_EQ(static_cast<std::uint16_t>(numbers[i] - numbers[i - 1]), 1) << "at packet " << i;
  const auto& times = peer.timestamps[Kind::video];
  for (std::size_t i = 1; i < times.size(); ++i)
    ASSERT_LT(times[i] - times[i - 1], 90'000U) << "time runs on, at packet " << i;
}

TEST_F(SimulcastTest, FollowsACapacityThatFallsAndComesBack) {
  publisher();
  SimulatedPeer& peer = viewer("agent", 3e6);
  ASSERT_TRUE(world_.run_until([&] { return peer.seen_width == kLarge; }, seconds{15}));
  world_.run_for(seconds{10});
  EXPECT_EQ(peer.seen_width, kLarge);
  peer.down_bps = 350e3;
  ASSERT_TRUE(world_.run_until([&] { return peer.seen_width == kSmall; }, seconds{5}));
  world_.run_for(seconds{3});
  const auto sound = peer.audio_packets;
  world_.run_for(seconds{10});
  EXPECT_GE(peer.audio_packets, sound + 480);
  peer.down_bps = 3e6;
  EXPECT_TRUE(world_.run_until([&] { return peer.seen_width == kLarge; }, seconds{60}));
  EXPECT_EQ(tap_->started.size(), 1U) << "the recording knows nothing of it";
}

/// A path that becomes narrow at once, with a router that soon drops: what is lost meanwhile is asked for again.
struct Narrow {
  double bps;
  milliseconds queue;
  std::uint32_t packets_a_frame = 5;  ///< of the large layer
};

class SuddenlyNarrow : public SimulcastTest, public ::testing::WithParamInterface<Narrow> {};

TEST_P(SuddenlyNarrow, TheSmallPictureGoesOnWhileTheLargeOneDrains) {
  world_.network = {0, milliseconds{5}, milliseconds{5}};
  SimulatedPeer& customer = publisher();
  customer.packets_a_frame = GetParam().packets_a_frame;
  SimulatedPeer& peer = viewer("agent", 5e6);
  ASSERT_TRUE(world_.run_until([&] { return peer.seen_width == kLarge; }, seconds{15}));
  world_.run_for(seconds{2});
  peer.down_bps = GetParam().bps;
  peer.down_queue = GetParam().queue;
  ASSERT_TRUE(world_.run_until([&] { return peer.seen_width == kSmall; }, seconds{5}));
  unsigned most = 0;
  for (int i = 0; i < 10; ++i) {
    const auto pictures = peer.frames.size();
    world_.run_for(seconds{1});
    if (peer.frames.size() - pictures >= 25) ++most;
  }
  EXPECT_GE(most, 9U) << "seconds of ten with a moving picture";
  EXPECT_EQ(world_.counters.picture_pauses.value(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Paths, SuddenlyNarrow,
                         ::testing::Values(Narrow{350e3, milliseconds{200}}, Narrow{350e3, milliseconds{300}},
                                           Narrow{350e3, milliseconds{600}}, Narrow{500e3, milliseconds{100}},
                                           Narrow{500e3, milliseconds{300}}, Narrow{500e3, milliseconds{600}},
                                           Narrow{350e3, milliseconds{300}, 9}, Narrow{500e3, milliseconds{300}, 9},
                                           Narrow{500e3, milliseconds{600}, 9}));

TEST_F(SimulcastTest, APictureThatDoesNotFitIsPausedSoThatTheVoiceSurvives) {
  publisher(false);
  SimulatedPeer& peer = viewer("agent", 300e3);
  world_.run_for(seconds{15});
  const auto sound = peer.audio_packets;
  const auto pictures = peer.video_packets;
  peer.worst_queue = {};
  world_.run_for(seconds{10});
  EXPECT_GE(peer.audio_packets, sound + 490);
  EXPECT_EQ(peer.video_packets, pictures);
  EXPECT_LE(peer.worst_queue, milliseconds{250});
  peer.down_bps = 4e6;
  EXPECT_TRUE(world_.run_until([&] { return peer.video_packets > pictures + 100; }, seconds{60}));
}

TEST_F(SimulcastTest, TenPercentOfRandomLossIsNoNarrowPath) {
  world_.network = {0.10, milliseconds{50}, milliseconds{0}};
  publisher();
  SimulatedPeer& peer = viewer("agent", 0);
  ASSERT_TRUE(world_.run_until([&] { return peer.seen_width == kLarge; }, seconds{30}));
  world_.run_for(seconds{30});
  EXPECT_EQ(peer.seen_width, kLarge);
}

TEST_F(SimulcastTest, TheRecordingTakesTheSmallLayerOnlyWhileTheLargeIsNotSent) {
  SimulatedPeer& customer = publisher();
  world_.run_for(seconds{5});
  EXPECT_EQ(tap_->width, kLarge);
  customer.sends_large = false;
  ASSERT_TRUE(world_.run_until([&] { return tap_->width == kSmall; }, milliseconds{500})) << "a gap of a few pictures";
  ASSERT_EQ(tap_->started.size(), 2U) << "declared: a track of its own";
  EXPECT_EQ(tap_->ended.size(), 1U);
  customer.sends_large = true;
  ASSERT_TRUE(world_.run_until([&] { return tap_->width == kLarge; }, seconds{10}));
  EXPECT_EQ(tap_->started.size(), 3U);
  EXPECT_EQ(tap_->strays, 0U);
}

TEST_F(SimulcastTest, AViewerOfALayerThatIsSwitchedOffSoonSeesTheOther) {
  SimulatedPeer& customer = publisher();
  SimulatedPeer& peer = viewer("agent", 0);
  ASSERT_TRUE(world_.run_until([&] { return peer.seen_width == kLarge; }, seconds{15}));
  world_.run_for(seconds{2});
  customer.sends_large = false;
  EXPECT_TRUE(world_.run_until([&] { return peer.seen_width == kSmall; }, milliseconds{700}));
}

TEST_F(SimulcastTest, AWayThatStoodStillForAMomentChangesNoLayer) {
  SimulatedPeer& customer = publisher();
  world_.run_for(seconds{8});
  ASSERT_EQ(tap_->width, kLarge);
  const unsigned asked = customer.keyframe_requests;
  for (int i = 0; i < 5; ++i) {
    customer.sends_large = customer.sends_small = false;
    world_.run_for(milliseconds{700});
    customer.sends_large = customer.sends_small = true;
    world_.run_for(seconds{1});
  }
  EXPECT_EQ(tap_->started.size(), 1U);
  EXPECT_EQ(customer.keyframe_requests, asked);
}

TEST_F(SimulcastTest, AViewerWhoTellsNothingOfItsPathGetsTheLargePicture) {
  publisher();
  PeerConfig config;
  config.transport_feedback = false;
  SimulatedPeer& peer = world_.watch("agent", "customer", config);
  EXPECT_TRUE(world_.run_until([&] { return peer.seen_width == kLarge; }, seconds{40}));
}

}  // namespace
}  // namespace tw::media
