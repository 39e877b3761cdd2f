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

struct Load {
  microseconds apart;
  microseconds wait;
};

class GatheringUnderLoad : public ::testing::TestWithParam<Load> {};

TEST_P(GatheringUnderLoad, WaitsForCompanyWithinItsLimits) {
  Gathering gathering;
  const SteadyTime now = run(gathering, kStart, GetParam().apart, seconds{1});
  gathering.on_turn(now, 3);
  const auto whole = gathering.rest(now);
  EXPECT_NEAR(static_cast<double>(std::chrono::duration_cast<microseconds>(whole).count()),
              static_cast<double>(GetParam().wait.count()), 20);
  EXPECT_EQ(gathering.rest(now + microseconds{300}), whole - microseconds{300}) << "the time of the work itself counts";
  EXPECT_EQ(gathering.rest(now + milliseconds{2}), nanoseconds{0});
}

// 2,500, 7,100, 9,100 and 50,000 packets a second.
INSTANTIATE_TEST_SUITE_P(Rates, GatheringUnderLoad,
                         ::testing::Values(Load{microseconds{400}, Gathering::kLongest},
                                           Load{microseconds{140}, Gathering::kLongest},
                                           Load{microseconds{110}, microseconds{1430}},
                                           Load{microseconds{20}, Gathering::kShortest}));

TEST(Gathering, StopsWhenTrafficEnds) {
  Gathering gathering;
  SteadyTime now = run(gathering, kStart, microseconds{140}, seconds{1});
  now += seconds{5};
  gathering.on_turn(now, 1);
  EXPECT_EQ(gathering.rest(now), nanoseconds{0}) << "after a silence the first packet is a first packet again";
}

}  // namespace
}  // namespace tw::media
