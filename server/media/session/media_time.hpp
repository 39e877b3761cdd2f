#pragma once

#include <optional>

#include "base/clock.hpp"

namespace tw::media {

/// One moment on both clocks, read once for everything that a datagram causes.
struct MediaTime {
  SteadyTime steady;
  WallTime wall;
};

/// The earlier of two deadlines of which each may be missing.
[[nodiscard]] inline std::optional<SteadyTime> earlier(std::optional<SteadyTime> a, std::optional<SteadyTime> b) {
  if (!a) return b;
  if (!b) return a;
  return *a < *b ? a : b;
}

}  // namespace tw::media
