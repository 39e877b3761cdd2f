#include "media/stream/sound_repeater.hpp"

#include <algorithm>

namespace tw::media {

std::size_t SoundRepeater::wrap(std::span<std::uint8_t> out, ByteView payload, std::uint8_t payload_type,
                                std::uint16_t sequence, std::uint32_t timestamp, std::uint8_t fraction_lost) {
  std::array<RedBlock, RedPayload::kMaxBlocks> blocks;
  std::size_t count = 0;
  for (std::uint16_t back = fraction_lost >= kRepeatTwiceFrom ? 2 : 1; back > 0; --back) {
    const auto wanted = static_cast<std::uint16_t>(sequence - back);
    const Kept& kept = kept_[wanted % kept_.size()];
    const std::uint32_t offset = timestamp - kept.timestamp;
    if (!kept.used || kept.sequence != wanted || offset > RedPayload::kMaxTimestampOffset) continue;
    blocks[count++] = {payload_type, offset, ByteView(kept.data).first(kept.bytes)};
  }
  blocks[count++] = {payload_type, 0, payload};
  std::size_t written = write_red(out, std::span(blocks).first(count));
  if (written == 0) written = write_red(out, std::span(blocks).subspan(count - 1, 1));
  keep(payload, sequence, timestamp);
  return written;
}

void SoundRepeater::keep(ByteView payload, std::uint16_t sequence, std::uint32_t timestamp) {
  Kept& kept = kept_[sequence % kept_.size()];
  kept.used = payload.size() <= kept.data.size();
  if (!kept.used) return;
  kept.sequence = sequence;
  kept.timestamp = timestamp;
  kept.bytes = static_cast<std::uint16_t>(payload.size());
  std::ranges::copy(payload, kept.data.begin());
}

}  // namespace tw::media
