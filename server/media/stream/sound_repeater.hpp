#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/encoding.hpp"
#include "media/wire/red_payload.hpp"

namespace tw::media {

/// Wraps the packets of one outgoing sound so that each repeats those before it (RFC 2198): one, and two while the
/// viewer reports losses. What is lost on the way to the viewer is then there with the next packet, whatever the round
/// trip.
class SoundRepeater {
 public:
  /// 160 kb/s at 20 ms a packet; sound that is larger is not speech and is sent once.
  static constexpr std::size_t kMaxRepeatedBytes = 400;
  /// Of 256, as receiver reports count: above 3 % two losses in a row come every few seconds.
  static constexpr std::uint8_t kRepeatTwiceFrom = 8;

  /// Writes `payload` with what it repeats; the length, 0 where it does not fit.
  [[nodiscard]] std::size_t wrap(std::span<std::uint8_t> out, ByteView payload, std::uint8_t payload_type,
                                 std::uint16_t sequence, std::uint32_t timestamp, std::uint8_t fraction_lost);

 private:
  struct Kept {
    bool used = false;
    std::uint16_t sequence = 0;
    std::uint16_t bytes = 0;
    std::uint32_t timestamp = 0;
    std::array<std::uint8_t, kMaxRepeatedBytes> data;
  };
  void keep(ByteView payload, std::uint16_t sequence, std::uint32_t timestamp);

  std::array<Kept, RedPayload::kMaxBlocks - 1> kept_{};  // by sequence
};

}  // namespace tw::media
