#include "service/network_quality.hpp"

#include <gtest/gtest.h>

namespace tw::service {
namespace {

using std::chrono::seconds;

struct LevelCase {
  std::uint32_t round_trip_ms;
  double loss_percent;
  NetworkLevel level;
};

TEST(NetworkLevel, FollowsTheDocumentedTableAtItsBounds) {
  const LevelCase cases[] = {
      {0, 0, NetworkLevel::excellent},    {150, 1, NetworkLevel::excellent},  {151, 0, NetworkLevel::good},
      {0, 1.1, NetworkLevel::good},       {300, 3, NetworkLevel::good},       {301, 0, NetworkLevel::fair},
      {0, 8, NetworkLevel::fair},         {500, 8.1, NetworkLevel::poor},     {1'000, 20, NetworkLevel::poor},
      {1'001, 0, NetworkLevel::unusable}, {10, 20.5, NetworkLevel::unusable},
  };
  for (const auto& c : cases) EXPECT_EQ(network_level(c.round_trip_ms, c.loss_percent), c.level) << c.round_trip_ms;
}

class NetworkQualityTest : public ::testing::Test {
 protected:
  std::optional<NetworkTurn> sample(double loss, const std::string& session = "s1", bool up = true) {
    return quality_.on_sample({"customer", session, up, 40, loss, 1'000}, now_);
  }
  std::optional<NetworkTurn> samples(double loss, int count) {
    std::optional<NetworkTurn> turn;
    for (int i = 0; i < count; ++i, now_ += seconds{2}) {
      if (auto told = sample(loss)) turn = told;
    }
    return turn;
  }
  NetworkQuality quality_;
  SteadyTime now_{seconds{1'000}};
};

TEST_F(NetworkQualityTest, ABadSecondIsNoEventAndALongBadTimeIsOne) {
  EXPECT_FALSE(samples(0, 5));
  EXPECT_FALSE(samples(15, 2));
  EXPECT_FALSE(samples(0, 5));
  const auto turn = samples(15, 4);
  ASSERT_TRUE(turn);
  EXPECT_TRUE(turn->poor);
  EXPECT_EQ(turn->participant, "customer");
  EXPECT_FALSE(samples(15, 20)) << "told once";
  EXPECT_FALSE(samples(0, 3));
  const auto recovered = samples(0, 4);
  ASSERT_TRUE(recovered);
  EXPECT_FALSE(recovered->poor);
}

TEST_F(NetworkQualityTest, APersonIsAsBadAsTheirWorstSessionAndTheirRatesAddUp) {
  (void)sample(0, "up");
  (void)sample(5, "down1", false);
  (void)sample(0, "down2", false);
  const auto people = quality_.people(now_);
  ASSERT_EQ(people.size(), 1U);
  EXPECT_EQ(people[0].level, NetworkLevel::fair);
  EXPECT_EQ(people[0].up_kbps, 1'000U);
  EXPECT_EQ(people[0].down_kbps, 2'000U);
  EXPECT_TRUE(quality_.people(now_ + seconds{8}).empty()) << "sessions that report no more are forgotten";
}

TEST_F(NetworkQualityTest, KeepsNoMoreSessionsThanARoomHas) {
  for (std::size_t i = 0; i < NetworkQuality::kMaxSessions + 1; ++i) (void)sample(0, std::to_string(i));
  EXPECT_EQ(quality_.people(now_)[0].up_kbps, NetworkQuality::kMaxSessions * 1'000);
}

}  // namespace
}  // namespace tw::service
