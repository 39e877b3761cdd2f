// Players in a room on a simulated clock: everybody sees the same at the same time, commands take hold at keyframes,
// what is played is recorded, and who is on hold hears nothing else.
#include <gtest/gtest.h>

#include <algorithm>

#include "media/session/player_test_support.hpp"
#include "media/session/simulated_room_test_support.hpp"

namespace tw::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const StreamKey kBroadcast{"player", "broadcast"};

class PlayerTest : public ::testing::Test {
 protected:
  PlayerTest() {
    EXPECT_TRUE(world_.host->set_gate(SimulatedRoom::kRoom, true));
    EXPECT_TRUE(world_.host->add_tap(SimulatedRoom::kRoom, tap_));
  }
  SimulatedPeer& viewer(const std::string& participant, const std::string& whose = "player") {
    PeerConfig config;
    config.publisher = false;
    SimulatedPeer& peer =
        *world_.peers.emplace_back(std::make_unique<SimulatedPeer>(world_, participant, config, world_.peers.size()));
    const StreamKey stream = whose == "player" ? kBroadcast : StreamKey{whose, "camera"};
    EXPECT_TRUE(world_.offer(peer, peer.session->offer(), stream));
    EXPECT_TRUE(world_.run_until([&] { return peer.connected; }));
    return peer;
  }
  void play(PlayOptions options = {}, seconds length = seconds{10}) {
    ASSERT_TRUE(world_.host->play(SimulatedRoom::kRoom, kBroadcast, make_marked_media(length), std::move(options)));
  }
  void command(PlayerCommand::Action action, milliseconds position = {}) {
    ASSERT_TRUE(world_.host->control_player(SimulatedRoom::kRoom, kBroadcast, {action, position}));
  }
  [[nodiscard]] const PlayerEvent& last() const { return world_.player_events.back(); }

  SimulatedRoom world_;
  std::shared_ptr<CountingTap> tap_ = std::make_shared<CountingTap>();
};

TEST_F(PlayerTest, PlaysToTheEndForEverybodyAndIsRecorded) {
  SimulatedPeer& agent = viewer("agent");
  SimulatedPeer& customer = viewer("customer");
  play({.id = "one"}, seconds{4});
  ASSERT_TRUE(world_.run_until([&] { return last().state == PlayerState::finished; }));
  world_.run_for(milliseconds{200});
  for (const SimulatedPeer* peer : {&agent, &customer}) {
    EXPECT_EQ(peer->frames.size(), 100U);
    EXPECT_EQ(peer->audio_packets, 200U);
  }
  EXPECT_EQ(tap_->packets(Kind::audio), 200U);
  EXPECT_EQ(tap_->keyframes, 4U);
  EXPECT_EQ(tap_->holes(Kind::video) + tap_->strays + tap_->malformed, 0U);
  EXPECT_EQ(tap_->ended.size(), 2U);
  EXPECT_EQ(tap_->tracks.begin()->second.stream, kBroadcast);
  EXPECT_EQ(last().position, seconds{4});
  EXPECT_EQ(last().player, "one");
  EXPECT_FALSE(world_.host->control_player(SimulatedRoom::kRoom, kBroadcast, {}));
}

TEST_F(PlayerTest, ProgressIsToldEverySecond) {
  play();
  world_.run_for(milliseconds{3'500});
  ASSERT_EQ(world_.player_events.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(static_cast<double>(world_.player_events[i].position.count()), 1'000.0 * static_cast<double>(i), 5);
    EXPECT_EQ(world_.player_events[i].duration, seconds{10});
  }
}

TEST_F(PlayerTest, SoundAndPictureAgreeForBrowsersAndRecorder) {
  SimulatedPeer& agent = viewer("agent");
  play();
  world_.run_for(seconds{3});
  command(PlayerCommand::Action::pause);
  world_.run_for(milliseconds{2'300});
  command(PlayerCommand::Action::resume);
  world_.run_for(seconds{3});
  // Sender reports name one moment in both clocks; what was captured then has these timestamps (RFC 3550
  // section 6.4.1).
  for (const Kind kind : {Kind::audio, Kind::video}) {
    const double rate = kind == Kind::audio ? 48'000 : 90'000;
    const SenderReport& report = agent.sender_reports.at(kind);
    const double age = static_cast<std::int32_t>(agent.timestamps[kind].back() - report.timestamp) / rate;
    EXPECT_GT(age, -0.05);
    EXPECT_LT(age, 1.1);
  }
  const auto& a = agent.sender_reports.at(Kind::audio);
  const auto& v = agent.sender_reports.at(Kind::video);
  const double sound = static_cast<std::int32_t>(agent.timestamps[Kind::audio].back() - a.timestamp) / 48'000.0;
  const double picture = static_cast<std::int32_t>(agent.timestamps[Kind::video].back() - v.timestamp) / 90'000.0;
  EXPECT_NEAR(sound, picture, 0.045);  // a frame's interval
  EXPECT_GE(tap_->reports.begin()->second, 8U);
}

TEST_F(PlayerTest, PauseShowsWhereItWillGoOn) {
  SimulatedPeer& agent = viewer("agent");
  play();
  world_.run_for(milliseconds{2'700});
  command(PlayerCommand::Action::pause);
  EXPECT_EQ(last().state, PlayerState::paused);
  EXPECT_EQ(last().position, seconds{2});
  const auto sound = agent.audio_packets;
  world_.run_for(milliseconds{500});
  EXPECT_LE(agent.audio_packets, sound + 3);
  SimulatedPeer& late = viewer("customer");  // joins a paused player
  ASSERT_TRUE(world_.run_until([&] { return !late.frames.empty(); }, milliseconds{1'500}));
  EXPECT_EQ(late.frames.begin()->first, 50U);
  command(PlayerCommand::Action::resume);
  world_.run_for(seconds{1});
  EXPECT_EQ(late.frames.begin()->first, 50U);
  EXPECT_TRUE(late.frames.contains(70U));
  EXPECT_EQ(last().state, PlayerState::playing);
  EXPECT_TRUE(std::ranges::is_sorted(agent.timestamps[Kind::video], [](std::uint32_t a, std::uint32_t b) {
    return static_cast<std::int32_t>(b - a) > 0;
  }));
}

TEST_F(PlayerTest, SeekLandsOnTheKeyframeBefore) {
  SimulatedPeer& agent = viewer("agent");
  play();
  world_.run_for(milliseconds{1'500});
  command(PlayerCommand::Action::seek, milliseconds{7'990});
  EXPECT_EQ(last().position, seconds{7});
  world_.run_for(milliseconds{300});
  EXPECT_TRUE(agent.frames.contains(175U));
  EXPECT_FALSE(agent.frames.contains(174U));
  command(PlayerCommand::Action::seek, milliseconds{0});
  EXPECT_EQ(last().position, milliseconds{0});
  command(PlayerCommand::Action::seek, std::chrono::hours{5});  // behind the end: its last keyframe
  EXPECT_EQ(last().position, seconds{9});
}

TEST_F(PlayerTest, MusicGoesRoundWithoutASeam) {
  SimulatedPeer& agent = viewer("agent");
  ASSERT_TRUE(world_.host->play(SimulatedRoom::kRoom, kBroadcast, make_marked_media(seconds{2}, false),
                                {.id = "music", .loop = true}));
  world_.run_for(seconds{7});
  EXPECT_NEAR(agent.audio_packets, 349, 3);
  for (std::size_t i = 1; i < agent.timestamps[Kind::audio].size(); ++i) {
    EXPECT_NEAR(static_cast<std::int32_t>(agent.timestamps[Kind::audio][i] - agent.timestamps[Kind::audio][i - 1]), 960,
                100);
  }
  EXPECT_TRUE(std::ranges::none_of(world_.player_events,
                                   [](const PlayerEvent& e) { return e.state == PlayerState::finished; }));
}

TEST_F(PlayerTest, HoldLetsOnlyPlayersThrough) {
  SimulatedPeer& customer = world_.publish("customer");
  ASSERT_TRUE(world_.run_until([&] { return customer.connected; }));
  customer.start_media();
  SimulatedPeer& agent = world_.publish("agent");
  ASSERT_TRUE(world_.run_until([&] { return agent.connected; }));
  agent.start_media();
  SimulatedPeer& sees_customer = viewer("agent", "customer");
  SimulatedPeer& sees_agent = viewer("customer", "agent");
  SimulatedPeer& hears_music = viewer("customer");
  SimulatedPeer& agent_at_music = viewer("agent");
  ASSERT_TRUE(world_.host->set_hold(SimulatedRoom::kRoom, "customer", true));
  play({.id = "music", .loop = true, .audience = PlayerAudience::held_only});
  world_.run_for(milliseconds{100});  // what was on its way
  const auto customer_seen = sees_customer.video_packets;
  const auto agent_seen = sees_agent.video_packets;
  const auto recorded = tap_->packets(Kind::video);
  world_.run_for(seconds{2});
  EXPECT_EQ(sees_customer.video_packets, customer_seen);
  EXPECT_EQ(sees_agent.video_packets, agent_seen);
  EXPECT_GT(hears_music.audio_packets, 90U);
  EXPECT_EQ(agent_at_music.audio_packets, 0U);
  EXPECT_GT(tap_->packets(Kind::video), recorded + 500);  // taps see both people all the while
  command(PlayerCommand::Action::stop);
  ASSERT_TRUE(world_.host->set_hold(SimulatedRoom::kRoom, "customer", false));
  world_.run_for(seconds{2});
  EXPECT_GT(sees_customer.video_packets, customer_seen + 200);
  EXPECT_GT(sees_agent.video_packets, agent_seen + 200);
}

TEST_F(PlayerTest, OnePlayerAStream) {
  play({.id = "one"});
  play({.id = "two"});
  ASSERT_GE(world_.player_events.size(), 3U);
  EXPECT_EQ(world_.player_events[1].player, "one");
  EXPECT_EQ(world_.player_events[1].state, PlayerState::stopped);
  EXPECT_EQ(last().player, "two");
  world_.publish("customer");
  EXPECT_FALSE(world_.host->play(SimulatedRoom::kRoom, {"customer", "camera"}, make_marked_media(seconds{1}), {}));
  ASSERT_TRUE(world_.host->play(SimulatedRoom::kRoom, {"player", "second"}, make_marked_media(seconds{1}), {}));
  const auto third = world_.host->play(SimulatedRoom::kRoom, {"player", "third"}, make_marked_media(seconds{1}), {});
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, "media.too_many_players");
}

TEST_F(PlayerTest, EndsWithItsRoom) {
  play();
  ASSERT_TRUE(world_.host->close_room(SimulatedRoom::kRoom));
  EXPECT_EQ(last().state, PlayerState::stopped);
  EXPECT_EQ(tap_->ended.size(), 2U);
}

TEST_F(PlayerTest, AWorkerThatWokeLateDoesNotSendEverythingItMissed) {
  SimulatedPeer& agent = viewer("agent");
  play();
  world_.run_for(seconds{1});
  const auto before = tap_->packets(Kind::audio);
  world_.clock.advance(seconds{5});
  world_.host->on_time();
  EXPECT_LE(tap_->packets(Kind::audio), before + 2);
  world_.run_for(seconds{1});
  EXPECT_LT(last().position, seconds{3});
  EXPECT_FALSE(agent.frames.empty());
}

TEST(PlayerMediaTest, RefusesWhatCannotBePlayed) {
  const auto track = [](Codec codec, std::vector<PlayerFrame> frames, Bytes data) {
    return std::optional<PlayerTrack>(PlayerTrack{codec, std::move(frames), std::move(data)});
  };
  EXPECT_FALSE(PlayerMedia::make(std::nullopt, std::nullopt));
  EXPECT_FALSE(PlayerMedia::make(track(Codec::opus, {}, {}), std::nullopt));
  EXPECT_FALSE(PlayerMedia::make(track(Codec::opus, {{0, 0, 5, true}}, Bytes(4)), std::nullopt));  // outside
  EXPECT_FALSE(PlayerMedia::make(track(Codec::opus, {{0, 0xFFFFFFFF, 5, true}}, Bytes(4)), std::nullopt));
  EXPECT_FALSE(PlayerMedia::make(track(Codec::opus, {{960, 0, 2, true}, {0, 2, 2, true}}, Bytes(4)), std::nullopt));
  EXPECT_FALSE(PlayerMedia::make(std::nullopt, track(Codec::vp8, {{0, 0, 4, false}}, Bytes(4))));  // no keyframe
  EXPECT_FALSE(PlayerMedia::make(std::nullopt, track(Codec::h264, {{0, 0, 6, true}}, Bytes{0, 0, 0, 9, 1, 2})));
  EXPECT_TRUE(PlayerMedia::make(std::nullopt, track(Codec::h264, {{0, 0, 6, true}}, Bytes{0, 0, 0, 2, 1, 2})));
  const auto long_one = PlayerMedia::make(track(Codec::opus, {{601U * 48'000, 0, 1, true}}, Bytes(1)), std::nullopt);
  ASSERT_FALSE(long_one);
  EXPECT_EQ(long_one.error().code, "player_media.too_long");
}

}  // namespace
}  // namespace tw::media
