#include "chaos/relay/link.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace tw::chaos {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kBytes = 1000;
const SteadyTime kStart{1h};

/// Offers packets 1 ms apart; for each the number of copies that arrive.
std::vector<std::size_t> copies(Link& link, int packets) {
  std::vector<std::size_t> result;
  for (int i = 0; i < packets; ++i) result.push_back(link.offer(kStart + i * 1ms, kBytes).count());
  return result;
}

double mean_run_of_losses(const std::vector<std::size_t>& arrived) {
  int runs = 0;
  int lost = 0;
  for (std::size_t i = 0; i < arrived.size(); ++i) {
    if (arrived[i] > 0) continue;
    ++lost;
    if (i == 0 || arrived[i - 1] > 0) ++runs;
  }
  return static_cast<double>(lost) / runs;
}

TEST(ChaosLink, DoesNothingUnlessTold) {
  Link link(1);
  const auto arrivals = link.offer(kStart, kBytes);
  ASSERT_EQ(arrivals.count(), 1U);
  EXPECT_EQ(arrivals.first(), kStart);
}

TEST(ChaosLink, LosesTheShareItIsToldAndTheSameOnesForASeed) {
  Link one(7);
  Link same(7);
  Link other(8);
  for (Link* link : {&one, &same, &other}) link->set({.loss = 0.05});
  const auto first = copies(one, 20'000);
  EXPECT_EQ(first, copies(same, 20'000));
  EXPECT_NE(first, copies(other, 20'000));
  EXPECT_NEAR(static_cast<double>(one.counters().lost), 1000, 150);
  EXPECT_EQ(one.counters().delivered + one.counters().lost, 20'000U);
}

TEST(ChaosLink, BurstsKeepTheShareAndHaveTheMeanLength) {
  Link link(3);
  link.set({.loss = 0.1, .burst_packets = 5});
  const auto arrived = copies(link, 100'000);
  EXPECT_NEAR(static_cast<double>(link.counters().lost), 10'000, 1000);
  EXPECT_NEAR(mean_run_of_losses(arrived), 5, 0.5);
}

TEST(ChaosLink, LosesEverythingOrNothingAtTheEnds) {
  Link all(1);
  all.set({.loss = 1});
  copies(all, 100);
  EXPECT_EQ(all.counters().lost, 100U);
  Link none(1);
  copies(none, 100);
  EXPECT_EQ(none.counters().delivered, 100U);
}

TEST(ChaosLink, DelayAndJitterKeepTheOrder) {
  Link link(1);
  link.set({.delay = 50ms, .jitter = 30ms});
  SteadyTime last{};
  SteadyTime::duration least = 1h;
  SteadyTime::duration most{};
  for (int i = 0; i < 1000; ++i) {
    const SteadyTime now = kStart + i * 1ms;
    const SteadyTime at = link.offer(now, kBytes).first();
    EXPECT_GE(at, last);
    last = at;
    least = std::min(least, at - now);
    most = std::max(most, at - now);
  }
  EXPECT_GE(least, 50ms);
  EXPECT_LE(most, 80ms);
  EXPECT_GT(most - least, 10ms);
}

TEST(ChaosLink, LaterPacketsOvertakeAReorderedOne) {
  Link link(1);
  link.set({.reorder = 0.1, .reorder_hold = 20ms});
  int overtaken = 0;
  SteadyTime last{};
  for (int i = 0; i < 1000; ++i) {
    const SteadyTime at = link.offer(kStart + i * 1ms, kBytes).first();
    if (at < last) ++overtaken;
    last = at;
  }
  EXPECT_GT(overtaken, 50);
  EXPECT_NEAR(static_cast<double>(link.counters().reordered), 100, 40);
}

TEST(ChaosLink, ADuplicateArrivesTwice) {
  Link link(1);
  link.set({.duplicate = 1});
  EXPECT_EQ(link.offer(kStart, kBytes).count(), 2U);
  EXPECT_EQ(link.counters().duplicated, 1U);
}

TEST(ChaosLink, ANarrowLinkSpacesPacketsAndDropsWhatItsQueueCannotHold) {
  Link link(1);
  link.set({.rate_bps = 800'000, .queue = 100ms});  // 1000 bytes take 10 ms
  std::vector<SteadyTime> times;
  for (int i = 0; i < 30; ++i) {
    const Arrivals arrivals = link.offer(kStart, kBytes);
    times.insert(times.end(), arrivals.times().begin(), arrivals.times().end());
  }
  ASSERT_EQ(times.size(), 11U);  // ten wait, one is on the wire
  EXPECT_EQ(times.front(), kStart + 10ms);
  EXPECT_EQ(times.back(), kStart + 110ms);
  EXPECT_EQ(link.counters().overflowed, 19U);
}

TEST(ChaosLink, NothingPassesInABlackout) {
  Link link(1);
  link.black_out(kStart + 5ms);
  EXPECT_EQ(link.offer(kStart + 4ms, kBytes).count(), 0U);
  EXPECT_EQ(link.offer(kStart + 5ms, kBytes).count(), 1U);
  EXPECT_EQ(link.counters().blacked_out, 1U);
}

}  // namespace
}  // namespace tw::chaos
