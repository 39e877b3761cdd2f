#include "processing/scene.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tw::processing {
namespace {

using testing::ElementsAre;
constexpr std::int64_t kSecond = 1'000'000;

TEST(Scene, GuestsAreSeenWhileTheyAreThereAndThroughAReconnection) {
  ScenePlan plan(
      {{"customer", true}, {"agent", true}, {"gst_1", false}},
      {{{"gst_1", "camera"}, {.sound = {{10 * kSecond, 20 * kSecond}, {23 * kSecond, 30 * kSecond}}, .picture = {}}}},
      {}, {});
  EXPECT_THAT(plan.at(9 * kSecond).faces, ElementsAre(0, 1));
  EXPECT_THAT(plan.at(10 * kSecond).faces, ElementsAre(0, 1, 2));
  EXPECT_THAT(plan.at(22 * kSecond).faces, ElementsAre(0, 1, 2));
  EXPECT_THAT(plan.at(36 * kSecond).faces, ElementsAre(0, 1));
}

TEST(Scene, AScreenIsLargeWhileItsPictureLasts) {
  const media::StreamKey film{"player", "broadcast"};
  const media::StreamKey screen{"agent", "screen"};
  ScenePlan plan({{"customer", true}, {"agent", true}},
                 {{film, {.sound = {{2 * kSecond, 9 * kSecond}}, .picture = {{4 * kSecond, 8 * kSecond}}}},
                  {screen, {.sound = {}, .picture = {{6 * kSecond, 12 * kSecond}}}}},
                 {film, screen}, {});
  EXPECT_FALSE(plan.at(3 * kSecond).large) << "sound alone is nothing to see";
  EXPECT_EQ(plan.at(5 * kSecond).large, 0U);
  EXPECT_EQ(plan.at(7 * kSecond).large, 0U) << "what both look at comes first";
  EXPECT_EQ(plan.at(9 * kSecond).large, 1U);
  EXPECT_FALSE(plan.at(12 * kSecond).large);
}

TEST(Scene, ACardSaysWhyAPictureIsMissing) {
  ScenePlan plan({{"customer", true}, {"agent", true}},
                 {{{"customer", "camera"}, {.sound = {{0, 100 * kSecond}}, .picture = {{0, 50 * kSecond}}}}}, {},
                 {{20 * kSecond, "hold_started"},
                  {25 * kSecond, "hold_ended"},
                  {10 * kSecond, "customer_left_page"},
                  {15 * kSecond, "customer_returned"}});
  const auto why = [&plan](std::int64_t second) {
    static_cast<void>(plan.at(second * kSecond));
    return plan.why_missing(0, second * kSecond);
  };
  EXPECT_EQ(why(5), Missing::camera_off);
  EXPECT_EQ(why(12), Missing::left_page);
  EXPECT_EQ(why(16), Missing::camera_off);
  EXPECT_EQ(why(22), Missing::on_hold);
  EXPECT_EQ(why(60), Missing::voice_only);
  EXPECT_EQ(why(101), Missing::absent);
  EXPECT_EQ(plan.why_missing(1, 101 * kSecond), Missing::absent);
}

}  // namespace
}  // namespace tw::processing
