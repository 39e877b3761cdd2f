#include "domain/outcome_rules.hpp"

#include <gtest/gtest.h>

namespace tw::domain {
namespace {

using namespace std::chrono_literals;

TEST(ReminderOfAnOutcome, ComesAnHourBeforeOrInTheLastQuarterOfAShortTime) {
  const std::pair<std::chrono::minutes, std::chrono::seconds> kCases[]{{1min, 15s},  {60min, 15min}, {239min, 3'585s},
                                                                       {240min, 1h}, {1'440min, 1h}, {43'200min, 1h}};
  for (const auto& [allowed, lead] : kCases) {
    EXPECT_EQ(reminder_lead(allowed), lead) << allowed.count() << " minutes";
    EXPECT_LT(reminder_lead(allowed), allowed) << "a reminder never comes before the outcome is put off";
  }
}

}  // namespace
}  // namespace tw::domain
