#include "place/gazetteer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "place/table_test_support.hpp"

namespace tw::place {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<TestPlace> scattered(std::size_t count) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> height(-1, 1);
  std::uniform_real_distribution<double> around(-180, 180);
  std::vector<TestPlace> places;
  for (std::size_t i = 0; i < count; ++i) {
    const double latitude = std::round(std::asin(height(random)) * 180 / std::numbers::pi * 1e5) / 1e5;
    places.push_back({{latitude, std::round(around(random) * 1e5) / 1e5}, "p" + std::to_string(i)});
  }
  return places;
}

TEST(Gazetteer, FindsWhatALookAtEveryPlaceFinds) {
  const auto places = scattered(2'000);
  const Bytes bytes = make_table({"X"}, {}, places);
  const auto table = Gazetteer::parse(bytes);
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->size(), places.size());
  auto asked = scattered(300);
  for (const Position edge :
       {Position{90, 0}, Position{-90, 77}, Position{0, 180}, Position{0, -180}, Position{0, 0}}) {
    asked.push_back({edge, ""});
  }
  for (auto& [position, name, country, region] : asked) {
    position.longitude = std::clamp(position.longitude + 0.37, -180.0, 180.0);
    const auto least = std::ranges::min_element(
        places, {}, [&, where = position](const TestPlace& place) { return distance_m(where, place.position); });
    const auto found = table->nearest(position);
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->distance_m, distance_m(position, least->position), 0.01);
  }
}

TEST(Gazetteer, GoesAcrossTheAntimeridianAndThePoles) {
  const Bytes bytes = make_table({"A", "B"}, {"R"},
                                 {{{-17.0, 179.9}, "west of the line", 0},
                                  {{-17.0, -170.0}, "far east of it", 1},
                                  {{89.9, 10}, "this side of the pole", 0, 0},
                                  {{80.0, -170}, "that side", 1}});
  const auto table = Gazetteer::parse(bytes);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->nearest({-17.0, -179.9})->name, "west of the line");
  EXPECT_NEAR(table->nearest({-17.0, -179.9})->distance_m, 21'267, 50);
  EXPECT_EQ(table->nearest({89.9, -170})->name, "this side of the pole");
  EXPECT_EQ(table->nearest({89.9, -170})->region, "R");
  EXPECT_EQ(table->nearest({89.9, -170})->country, "A");
}

TEST(Gazetteer, APositionThatIsNoneHasNoNearestPlace) {
  const Bytes bytes = make_table({"A"}, {}, {{{0, 0}, "null island"}});
  const auto table = Gazetteer::parse(bytes);
  ASSERT_TRUE(table);
  for (const Position position : {Position{kNaN, 0}, Position{0, kNaN}, Position{kInfinity, 0}, Position{0, -kInfinity},
                                  Position{90.1, 0}, Position{0, 180.1}, Position{-91, 0}}) {
    EXPECT_FALSE(is_valid(position));
    EXPECT_FALSE(table->nearest(position));
  }
  const Bytes empty = make_table({}, {}, {});
  EXPECT_FALSE(Gazetteer::parse(empty)->nearest({0, 0}));
}

TEST(Gazetteer, ADamagedTableIsRefused) {
  const Bytes whole = make_table({"A"}, {"R"}, {{{1, 2}, "one", 0, 0}, {{3, 4}, "two"}});
  ASSERT_TRUE(Gazetteer::parse(whole));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(Gazetteer::parse(ByteView(whole).first(length))) << length;
  }
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_FALSE(Gazetteer::parse(longer));
  // Magic, counts and every offset; of the rows' bytes only those that may hold anything stay unnoticed.
  for (std::size_t at = 0; at < 32; ++at) {
    Bytes changed = whole;
    changed[at] = static_cast<std::uint8_t>(changed[at] + 0x80);
    EXPECT_FALSE(Gazetteer::parse(changed)) << at;
  }
  constexpr std::size_t kFirstRow = 32;
  for (const std::size_t at : {kFirstRow + 3, kFirstRow + 7, kFirstRow + 10, kFirstRow + 12}) {
    Bytes changed = whole;
    changed[at] = 0x7F;
    EXPECT_FALSE(Gazetteer::parse(changed)) << at;
  }
}

TEST(Position, DistancesAreThoseOfTheEarth) {
  EXPECT_NEAR(distance_m({39.9042, 116.4074}, {31.2304, 121.4737}), 1'067'000, 3'000);  // Beijing, Shanghai
  EXPECT_NEAR(distance_m({0, 179.5}, {0, -179.5}), 111'195, 10);
  EXPECT_NEAR(distance_m({90, 0}, {-90, 0}), 20'015'115, 100);
  EXPECT_EQ(distance_m({12, 34}, {12, 34}), 0);
}

TEST(Position, ChinasMapsAreShiftedAndOthersAreNot) {
  // Published pairs of the two datums: Tiananmen and the Bund.
  const Position beijing = wgs84_to_gcj02({39.90733, 116.39108});
  EXPECT_NEAR(beijing.latitude, 39.90873, 0.0002);
  EXPECT_NEAR(beijing.longitude, 116.39732, 0.0002);
  const double shift = distance_m({31.2304, 121.4737}, wgs84_to_gcj02({31.2304, 121.4737}));
  EXPECT_GT(shift, 300);
  EXPECT_LT(shift, 700);
  const Position paris = wgs84_to_gcj02({48.85, 2.35});
  EXPECT_EQ(paris.latitude, 48.85);
  EXPECT_EQ(paris.longitude, 2.35);
}

}  // namespace
}  // namespace tw::place
