#include "processing/loudness.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace tw::processing {
namespace {

std::vector<float> tone(double hertz, double level, double seconds) {
  std::vector<float> samples(static_cast<std::size_t>(seconds * 48'000));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<float>(level * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / 48'000));
  }
  return samples;
}

// EBU Tech 3341, case 1, for one channel: 997 Hz at −20 dBFS in one channel is −23.01 LUFS.
TEST(Loudness, ATestToneMeasuresWhatTheStandardSays) {
  LoudnessMeter meter;
  meter.add(tone(997, 0.1, 20));
  ASSERT_TRUE(meter.integrated());
  EXPECT_NEAR(*meter.integrated(), -23.0, 0.1);
}

TEST(Loudness, PausesDoNotMakeASpeakerQuiet) {
  LoudnessMeter all_the_time;
  LoudnessMeter now_and_then;
  all_the_time.add(tone(997, 0.1, 5));
  for (int i = 0; i < 5; ++i) {
    now_and_then.add(tone(997, 0.1, 1));
    now_and_then.add(tone(997, 0.0005, 8));
  }
  // Blocks at the edges of a word hold it in part: 13 blocks with the power of 10 are 1.1 LU less.
  EXPECT_NEAR(now_and_then.integrated().value(), all_the_time.integrated().value(), 1.5);
}

TEST(Loudness, SilenceIsLeftAlone) {
  LoudnessMeter meter;
  meter.add(std::vector<float>(48'000 * 3));
  EXPECT_FALSE(meter.integrated());
  EXPECT_EQ(gain_for(meter.integrated()), 1.0F);
}

TEST(Loudness, GainsMeetTheTargetWithinTheirLimits) {
  EXPECT_NEAR(gain_for(-26.0), 1.995, 0.01);
  EXPECT_NEAR(gain_for(-14.0), 0.501, 0.01);
  EXPECT_NEAR(gain_for(-69.0), std::pow(10.0, kMostGainDb / 20), 0.01);
}

}  // namespace
}  // namespace tw::processing
