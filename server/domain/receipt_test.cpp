#include "domain/receipt.hpp"

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace tw::domain {
namespace {

constexpr std::string_view kLetters = "123456789BCDFGHJKMNPQRSTVWXYZ";

TEST(Receipt, IsShortAndReadBackHoweverItIsTyped) {
  SeededRandom random(1);
  std::set<std::string> made;
  for (int i = 0; i < 500; ++i) {
    const std::string number = make_receipt_number(random);
    ASSERT_EQ(number.size(), 9U);
    EXPECT_EQ(number.find_first_of("0AEIOUL"), std::string::npos) << number;
    EXPECT_EQ(parse_receipt_number(number), number);
    std::string typed = " ";
    for (const char c : number) {
      typed += c == '-' ? ' ' : c == '1' ? 'l' : static_cast<char>(c >= 'A' ? c - 'A' + 'a' : c);
    }
    EXPECT_EQ(parse_receipt_number(typed), number) << typed;
    made.insert(number);
  }
  EXPECT_EQ(made.size(), 500U);
}

TEST(Receipt, AWrongCharacterAndTwoThatWereSwappedAreNoticed) {
  SeededRandom random(2);
  for (int round = 0; round < 20; ++round) {
    const std::string number = make_receipt_number(random);
    for (std::size_t i = 0; i < number.size(); ++i) {
      if (number[i] == '-') continue;
      for (const char other : kLetters) {
        std::string wrong = number;
        wrong[i] = other;
        EXPECT_EQ(parse_receipt_number(wrong).has_value(), other == number[i]) << wrong << " for " << number;
      }
      for (std::size_t j = i + 1; j < number.size(); ++j) {
        std::string swapped = number;
        std::swap(swapped[i], swapped[j]);
        if (number[j] == '-' || swapped == number) continue;
        EXPECT_FALSE(parse_receipt_number(swapped)) << swapped << " for " << number;
      }
    }
  }
}

TEST(Receipt, WhatIsNoneIsNone) {
  SeededRandom random(3);
  const std::string number = make_receipt_number(random);
  for (const std::string& text :
       {std::string(), std::string("-"), number + "1", number.substr(1), std::string("0") + number.substr(1),
        std::string("编号"), std::string(4'000, '7'), number.substr(0, 4) + "/" + number.substr(5)}) {
    EXPECT_FALSE(parse_receipt_number(text)) << text;
  }
}

}  // namespace
}  // namespace tw::domain
