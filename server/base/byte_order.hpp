#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tw {

/// Reads an unsigned integer in network byte order. The caller has checked that `bytes` is long enough.
template <std::unsigned_integral T>
[[nodiscard]] constexpr T load_be(const std::uint8_t* bytes) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>((value << 8) | bytes[i]);
  return value;
}
template <>
[[nodiscard]] constexpr std::uint8_t load_be<std::uint8_t>(const std::uint8_t* bytes) {
  return bytes[0];
}

/// Writes an unsigned integer in network byte order.
template <std::unsigned_integral T>
constexpr void store_be(std::uint8_t* bytes, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) bytes[i] = static_cast<std::uint8_t>(value >> (8 * (sizeof(T) - 1 - i)));
}

/// 24-bit values, common in RTP headers.
[[nodiscard]] constexpr std::uint32_t load_be24(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} << 16 | std::uint32_t{bytes[1]} << 8 | bytes[2];
}
constexpr void store_be24(std::uint8_t* bytes, std::uint32_t value) {
  bytes[0] = static_cast<std::uint8_t>(value >> 16);
  bytes[1] = static_cast<std::uint8_t>(value >> 8);
  bytes[2] = static_cast<std::uint8_t>(value);
}

}  // namespace tw
