#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace tw::domain {

/// How long a company keeps its recordings.
struct Retention {
  std::optional<std::int64_t> days;  ///< from an interview's end; nullopt: for ever
  WallTime since{};                  ///< when this was last changed

  static constexpr std::int64_t kLeastDays = 1;
  static constexpr std::int64_t kMostDays = 36'500;  ///< a hundred years: no date overflows
  /// A new rule deletes nothing before this has passed: a slip of the keyboard can be put right.
  static constexpr std::chrono::hours kGrace{24};
};

/// When a recording is to be deleted. Nullopt: never, or its interview has not ended.
[[nodiscard]] std::optional<WallTime> expires_at(const Retention& retention, const std::optional<WallTime>& ended_at);

}  // namespace tw::domain
