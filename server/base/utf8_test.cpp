#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace tw {
namespace {

TEST(CutText, LeavesWhatFitsAsItIs) {
  EXPECT_EQ(cut_text("面签", 6), "面签");
  EXPECT_EQ(cut_text("", 0), "");
}

TEST(CutText, NeverCutsACharacterInTwo) {
  EXPECT_EQ(cut_text("面签", 5), "面");
  EXPECT_EQ(cut_text("面签", 4), "面");
  EXPECT_EQ(cut_text("面签", 3), "面");
  EXPECT_EQ(cut_text("面签", 2), "");
  EXPECT_EQ(cut_text("a😀b", 4), "a");
  EXPECT_EQ(cut_text("a😀b", 5), "a😀");
}

TEST(CutText, WhatIsCutIsStillUtf8AtEveryLength) {
  const std::string text = "aé面😀 z";
  for (std::size_t most = 0; most <= text.size(); ++most) {
    const std::string cut = cut_text(text, most);
    EXPECT_LE(cut.size(), most);
    EXPECT_GT(cut.size() + 4, most) << "more was cut than one character";
    EXPECT_TRUE(count_characters(cut)) << most;
  }
}

TEST(CutText, BytesThatBeginNothingAreCutAway) { EXPECT_EQ(cut_text("\x80\x80\x80", 2), ""); }

TEST(CountCharacters, CountsCodePoints) {
  EXPECT_EQ(count_characters(""), 0U);
  EXPECT_EQ(count_characters("aé面😀"), 4U);
  EXPECT_EQ(characters("aé面😀"), 4U);
}

TEST(CountCharacters, RefusesWhatIsNoUtf8) {
  EXPECT_FALSE(count_characters("\x80"));              // goes on with nothing
  EXPECT_FALSE(count_characters("\xC0\xAF"));          // overlong
  EXPECT_FALSE(count_characters("\xE0\x80\xAF"));      // overlong
  EXPECT_FALSE(count_characters("\xF0\x80\x80\xAF"));  // overlong
  EXPECT_FALSE(count_characters("\xED\xA0\x80"));      // a surrogate
  EXPECT_FALSE(count_characters("\xF4\x90\x80\x80"));  // beyond U+10FFFF
  EXPECT_FALSE(count_characters("\xF5\x80\x80\x80"));
  EXPECT_FALSE(count_characters("\xE9\x9D"));  // cut
  EXPECT_FALSE(count_characters("\xE9\x9D!"));
}

}  // namespace
}  // namespace tw
