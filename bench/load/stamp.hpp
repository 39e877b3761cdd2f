#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "net/plain_socket.hpp"

namespace tw::bench {

/// What every payload ends with, so that its receiver knows whose it is, which, and when it was sent. At the end,
/// because servers may rewrite the beginning (VP8's payload descriptor).
struct Stamp {
  static constexpr std::size_t kBytes = 20;

  std::uint32_t publisher = 0;
  std::uint32_t number = 0;  ///< counts the packets of the publisher, sound and picture together
  ArrivalTime sent;

  /// Into the last kBytes of `payload`, which must be that long.
  void write(std::span<std::uint8_t> payload) const;
  /// nullopt where it carries none.
  [[nodiscard]] static std::optional<Stamp> read(std::span<const std::uint8_t> payload);
};

}  // namespace tw::bench
