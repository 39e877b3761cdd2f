#include "place/address.hpp"

#include <cmath>
#include <string_view>

namespace tw::place {
namespace {

/// Up to here one is "near" a town: about the way from the middle of one to its edge.
constexpr double kNearM = 5'000;
/// Errors below are what a phone outdoors has, and are told beside the address anyway.
constexpr double kPlainErrorM = 1'000;
/// From here on kilometres are told in tens.
constexpr double kCoarseKm = 100;

bool ends_in_latin(std::string_view text) { return !text.empty() && static_cast<unsigned char>(text.back()) < 0x80; }
bool begins_in_latin(std::string_view text) {
  // Latin letters with marks are two bytes long; the first of a Chinese character is 0xE3 or more.
  return !text.empty() && static_cast<unsigned char>(text.front()) < 0xE3;
}

/// Chinese stands close, Latin letters have a space around them.
void join(std::string& words, std::string_view next) {
  if (!words.empty() && !next.empty() && (ends_in_latin(words) || begins_in_latin(next))) words += ' ';
  words += next;
}

std::string kilometres(double metres) {
  const double km = metres / 1'000;
  const double told = km < kCoarseKm ? std::round(km) : std::round(km / 10) * 10;
  return "约 " + std::to_string(static_cast<long>(told)) + " 公里";
}

std::string full_name(const NearestPlace& place) {
  std::string words(place.country);
  join(words, place.region);
  // 上海市上海市, 中国香港特别行政区香港: the town of the same name is not said again.
  const std::string_view last = place.region.empty() ? place.country : place.region;
  const bool repeats = last.find(place.name) != std::string_view::npos;
  if (!repeats) join(words, place.name);
  return words;
}

}  // namespace

std::string address_words(const Gazetteer& gazetteer, const Position& position, double accuracy_m) {
  if (!std::isfinite(accuracy_m) || accuracy_m < 0 || accuracy_m > kRoughestM) return {};
  const auto place = gazetteer.nearest(position);
  if (!place || place->distance_m > kFarthestM) return {};
  std::string words;
  if (place->distance_m < kNearM) {
    words = full_name(*place);
    join(words, "附近");
  } else {
    join(words, "距");
    join(words, full_name(*place));
    join(words, kilometres(place->distance_m));
  }
  if (accuracy_m >= kPlainErrorM) words += "（误差" + kilometres(accuracy_m) + "）";
  return words;
}

}  // namespace tw::place
