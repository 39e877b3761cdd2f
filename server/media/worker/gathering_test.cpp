#include "media/worker/gathering.hpp"

#include <gtest/gtest.h>

namespace tw::media {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr SteadyTime kStart{std::chrono::hours{1}};

/// Turns of one packet, `apart` from each other.
SteadyTime run(Gathering& gathering, SteadyTime now, microseconds apart, milliseconds how_long) {
  const SteadyTime end = now + how_long;
  for (; now < end; now += apart) gathering.on_turn(now, 1);
  return now;
}

TEST(Gathering, NeverHoldsUpTheFirstPackets) {
  Gathering gathering;
  for (int i = 0; i < 1'000; ++i) {
    gathering.on_turn(kStart + microseconds{i}, 1);
    EXPECT_EQ(gathering.rest(kStart + microseconds{i}), nanoseconds{0}) << i;
  }
}

TEST(Gathering, DoesNotWaitWhereACallOrTwoAreAllThereIs) {
  Gathering gathering;
  const SteadyTime now = run(gathering, kStart, microseconds{600}, seconds{1});
  EXPECT_EQ(gathering.rest(now), nanoseconds{0});
}

TEST(Gathering, WaitsAtMostItsLimitUnderLoad) {
  Gathering gathering;
  const SteadyTime now = run(gathering, kStart, microseconds{140}, seconds{1});
  gathering.on_turn(now, 3);
  EXPECT_EQ(gathering.rest(now), Gathering::kLongest);
  EXPECT_EQ(gathering.rest(now + microseconds{300}), Gathering::kLongest - microseconds{300})
      << "the time of the work itself counts";
  EXPECT_EQ(gathering.rest(now + milliseconds{2}), nanoseconds{0});
  EXPECT_LT(Gathering::kLongest, milliseconds{1});
}

TEST(Gathering, StopsWhenTrafficEnds) {
  Gathering gathering;
  SteadyTime now = run(gathering, kStart, microseconds{140}, seconds{1});
  now += seconds{5};
  gathering.on_turn(now, 1);
  EXPECT_EQ(gathering.rest(now), nanoseconds{0}) << "after a silence the first packet is a first packet again";
}

}  // namespace
}  // namespace tw::media
