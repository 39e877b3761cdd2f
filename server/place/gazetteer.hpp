#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/encoding.hpp"
#include "base/result.hpp"
#include "place/position.hpp"

namespace tw::place {

/// A town or village and how far it is. The texts live as long as the table's bytes.
struct NearestPlace {
  std::string_view country;  ///< in Chinese
  std::string_view region;   ///< a province or a state of the USA; elsewhere empty
  std::string_view name;     ///< in Chinese where that is known beyond doubt, otherwise the local name
  double distance_m = 0;
};

/// A table of the world's towns that answers which one is nearest, straight from its bytes: nothing is unpacked, a look
/// touches some fifty rows. Thread-safe.
///
/// Layout (tools/places/make_places.py writes it), little-endian: "TWPLACE1"; four u32: countries, regions, places,
/// bytes of text; the countries' and the regions' texts as u32 offsets; the places, 16 bytes each: i32 latitude and
/// longitude in 1e-5 degrees, u32 offset of the name, u16 country, u16 region (0xFFFF: none); the texts, each a length
/// byte and UTF-8. The places are a balanced k-d tree over the unit sphere: the middle one of a range (begin + count /
/// 2) splits it by x, y, z in turn, so that poles and the antimeridian are nothing special.
class Gazetteer {
 public:
  /// Takes bytes that outlive it, after a look at every offset. `place.table_malformed` otherwise.
  [[nodiscard]] static Result<Gazetteer> parse(ByteView bytes);

  [[nodiscard]] std::uint32_t size() const { return places_; }
  /// Nothing for a position that is none, or while the table is empty.
  [[nodiscard]] std::optional<NearestPlace> nearest(const Position& position) const;

 private:
  Gazetteer() = default;
  struct Row;
  struct Search;
  [[nodiscard]] std::uint32_t u32(std::size_t at) const;
  [[nodiscard]] Row row(std::uint32_t index) const;
  [[nodiscard]] std::string_view text(std::uint32_t offset) const;
  [[nodiscard]] bool is_text(std::uint32_t offset) const;
  void look(Search& search, std::uint32_t begin, std::uint32_t count, unsigned axis) const;

  ByteView bytes_;
  std::uint32_t countries_ = 0;
  std::uint32_t regions_ = 0;
  std::uint32_t places_ = 0;
  std::size_t places_at_ = 0;
  std::size_t texts_at_ = 0;
  std::uint32_t text_bytes_ = 0;
};

/// The table that lies in this binary; `place.table_missing` where it was built without one.
[[nodiscard]] Result<Gazetteer> embedded_gazetteer();

}  // namespace tw::place
