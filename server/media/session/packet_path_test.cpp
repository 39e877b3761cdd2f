// What the packet path costs: in steady state a packet takes no memory, from the socket's buffer to every viewer, and
// neither do losses, requests for what was lost, retransmissions and reports.
#include <gtest/gtest.h>

#include "media/session/player_test_support.hpp"
#include "media/session/simulated_room_test_support.hpp"

#if defined(__SANITIZE_ADDRESS__)
// GCC's package has the function, but not the header that declares it.
extern "C" int __sanitizer_install_malloc_and_free_hooks(  // NOLINT(bugprone-reserved-identifier)
    void (*malloc_hook)(const volatile void*, std::size_t), void (*free_hook)(const volatile void*));
#endif

namespace tw::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

#if defined(__SANITIZE_ADDRESS__)
bool g_counting = false;
std::size_t g_allocations = 0;

void on_malloc(const volatile void* /*memory*/, std::size_t /*bytes*/) {
  if (g_counting) ++g_allocations;
}
void on_free(const volatile void* /*memory*/) {}

/// Counts what the server's code allocates while it lives.
class Count {
 public:
  explicit Count(SimulatedRoom& world) : world_(world) {
    static const bool installed = __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) != 0;
    EXPECT_TRUE(installed);
    g_allocations = 0;
    world.on_server = [](bool running) { g_counting = running; };
  }
  ~Count() {
    world_.on_server = nullptr;
    g_counting = false;
  }
  Count(const Count&) = delete;
  Count& operator=(const Count&) = delete;
  [[nodiscard]] static std::size_t allocations() { return g_allocations; }

 private:
  SimulatedRoom& world_;
};

class PacketPath : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(world_.host->set_gate(SimulatedRoom::kRoom, true));
    agent_ = &world_.watch("agent", "customer");
    guest_ = &world_.watch("guest", "customer");
    publisher_ = &world_.publish("customer");
    ASSERT_TRUE(world_.run_until([&] { return publisher_->connected && agent_->connected && guest_->connected; }));
  }
  /// Windows in which the listener was told of quality are left out: that is the control path, and holds strings.
  std::size_t allocations_in(milliseconds time) {
    constexpr milliseconds kWindow{100};
    std::size_t allocations = 0;
    unsigned windows = 0;
    for (milliseconds run{0}; run < time; run += kWindow) {
      const auto told = world_.qualities.size();
      const Count count(world_);
      world_.run_for(kWindow);
      if (world_.qualities.size() != told) continue;
      allocations += Count::allocations();
      ++windows;
    }
    EXPECT_GT(windows, time / kWindow / 2);
    return allocations;
  }

  SimulatedRoom world_;
  SimulatedPeer* agent_ = nullptr;
  SimulatedPeer* guest_ = nullptr;
  SimulatedPeer* publisher_ = nullptr;
};

TEST_F(PacketPath, TakesNoMemoryInSteadyState) {
  publisher_->start_media();
  world_.run_for(seconds{20});  // long enough to fill every ring
  const auto video = agent_->video_packets;
  const auto audio = guest_->audio_packets;
  EXPECT_EQ(allocations_in(seconds{5}), 0U);
  EXPECT_GT(agent_->video_packets, video + 700);
  EXPECT_GT(guest_->audio_packets, audio + 240);
}

TEST_F(PacketPath, TakesNoMemoryForLossesRetransmissionsAndReports) {
  publisher_->start_media();
  world_.network.loss = 0.05;
  world_.network.jitter = milliseconds{15};
  world_.run_for(seconds{30});
  const auto asked = agent_->session->counters().nacks_sent;
  const auto asked_by_server = publisher_->session->counters().nacks_received;
  const auto repaired = publisher_->session->counters().retransmitted_packets;
  const auto reports = agent_->sender_report_count;
  EXPECT_EQ(allocations_in(seconds{6}), 0U);
  EXPECT_GT(agent_->session->counters().nacks_sent, asked + 20);
  EXPECT_GT(publisher_->session->counters().nacks_received, asked_by_server + 20);
  EXPECT_GT(publisher_->session->counters().retransmitted_packets, repaired + 20);
  EXPECT_GT(agent_->sender_report_count, reports + 4);
}

TEST_F(PacketPath, IsCountedIndeed) {
  const Count count(world_);
  world_.on_server(true);
  const Bytes control(100);
  world_.on_server(false);
  EXPECT_EQ(Count::allocations(), 1U);
}

class CountingPlayerListener final : public PlayerListener {
 public:
  std::optional<KeptPacket> on_player_packet(PlayerSource& /*player*/, const TrackInfo& /*track*/,
                                             const MediaPacket& /*packet*/, MediaTime /*now*/) override {
    ++packets;
    return KeptPacket{};
  }
  void on_player_report(PlayerSource& /*player*/, const TapSenderReport& /*report*/, MediaTime /*now*/) override {}
  void on_player_state(const PlayerEvent& /*event*/) override { ++states; }
  std::size_t packets = 0;
  std::size_t states = 0;
};

TEST(PlayerPath, TakesNoMemoryInSteadyState) {
  ASSERT_NE(__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free), 0);
  ManualClock clock;
  SeededRandom random{1};
  CountingPlayerListener listener;
  PlayerSource player("room", {"player", "broadcast"}, make_marked_media(seconds{3}), {.id = "music", .loop = true}, 1,
                      random, listener);
  player.start({clock.steady_now(), clock.wall_now()});
  const auto play = [&](int turns) {
    for (int i = 0; i < turns; ++i) {
      clock.advance(std::chrono::milliseconds{1});
      player.on_time({clock.steady_now(), clock.wall_now()});
    }
  };
  play(100);  // what is kept to be sent again takes its memory at the first picture
  g_allocations = 0;
  g_counting = true;
  play(10'000);
  g_counting = false;
  EXPECT_GT(listener.packets, 700U);
  EXPECT_GE(listener.states, 10U);
  EXPECT_EQ(g_allocations, 0U);
}
#else
TEST(PacketPath, TakesNoMemoryInSteadyState) { GTEST_SKIP() << "allocations are counted by AddressSanitizer's build"; }
#endif

}  // namespace
}  // namespace tw::media
