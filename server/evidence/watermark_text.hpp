#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace tw::evidence {

/// What a mark in a picture states. `utc_offset` is that of the tenant's time zone at `at`.
struct WatermarkFacts {
  std::string_view company;
  std::string_view names{};  ///< who is in the picture; empty: the line is left out
  WallTime at;
  std::chrono::seconds utc_offset{0};
  std::string_view place;  ///< empty: the line is left out
};

/// Longest line of a mark, in code points; what is longer ends in an ellipsis.
constexpr std::size_t kMaxWatermarkCharacters = 80;

/// The lines of a mark, top to bottom: company, names, local time, place; a fact that is empty gives no line. Each is
/// one line of valid UTF-8 without control characters and direction overrides, whatever came in, so that a name or
/// place can neither add a line of its own nor turn the time around.
[[nodiscard]] std::vector<std::string> watermark_lines(const WatermarkFacts& facts);

/// "2026-11-24 14:33:05 +08:00": the offset belongs to it, because a time without it is no evidence.
[[nodiscard]] std::string local_time_text(WallTime at, std::chrono::seconds utc_offset);

/// One line of at most `most_characters` code points out of a text from outside.
[[nodiscard]] std::string clean_line(std::string_view text, std::size_t most_characters = kMaxWatermarkCharacters);

}  // namespace tw::evidence
