#include "media/wire/rtp_extensions.hpp"

namespace tw::media {

std::optional<Rotation> read_video_orientation(ByteView value) {
  if (value.empty()) return std::nullopt;
  switch (value[0] & 3) {
    case 1: return Rotation::clockwise_90;
    case 2: return Rotation::clockwise_180;
    case 3: return Rotation::clockwise_270;
    default: return Rotation::none;
  }
}

std::uint8_t video_orientation_octet(Rotation rotation) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(rotation) / 90);
}

std::uint32_t abs_send_time(std::chrono::microseconds time) {
  constexpr std::uint64_t kMicrosPerSecond = 1'000'000;
  constexpr std::uint64_t kWrapMicros = 64 * kMicrosPerSecond;
  const std::uint64_t micros = static_cast<std::uint64_t>(time.count()) % kWrapMicros;
  return static_cast<std::uint32_t>((micros << 18) / kMicrosPerSecond) & 0xFFFFFF;
}

}  // namespace tw::media
