#include "chaos/relay/command.hpp"

#include <gtest/gtest.h>

namespace tw::chaos {
namespace {

using namespace std::chrono_literals;

TEST(ChaosCommand, SetChangesWhatItNamesAndLeavesTheRest) {
  Impairment impairment{.loss = 0.2, .delay = 10ms};
  const auto command = parse_command("set delay_ms=40.5 rate_kbps=300 direction=up flow=3");
  ASSERT_TRUE(command) << command.error().message;
  apply(*command, impairment);
  EXPECT_DOUBLE_EQ(impairment.loss, 0.2);
  EXPECT_EQ(impairment.delay, 40'500us);
  EXPECT_EQ(impairment.rate_bps, 300'000U);
  EXPECT_TRUE(command->selector.up);
  EXPECT_FALSE(command->selector.down);
  EXPECT_EQ(command->selector.flow, 3U);
  EXPECT_FALSE(command->selector.all());
}

TEST(ChaosCommand, ClearTakesEverythingAway) {
  Impairment impairment{.loss = 0.2, .delay = 10ms};
  apply(*parse_command("clear"), impairment);
  EXPECT_DOUBLE_EQ(impairment.loss, 0);
  EXPECT_EQ(impairment.delay, 0us);
}

TEST(ChaosCommand, BlackoutHasADuration) {
  const auto command = parse_command("blackout ms=1500 ufrag=aB+/ direction=down");
  ASSERT_TRUE(command);
  EXPECT_EQ(command->duration, 1500ms);
  EXPECT_EQ(command->selector.ufrag, "aB+/");
}

class ChaosBadCommand : public testing::TestWithParam<const char*> {};

TEST_P(ChaosBadCommand, IsRefused) { EXPECT_FALSE(parse_command(GetParam())); }

INSTANTIATE_TEST_SUITE_P(All, ChaosBadCommand,
                         testing::Values("", "explode", "set loss=1.01", "set loss=-0.1", "set loss=nan", "set loss",
                                         "set colour=1", "set direction=sideways", "blackout ms=60001", "set ms=1",
                                         "rebind loss=0.1", "set flow=x", "set client=", "set rate_kbps=1e99"));

}  // namespace
}  // namespace tw::chaos
