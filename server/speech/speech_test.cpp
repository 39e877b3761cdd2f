#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "speech/hold_music.hpp"
#include "speech/voice.hpp"

namespace tw::speech {
namespace {

double loudest(const Samples& sound) {
  double result = 0;
  for (const float sample : sound.samples) result = std::max<double>(result, std::abs(sample));
  return result;
}

TEST(HoldMusic, IsAudibleNotClippedAndAlwaysTheSame) {
  const Samples music = compose_hold_music();
  EXPECT_EQ(music.channels, 2);
  EXPECT_EQ(music.samples.size(), 24U * 48'000 * 2);
  EXPECT_GT(loudest(music), 0.2);
  EXPECT_LE(loudest(music), 1.0);
  EXPECT_EQ(music.samples, compose_hold_music().samples);
}

TEST(HoldMusic, ItsEndGoesOverIntoItsBeginning) {
  const Samples music = compose_hold_music();
  EXPECT_LT(std::abs(music.samples.front() - music.samples[music.samples.size() - 2]), 0.05);
}

TEST(Voice, SpeaksBothLanguagesOrSaysWhyNot) {
  for (const auto& [text, language] :
       {std::pair{"请出示您的身份证。", "zh-CN"}, std::pair{"Please show your card.", "en"}}) {
    const auto spoken = speak(text, language);
    if (!spoken) {
      EXPECT_EQ(spoken.error().code, "media_item.no_voice");
      continue;
    }
    const double seconds = static_cast<double>(spoken->samples.size()) / spoken->rate_hz;
    EXPECT_GT(seconds, 0.8);
    EXPECT_LT(seconds, 8.0);
    EXPECT_GT(loudest(*spoken), 0.1);
  }
}

TEST(Voice, RefusesEmptyAndEndlessTexts) {
  EXPECT_EQ(speak("", "en").error().code, "media_item.text_invalid");
  EXPECT_EQ(speak(std::string(kMaxTextCharacters + 1, 'a'), "en").error().code, "media_item.text_invalid");
  EXPECT_EQ(speak(std::string("a\0b", 3), "en").error().code, "media_item.text_invalid");
}

}  // namespace
}  // namespace tw::speech
