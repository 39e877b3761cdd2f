#include "place/gazetteer.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "embedded/places.hpp"

namespace tw::place {
namespace {

constexpr std::string_view kMagic = "TWPLACE1";
constexpr std::size_t kHeaderBytes = 24;
constexpr std::size_t kOffsetBytes = 4;
constexpr std::size_t kRowBytes = 16;
constexpr std::uint32_t kNoRegion = 0xFFFF;
/// More than the world has; keeps every sum below far away from overflow.
constexpr std::uint32_t kMostRows = 10'000'000;
constexpr double kUnitsPerDegree = 1e5;

using Vector = std::array<double, 3>;

Vector on_the_sphere(const Position& position) {
  constexpr double kRadians = std::numbers::pi / 180.0;
  const double latitude = position.latitude * kRadians;
  const double longitude = position.longitude * kRadians;
  return {std::cos(latitude) * std::cos(longitude), std::cos(latitude) * std::sin(longitude), std::sin(latitude)};
}

double squared(double value) { return value * value; }

tl::unexpected<Error> malformed(const char* why) {
  return fail(ErrorKind::invalid, "place.table_malformed", std::string("The table of places is damaged: ") + why);
}

}  // namespace

struct Gazetteer::Row {
  Position position;
  std::uint32_t name = 0;
  std::uint32_t country = 0;
  std::uint32_t region = kNoRegion;
};

/// The chord's square grows with the distance, and is what a plane's distance can be compared with.
struct Gazetteer::Search {
  Vector target;
  double best = std::numeric_limits<double>::infinity();
  std::uint32_t index = 0;
};

std::uint32_t Gazetteer::u32(std::size_t at) const {
  return std::uint32_t{bytes_[at]} | std::uint32_t{bytes_[at + 1]} << 8 | std::uint32_t{bytes_[at + 2]} << 16 |
         std::uint32_t{bytes_[at + 3]} << 24;
}

Gazetteer::Row Gazetteer::row(std::uint32_t index) const {
  const std::size_t at = places_at_ + index * kRowBytes;
  const std::uint32_t belonging = u32(at + 12);
  return {
      {static_cast<std::int32_t>(u32(at)) / kUnitsPerDegree, static_cast<std::int32_t>(u32(at + 4)) / kUnitsPerDegree},
      u32(at + 8),
      belonging & 0xFFFFU,
      belonging >> 16};
}

bool Gazetteer::is_text(std::uint32_t offset) const {
  return offset < text_bytes_ && bytes_[texts_at_ + offset] < text_bytes_ - offset;
}

std::string_view Gazetteer::text(std::uint32_t offset) const {
  const std::size_t at = texts_at_ + offset;
  return as_text(bytes_.subspan(at + 1, bytes_[at]));
}

Result<Gazetteer> Gazetteer::parse(ByteView bytes) {
  if (bytes.size() < kHeaderBytes || as_text(bytes.first(kMagic.size())) != kMagic) return malformed("no table");
  Gazetteer table;
  table.bytes_ = bytes;
  table.countries_ = table.u32(8);
  table.regions_ = table.u32(12);
  table.places_ = table.u32(16);
  table.text_bytes_ = table.u32(20);
  if (table.countries_ > kNoRegion || table.regions_ > kNoRegion || table.places_ > kMostRows) {
    return malformed("numbers that cannot be");
  }
  const std::size_t named = std::size_t{table.countries_} + table.regions_;
  table.places_at_ = kHeaderBytes + named * kOffsetBytes;
  table.texts_at_ = table.places_at_ + table.places_ * kRowBytes;
  if (bytes.size() != table.texts_at_ + table.text_bytes_) return malformed("not as long as it says");
  for (std::size_t i = 0; i < named; ++i) {
    if (!table.is_text(table.u32(kHeaderBytes + i * kOffsetBytes))) return malformed("a name outside of the texts");
  }
  for (std::uint32_t i = 0; i < table.places_; ++i) {
    const Row row = table.row(i);
    const bool good = is_valid(row.position) && table.is_text(row.name) && row.country < table.countries_ &&
                      (row.region == kNoRegion || row.region < table.regions_);
    if (!good) return malformed("a row that points nowhere");
  }
  return table;
}

void Gazetteer::look(Search& search, std::uint32_t begin, std::uint32_t count, unsigned axis) const {
  if (count == 0) return;
  const std::uint32_t half = count / 2;
  const Vector here = on_the_sphere(row(begin + half).position);
  const double distance =
      squared(here[0] - search.target[0]) + squared(here[1] - search.target[1]) + squared(here[2] - search.target[2]);
  if (distance < search.best) {
    search.best = distance;
    search.index = begin + half;
  }
  const double beyond = search.target.at(axis) - here.at(axis);
  const unsigned next = (axis + 1) % 3;
  const std::pair low{begin, half};
  const std::pair high{begin + half + 1, count - half - 1};
  const auto& nearer = beyond < 0 ? low : high;
  const auto& farther = beyond < 0 ? high : low;
  look(search, nearer.first, nearer.second, next);
  if (squared(beyond) <= search.best) look(search, farther.first, farther.second, next);
}

std::optional<NearestPlace> Gazetteer::nearest(const Position& position) const {
  if (places_ == 0 || !is_valid(position)) return std::nullopt;
  Search search{on_the_sphere(position)};
  look(search, 0, places_, 0);
  const Row found = row(search.index);
  const auto named = [&](std::size_t index) { return text(u32(kHeaderBytes + index * kOffsetBytes)); };
  return NearestPlace{named(found.country),
                      found.region == kNoRegion ? std::string_view() : named(std::size_t{countries_} + found.region),
                      text(found.name), distance_m(position, found.position)};
}

namespace {

/// The look at every offset has brought the whole table into memory; a search needs a few pages of it, which come from
/// the binary again.
void give_back(ByteView table) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = (reinterpret_cast<std::uintptr_t>(table.data()) + page - 1) / page * page;
  const auto end = reinterpret_cast<std::uintptr_t>(table.data() + table.size()) / page * page;
  // Constant data of the binary: nothing can be lost by it, and where it fails memory is all that is spent.
  if (end > begin) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);  // NOLINT
}

}  // namespace

Result<Gazetteer> embedded_gazetteer() {
  const auto files = embedded::places();
  if (files.empty()) {
    return fail(ErrorKind::unavailable, "place.table_missing",
                "This build has no table of places (tools/setup-places).");
  }
  const ByteView table = files.front().content;
  auto gazetteer = Gazetteer::parse(table);
  give_back(table);
  return gazetteer;
}

}  // namespace tw::place
