// What the packet path costs: in steady state a packet takes no memory, from the socket's buffer to every viewer.
#include <gtest/gtest.h>

#include "media/session/player_test_support.hpp"
#include "media/session/simulated_room_test_support.hpp"
#include "media/wire/demultiplex.hpp"

#if defined(__SANITIZE_ADDRESS__)
// GCC's package has the function, but not the header that declares it.
extern "C" int __sanitizer_install_malloc_and_free_hooks(  // NOLINT(bugprone-reserved-identifier)
    void (*malloc_hook)(const volatile void*, std::size_t), void (*free_hook)(const volatile void*));
#endif

namespace tw::media {
namespace {

using std::chrono::seconds;

#if defined(__SANITIZE_ADDRESS__)
bool g_counting = false;
std::size_t g_allocations = 0;

void on_malloc(const volatile void* /*memory*/, std::size_t /*bytes*/) {
  if (g_counting) ++g_allocations;
}
void on_free(const volatile void* /*memory*/) {}

TEST(PacketPath, TakesNoMemoryInSteadyState) {
  ASSERT_NE(__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free), 0);
  SimulatedRoom world;
  ASSERT_TRUE(world.host->set_gate(SimulatedRoom::kRoom, true));
  SimulatedPeer& viewer = world.watch("agent", "customer");
  SimulatedPeer& publisher = world.publish("customer");
  ASSERT_TRUE(world.run_until([&] { return publisher.connected && viewer.connected; }));
  publisher.start_media();
  world.run_for(seconds{20});  // long enough to fill every ring

  std::size_t packets = 0;
  world.before_server = [&](SimulatedPeer& peer, ByteView datagram) {
    g_counting = &peer == &publisher && kind_of(datagram) == DatagramKind::rtp;
    packets += g_counting ? 1 : 0;
  };
  world.after_server = [] { g_counting = false; };  // what the simulated network takes is not the server's
  g_allocations = 0;
  const auto received = viewer.video_packets;
  world.run_for(seconds{5});
  EXPECT_GT(packets, 900U);
  EXPECT_GT(viewer.video_packets, received + 700);
  EXPECT_EQ(g_allocations, 0U);
  g_counting = true;
  const Bytes control(100);  // the hook does count
  g_counting = false;
  EXPECT_EQ(g_allocations, 1U);
}

class CountingPlayerListener final : public PlayerListener {
 public:
  void on_player_packet(PlayerSource& /*player*/, const TrackInfo& /*track*/, const MediaPacket& /*packet*/,
                        MediaTime /*now*/) override {
    ++packets;
  }
  void on_player_report(PlayerSource& /*player*/, const TapSenderReport& /*report*/, MediaTime /*now*/) override {}
  void on_player_state(const PlayerEvent& /*event*/) override { ++states; }
  std::size_t packets = 0;
  std::size_t states = 0;
};

TEST(PacketPath, PlayersTakeNoMemoryInSteadyState) {
  ASSERT_NE(__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free), 0);
  ManualClock clock;
  SeededRandom random{1};
  CountingPlayerListener listener;
  PlayerSource player("room", {"player", "broadcast"}, make_marked_media(seconds{3}), {.id = "music", .loop = true}, 1,
                      random, listener);
  player.start({clock.steady_now(), clock.wall_now()});
  g_allocations = 0;
  g_counting = true;
  for (int i = 0; i < 10'000; ++i) {
    clock.advance(std::chrono::milliseconds{1});
    player.on_time({clock.steady_now(), clock.wall_now()});
  }
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
