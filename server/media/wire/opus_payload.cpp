#include "media/wire/opus_payload.hpp"

namespace tw::media {
namespace {

constexpr std::uint32_t kMaxSamples = 5760;  // 120 ms

std::uint32_t samples_per_frame(std::uint8_t toc) {
  const unsigned config = toc >> 3;
  if (config < 12) {  // SILK: 10, 20, 40, 60 ms
    constexpr std::uint32_t kSilk[] = {480, 960, 1920, 2880};
    return kSilk[config & 3];
  }
  if (config < 16) return (config & 1) == 0 ? 480 : 960;  // hybrid: 10, 20 ms
  return 120U << (config & 3);                            // CELT: 2.5, 5, 10, 20 ms
}

}  // namespace

std::optional<std::uint32_t> opus_samples(ByteView payload) {
  if (payload.empty()) return std::nullopt;
  std::uint32_t frames = 1;
  if ((payload[0] & 3) == 1 || (payload[0] & 3) == 2) frames = 2;
  if ((payload[0] & 3) == 3) {
    if (payload.size() < 2) return std::nullopt;
    frames = payload[1] & 0x3F;
  }
  const std::uint32_t samples = frames * samples_per_frame(payload[0]);
  if (samples == 0 || samples > kMaxSamples) return std::nullopt;
  return samples;
}

}  // namespace tw::media
