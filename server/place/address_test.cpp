#include "place/address.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "place/table_test_support.hpp"

namespace tw::place {
namespace {

class AddressTest : public ::testing::Test {
 protected:
  Bytes bytes_ = make_table({"中国", "法国", "美国"}, {"上海市", "西藏自治区", "Illinois"},
                            {{{31.22222, 121.45806}, "上海市", 0, 0},
                             {{31.16667, 121.43333}, "徐汇", 0, 0},
                             {{29.0, 85.25}, "宗嘎", 0, 1},
                             {{45.74846, 4.84671}, "里昂（Lyon）", 1},
                             {{45.30, 4.0}, "Île-Étrange", 1},
                             {{39.80172, -89.64371}, "Springfield", 2, 2}});
  Gazetteer table_ = Gazetteer::parse(bytes_).value();
};

TEST_F(AddressTest, SaysNoMoreThanTheTableKnows) {
  const struct {
    Position position;
    double accuracy_m;
    const char* words;
  } kCases[]{
      {{31.2304, 121.4737}, 15, "中国上海市附近"},
      {{31.17, 121.43}, 999, "中国上海市徐汇附近"},
      {{31.17, 121.43}, 4'200, "中国上海市徐汇附近（误差约 4 公里）"},
      {{29.1, 85.25}, 15, "距中国西藏自治区宗嘎约 11 公里"},
      {{30.1, 85.25}, 20'000, "距中国西藏自治区宗嘎约 120 公里（误差约 20 公里）"},
      {{45.75, 4.85}, 0, "法国里昂（Lyon）附近"},
      {{45.31, 4.0}, 0, "法国 Île-Étrange 附近"},
      {{39.9, -89.64}, 0, "距美国 Illinois Springfield 约 11 公里"},
  };
  for (const auto& one : kCases) EXPECT_EQ(address_words(table_, one.position, one.accuracy_m), one.words);
}

TEST_F(AddressTest, SaysNothingWhereThereIsNothingToSay) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  const Position shanghai{31.2304, 121.4737};
  EXPECT_EQ(address_words(table_, {0, -150}, 15), "");  // the sea
  EXPECT_EQ(address_words(table_, {90, 0}, 15), "");
  EXPECT_EQ(address_words(table_, {-90, 0}, 15), "");
  EXPECT_EQ(address_words(table_, {kNaN, 0}, 15), "");
  EXPECT_EQ(address_words(table_, {91, 0}, 15), "");
  EXPECT_EQ(address_words(table_, shanghai, kRoughestM + 1), "");
  EXPECT_EQ(address_words(table_, shanghai, kNaN), "");
  EXPECT_EQ(address_words(table_, shanghai, -1), "");
}

/// What tools/setup-places makes and the server really answers from.
TEST(EmbeddedPlaces, KnowTheWorld) {
  const auto table = embedded_gazetteer();
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_GT(table->size(), 150'000U);
  const struct {
    const char* where;
    Position position;
    const char* begins;
    const char* contains;
  } kCases[]{
      {"Tiananmen", {39.9055, 116.3976}, "中国北京市", "附近"},
      {"the Bund", {31.2380, 121.4900}, "中国上海市", "附近"},
      {"the Potala", {29.6578, 91.1170}, "中国西藏自治区", "附近"},
      {"Shenzhen", {22.5431, 114.0579}, "中国广东省", "附近"},
      {"Urumqi", {43.8256, 87.6168}, "中国新疆维吾尔自治区", "附近"},
      {"Mount Everest", {27.9881, 86.9250}, "距", "公里"},
      {"Hong Kong", {22.2783, 114.1747}, "中国香港特别行政区", "附近"},
      {"the Eiffel tower", {48.8584, 2.2945}, "法国", "附近"},
      {"the White House", {38.8977, -77.0365}, "美国", "Washington"},
      {"Fiji, east of the line", {-16.80, -179.98}, "", "斐济"},
      {"the equator's sea", {0, -140}, "", ""},
      {"null island", {0, 0}, "", ""},
      {"the north pole", {90, 0}, "", ""},
      {"the south pole", {-90, 0}, "", ""},
  };
  for (const auto& one : kCases) {
    const std::string words = address_words(*table, one.position, 20);
    EXPECT_TRUE(words.starts_with(one.begins)) << one.where << ": " << words;
    EXPECT_NE(words.find(one.contains), std::string::npos) << one.where << ": " << words;
    if (*one.contains == '\0') {
      EXPECT_EQ(words, "") << one.where;
    }
  }
}

}  // namespace
}  // namespace tw::place
