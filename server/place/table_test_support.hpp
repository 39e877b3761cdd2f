#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <string>
#include <vector>

#include "base/encoding.hpp"
#include "place/position.hpp"

namespace tw::place {
struct TestPlace {
  Position position;
  std::string name;
  std::uint16_t country = 0;
  std::uint16_t region = 0xFFFF;
};

namespace table_parts {

inline void put(Bytes& out, std::uint32_t value, int bytes = 4) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

inline double along(const Position& position, std::size_t axis) {
  constexpr double kRadians = std::numbers::pi / 180.0;
  const double latitude = position.latitude * kRadians;
  const double longitude = position.longitude * kRadians;
  const std::array<double, 3> vector{std::cos(latitude) * std::cos(longitude), std::cos(latitude) * std::sin(longitude),
                                     std::sin(latitude)};
  return vector.at(axis);
}

inline void arrange(std::span<TestPlace> places, std::size_t axis) {
  if (places.size() < 2) return;
  std::sort(places.begin(), places.end(), [&](const TestPlace& left, const TestPlace& right) {
    return along(left.position, axis) < along(right.position, axis);
  });
  const std::size_t half = places.size() / 2;
  arrange(places.first(half), (axis + 1) % 3);
  arrange(places.subspan(half + 1), (axis + 1) % 3);
}

}  // namespace table_parts

/// A table as tools/places/make_places.py would write it. In a header, because the service's tests use it too.
[[nodiscard]] inline Bytes make_table(const std::vector<std::string>& countries,
                                      const std::vector<std::string>& regions, std::vector<TestPlace> places) {
  using table_parts::put;
  Bytes texts;
  const auto text = [&](const std::string& value) {
    const auto offset = static_cast<std::uint32_t>(texts.size());
    texts.push_back(static_cast<std::uint8_t>(value.size()));
    texts.insert(texts.end(), value.begin(), value.end());
    return offset;
  };
  table_parts::arrange(places, 0);
  Bytes rows;
  for (const auto* names : {&countries, &regions}) {
    for (const std::string& name : *names) put(rows, text(name));
  }
  for (const TestPlace& place : places) {
    put(rows, static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(place.position.latitude * 1e5))));
    put(rows, static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(place.position.longitude * 1e5))));
    put(rows, text(place.name));
    put(rows, place.country, 2);
    put(rows, place.region, 2);
  }
  const std::string magic = "TWPLACE1";
  Bytes table(magic.begin(), magic.end());
  for (const std::size_t count : {countries.size(), regions.size(), places.size(), texts.size()}) {
    put(table, static_cast<std::uint32_t>(count));
  }
  table.insert(table.end(), rows.begin(), rows.end());
  table.insert(table.end(), texts.begin(), texts.end());
  return table;
}

}  // namespace tw::place
