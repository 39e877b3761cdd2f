#include "media/stream/nack_generator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace tw::media {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr SteadyTime kStart{std::chrono::hours{1}};

class NackGeneratorTest : public ::testing::Test {
 protected:
  bool arrive(std::uint64_t sequence, int at_ms = 0) {
    return nacks_.on_packet(sequence, kStart + milliseconds{at_ms});
  }
  std::vector<std::uint16_t> due(int at_ms, milliseconds round_trip = milliseconds{50}) {
    std::vector<std::uint16_t> out;
    complete_ = nacks_.take_due(kStart + milliseconds{at_ms}, round_trip, out);
    return out;
  }
  NackGenerator nacks_;
  bool complete_ = true;
};

struct HoleCase {
  const char* name;
  std::vector<std::uint64_t> arrivals;
  std::vector<std::uint16_t> asked;
};

class NackHoles : public ::testing::TestWithParam<HoleCase> {};

TEST_P(NackHoles, AreFoundAboveTheNewestPacketOnly) {
  NackGenerator nacks;
  for (const auto sequence : GetParam().arrivals) ASSERT_TRUE(nacks.on_packet(sequence, kStart));
  std::vector<std::uint16_t> out;
  EXPECT_TRUE(nacks.take_due(kStart + milliseconds{20}, milliseconds{50}, out));
  EXPECT_EQ(out, GetParam().asked);
}

INSTANTIATE_TEST_SUITE_P(Tables, NackHoles,
                         ::testing::Values(HoleCase{"none", {100, 101, 102}, {}}, HoleCase{"one", {100, 102}, {101}},
                                           HoleCase{"several", {100, 104, 106}, {101, 102, 103, 105}},
                                           HoleCase{"closed by a latecomer", {100, 103, 101}, {102}},
                                           HoleCase{"before the first packet", {100, 90}, {}},
                                           HoleCase{"over a wrap", {65'534, 65'538}, {65'535, 0, 1}},
                                           HoleCase{"duplicates change nothing", {100, 100, 102, 102}, {101}}),
                         [](const auto& test) {
                           std::string name = test.param.name;
                           std::ranges::replace(name, ' ', '_');
                           return name;
                         });

TEST_F(NackGeneratorTest, WaitsOutReorderingBeforeItAsks) {
  (void)arrive(1);
  (void)arrive(3);
  EXPECT_EQ(nacks_.deadline(), kStart + NackGenerator::kReorderWait);
  EXPECT_THAT(due(9), IsEmpty());
  EXPECT_THAT(due(10), ElementsAre(2));
}

TEST_F(NackGeneratorTest, AsksAgainOnceARoundTrip) {
  (void)arrive(1);
  (void)arrive(3);
  EXPECT_THAT(due(10, milliseconds{200}), ElementsAre(2));
  EXPECT_THAT(due(200, milliseconds{200}), IsEmpty());
  EXPECT_THAT(due(220, milliseconds{200}), ElementsAre(2));
}

TEST_F(NackGeneratorTest, DoesNotFloodALocalNetwork) {
  (void)arrive(1);
  (void)arrive(3);
  EXPECT_THAT(due(10, milliseconds{0}), ElementsAre(2));
  EXPECT_THAT(due(34, milliseconds{0}), IsEmpty());
  EXPECT_THAT(due(35, milliseconds{0}), ElementsAre(2));
}

TEST_F(NackGeneratorTest, GivesUpAfterItsTriesAndSaysSo) {
  (void)arrive(1);
  (void)arrive(3);
  unsigned asked = 0;
  int at = 10;
  while (complete_ && at < 5'000) {
    asked += static_cast<unsigned>(due(at).size());
    at += 100;
  }
  EXPECT_EQ(asked, NackGenerator::kMaxTries);
  EXPECT_FALSE(complete_);
  EXPECT_EQ(nacks_.missing(), 0U);
  EXPECT_FALSE(nacks_.deadline().has_value());
}

TEST_F(NackGeneratorTest, GivesUpOnWhatIsTooOld) {
  (void)arrive(1);
  (void)arrive(3);
  EXPECT_THAT(due(10, milliseconds{3'000}), ElementsAre(2));
  EXPECT_THAT(due(3'100, milliseconds{3'000}), IsEmpty());
  EXPECT_FALSE(complete_);
}

TEST_F(NackGeneratorTest, TakesTheWidestHoleItMayAndRefusesOneMore) {
  (void)arrive(1);
  EXPECT_TRUE(arrive(1 + NackGenerator::kMaxMissing + 1));
  EXPECT_EQ(nacks_.missing(), NackGenerator::kMaxMissing);

  NackGenerator wider;
  (void)wider.on_packet(1, kStart);
  EXPECT_FALSE(wider.on_packet(1 + NackGenerator::kMaxMissing + 2, kStart));
  EXPECT_EQ(wider.missing(), 0U);
}

TEST_F(NackGeneratorTest, StopsAskingForWhatCame) {
  (void)arrive(1);
  (void)arrive(4);
  EXPECT_THAT(due(10), ElementsAre(2, 3));
  (void)arrive(2, 20);
  EXPECT_THAT(due(200), ElementsAre(3));
}

}  // namespace
}  // namespace tw::media
