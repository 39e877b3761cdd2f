#include "api/routes/failure_limiter.hpp"

#include <gtest/gtest.h>

#include "api/routes/ice_links.hpp"

namespace tw::api {
namespace {

TEST(FailureLimiter, OneMoreThanAllowedIsRefusedUntilTheWindowIsOver) {
  ManualClock clock;
  FailureLimiter limiter(clock);
  for (std::size_t i = 0; i < FailureLimiter::kMostFailures; ++i) {
    EXPECT_TRUE(limiter.check("a"));
    limiter.failed("a");
  }
  const auto refused = limiter.check("a");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::rate_limited);
  EXPECT_EQ(refused.error().params.at(0).second, "60");
  EXPECT_TRUE(limiter.check("b"));
  clock.advance(FailureLimiter::kWindow);
  EXPECT_TRUE(limiter.check("a"));
}

TEST(FailureLimiter, ForgetsTheOldestWhenTooManyCome) {
  ManualClock clock;
  FailureLimiter limiter(clock);
  for (std::size_t i = 0; i < FailureLimiter::kMostFailures; ++i) limiter.failed("a");
  EXPECT_FALSE(limiter.check("a"));
  for (std::size_t i = 0; i <= FailureLimiter::kMostAddresses; ++i) limiter.failed("x" + std::to_string(i));
  EXPECT_TRUE(limiter.check("a"));
}

TEST(IceLinks, AreWrittenAsRfc9725Says) {
  const std::vector<service::IceServerView> servers = {
      {{"stun:stun.example:3478"}, "", ""},
      {{"turn:turn.example:3478", "turns:turn.example:5349"}, "user", "pass\"word"}};
  const auto links = ice_links(servers);
  ASSERT_EQ(links.size(), 3U);
  EXPECT_EQ(links[0], "<stun:stun.example:3478>; rel=\"ice-server\"");
  EXPECT_EQ(links[1],
            "<turn:turn.example:3478>; rel=\"ice-server\"; username=\"user\"; credential=\"pass\\\"word\"; "
            "credential-type=\"password\"");
}

}  // namespace
}  // namespace tw::api
