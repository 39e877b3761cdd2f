#include "domain/retention.hpp"

#include <gtest/gtest.h>

namespace tw::domain {
namespace {

using namespace std::chrono_literals;

const WallTime kEnd{std::chrono::seconds{1'700'000'000}};

TEST(Retention, WithoutARuleNothingExpires) { EXPECT_EQ(expires_at({}, kEnd), std::nullopt); }

TEST(Retention, NothingExpiresBeforeTheInterviewHasEnded) {
  EXPECT_EQ(expires_at({Retention::kLeastDays, kEnd}, std::nullopt), std::nullopt);
}

TEST(Retention, DaysCountFromTheEndOfTheInterview) {
  EXPECT_EQ(expires_at({30, kEnd - 90 * 24h}, kEnd), kEnd + 30 * 24h);
}

TEST(Retention, ANewRuleSparesWhatIsOldAlreadyForADay) {
  const WallTime changed = kEnd + 90 * 24h;
  EXPECT_EQ(expires_at({30, changed}, kEnd), changed + 24h);
}

TEST(Retention, TheLongestRuleStillHasADate) {
  EXPECT_GT(expires_at({Retention::kMostDays, kEnd}, kEnd), kEnd + std::chrono::years(99));
}

}  // namespace
}  // namespace tw::domain
