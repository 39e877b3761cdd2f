#include "media/stream/sequence_rewriter.hpp"

#include <algorithm>

namespace tw::media {

void SequenceRewriter::begin(const SourcePacket& packet, SteadyTime now) {
  if (!ever_ran_) {
    timestamp_offset_ = next_timestamp_ - packet.timestamp;
  } else if (packet.source != source_) {
    // Another clock: it goes on where the old one would be by now, at least one tick later.
    const auto silence = std::chrono::duration_cast<std::chrono::microseconds>(now - newest_at_).count();
    const auto ticks = std::max<std::int64_t>(silence * clock_rate_hz_ / 1'000'000, 1);
    timestamp_offset_ = next_timestamp_ + static_cast<std::uint32_t>(ticks) - packet.timestamp;
  }
  running_ = ever_ran_ = true;
  source_ = packet.source;
  base_in_ = packet.sequence;
  base_out_ = next_sequence_;
  next_timestamp_ = packet.timestamp + timestamp_offset_;
}

/// A keyframe whose begin came late (again, or out of order) is of no use: packets behind it were passed over already.
bool SequenceRewriter::can_begin(const SourcePacket& packet) {
  if (!needs_keyframe_) return true;
  const bool passed_over = packet.source == skipped_source_ && packet.sequence < skipped_;
  if (packet.keyframe_start && !passed_over) return true;
  skipped_ = packet.source == skipped_source_ ? std::max(skipped_, packet.sequence) : packet.sequence;
  skipped_source_ = packet.source;
  return false;
}

std::optional<RewrittenPacket> SequenceRewriter::rewrite(const SourcePacket& packet, SteadyTime now) {
  if (ever_ran_ && packet.source < source_) return std::nullopt;  // track numbers only grow
  const bool begins = !running_ || packet.source != source_;
  if (begins) {
    if (!can_begin(packet)) return std::nullopt;
    begin(packet, now);
  }
  if (packet.sequence < base_in_) return std::nullopt;
  const std::uint64_t out = base_out_ + (packet.sequence - base_in_);
  const std::uint32_t timestamp = packet.timestamp + timestamp_offset_;
  if (out >= next_sequence_) {
    next_sequence_ = out + 1;
    newest_at_ = now;
    next_timestamp_ = timestamp;
  }
  return RewrittenPacket{static_cast<std::uint16_t>(out), timestamp, begins};
}

void Vp8Rewriter::rewrite_again(std::span<std::uint8_t> payload, const Vp8Payload& descriptor) const {
  const auto picture = static_cast<std::uint16_t>(descriptor.picture_id.value_or(0) + picture_offset_);
  const auto tl0 = static_cast<std::uint8_t>(descriptor.tl0_picture_index.value_or(0) + tl0_offset_);
  rewrite_vp8(payload, descriptor, picture & 0x7FFF, tl0);
}

void Vp8Rewriter::rewrite(std::span<std::uint8_t> payload, const Vp8Payload& descriptor, bool began) {
  const std::uint16_t picture_in = descriptor.picture_id.value_or(0);
  const std::uint8_t tl0_in = descriptor.tl0_picture_index.value_or(0);
  if (began) {
    picture_offset_ = static_cast<std::uint16_t>(newest_picture_ + 1 - picture_in);
    tl0_offset_ = static_cast<std::uint8_t>(newest_tl0_ + 1 - tl0_in);
    ++newest_picture_;
    ++newest_tl0_;
  }
  const auto picture = static_cast<std::uint16_t>(picture_in + picture_offset_);
  const auto tl0 = static_cast<std::uint8_t>(tl0_in + tl0_offset_);
  rewrite_vp8(payload, descriptor, picture & 0x7FFF, tl0);
  if (descriptor.picture_id) {
    // Serial numbers of 15 or 7 bits: ahead by less than half of them is newer.
    const std::uint16_t mask = descriptor.picture_id_15_bits ? 0x7FFF : 0x7F;
    const auto ahead = static_cast<std::uint16_t>((picture - newest_picture_) & mask);
    if (ahead <= mask / 2) newest_picture_ = static_cast<std::uint16_t>(newest_picture_ + ahead);
  }
  if (descriptor.tl0_picture_index && static_cast<std::int8_t>(tl0 - newest_tl0_) > 0) newest_tl0_ = tl0;
}

}  // namespace tw::media
