#include "api/routes/traffic_limiter.hpp"

#include <gtest/gtest.h>

namespace tw::api {
namespace {

constexpr TrafficLimiter::Limits kLimits{20, 1'000, std::chrono::seconds(60), "bytes.limited", "Wait a moment."};

TEST(TrafficLimiter, RefusesOneRequestMoreThanAllowedUntilTheWindowIsOver) {
  ManualClock clock;
  TrafficLimiter limiter(clock, kLimits);
  for (std::size_t i = 0; i < kLimits.most_requests; ++i) ASSERT_TRUE(limiter.take("a", 0)) << i;
  const auto refused = limiter.take("a", 0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::rate_limited);
  EXPECT_EQ(refused.error().code, "bytes.limited");
  EXPECT_EQ(refused.error().params.at(0).second, "60");
  EXPECT_TRUE(limiter.take("b", 0)) << "another session has its own";
  clock.advance(kLimits.window);
  EXPECT_TRUE(limiter.take("a", 0));
}

TEST(TrafficLimiter, RefusesOneByteMoreThanAllowedAndCountsNothingThen) {
  ManualClock clock;
  TrafficLimiter limiter(clock, kLimits);
  ASSERT_TRUE(limiter.take("a", kLimits.most_bytes - 1));
  EXPECT_FALSE(limiter.take("a", 2));
  EXPECT_TRUE(limiter.take("a", 1)) << "what was refused did not count";
  EXPECT_FALSE(limiter.take("a", 1));
  EXPECT_TRUE(limiter.take("a", 0));
}

TEST(TrafficLimiter, StaysSmallWhateverComes) {
  ManualClock clock;
  TrafficLimiter limiter(clock, kLimits);
  for (std::size_t i = 0; i < kLimits.most_requests; ++i) ASSERT_TRUE(limiter.take("a", 0));
  ASSERT_FALSE(limiter.take("a", 0));
  for (std::size_t i = 0; i <= TrafficLimiter::kMostSessions; ++i) {
    ASSERT_TRUE(limiter.take("x" + std::to_string(i), 0));
  }
  EXPECT_TRUE(limiter.take("a", 0)) << "forgotten with the others rather than kept for ever";
}

}  // namespace
}  // namespace tw::api
