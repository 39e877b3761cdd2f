#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.hpp"

namespace tw::media {

/// 32.32 fixed-point seconds since 1900, as sender reports carry them (RFC 3550 section 4).
[[nodiscard]] constexpr std::uint64_t to_ntp(WallTime time) {
  constexpr std::int64_t kSecondsFrom1900To1970 = 2'208'988'800;
  const std::int64_t micros = time.time_since_epoch().count();
  const auto seconds = static_cast<std::uint64_t>(micros / 1'000'000 + kSecondsFrom1900To1970);
  const auto fraction = (static_cast<std::uint64_t>(micros % 1'000'000) << 32) / 1'000'000;
  return seconds << 32 | fraction;
}

/// The middle 32 bits, 1/65536 s, by which reports refer to each other.
[[nodiscard]] constexpr std::uint32_t ntp_middle(std::uint64_t ntp) { return static_cast<std::uint32_t>(ntp >> 16); }

/// `a - b`, right also for clocks that are centuries apart in seconds but not in fact far from each other.
[[nodiscard]] constexpr std::chrono::microseconds ntp_difference(std::uint64_t a, std::uint64_t b) {
  const auto fixed = static_cast<std::int64_t>(a - b);
  const std::int64_t seconds = fixed >> 32;
  const std::int64_t fraction = fixed & 0xFFFFFFFF;
  return std::chrono::seconds{seconds} + std::chrono::microseconds{fraction * 1'000'000 >> 32};
}

/// 1/65536 s to microseconds and back.
[[nodiscard]] constexpr std::chrono::microseconds from_ntp_units(std::uint32_t units) {
  return std::chrono::microseconds{(std::int64_t{units} * 1'000'000) >> 16};
}
[[nodiscard]] constexpr std::uint32_t to_ntp_units(std::chrono::microseconds time) {
  return static_cast<std::uint32_t>((time.count() << 16) / 1'000'000);
}

}  // namespace tw::media
