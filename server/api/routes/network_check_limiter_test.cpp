#include "api/routes/network_check_limiter.hpp"

#include <gtest/gtest.h>

namespace tw::api {
namespace {

TEST(NetworkCheckLimiter, RefusesOneRequestMoreThanAllowedUntilTheWindowIsOver) {
  ManualClock clock;
  NetworkCheckLimiter limiter(clock);
  for (std::size_t i = 0; i < NetworkCheckLimiter::kMostRequests; ++i) ASSERT_TRUE(limiter.take("a", 0)) << i;
  const auto refused = limiter.take("a", 0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::rate_limited);
  EXPECT_EQ(refused.error().code, "network_check.limited");
  EXPECT_EQ(refused.error().params.at(0).second, "60");
  EXPECT_TRUE(limiter.take("b", 0)) << "another session has its own";
  clock.advance(NetworkCheckLimiter::kWindow);
  EXPECT_TRUE(limiter.take("a", 0));
}

TEST(NetworkCheckLimiter, RefusesOneByteMoreThanAllowedAndCountsNothingThen) {
  ManualClock clock;
  NetworkCheckLimiter limiter(clock);
  ASSERT_TRUE(limiter.take("a", NetworkCheckLimiter::kMostBytes - 1));
  EXPECT_FALSE(limiter.take("a", 2));
  EXPECT_TRUE(limiter.take("a", 1)) << "what was refused did not count";
  EXPECT_FALSE(limiter.take("a", 1));
  EXPECT_TRUE(limiter.take("a", 0));
}

TEST(NetworkCheckLimiter, StaysSmallWhateverComes) {
  ManualClock clock;
  NetworkCheckLimiter limiter(clock);
  for (std::size_t i = 0; i < NetworkCheckLimiter::kMostRequests; ++i) ASSERT_TRUE(limiter.take("a", 0));
  ASSERT_FALSE(limiter.take("a", 0));
  for (std::size_t i = 0; i <= NetworkCheckLimiter::kMostSessions; ++i) {
    ASSERT_TRUE(limiter.take("x" + std::to_string(i), 0));
  }
  EXPECT_TRUE(limiter.take("a", 0)) << "forgotten with the others rather than kept for ever";
}

}  // namespace
}  // namespace tw::api
