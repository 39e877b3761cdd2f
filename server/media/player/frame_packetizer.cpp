#include "media/player/frame_packetizer.hpp"

#include <algorithm>

#include "base/byte_order.hpp"

namespace tw::media {
namespace {

constexpr std::size_t kVp8DescriptorBytes = 4;
constexpr std::uint8_t kStapA = 24;
constexpr std::uint8_t kFuA = 28;
constexpr std::size_t kFuHeaderBytes = 2;
constexpr std::size_t kStapLengthBytes = 2;
constexpr std::uint8_t kNalTypeMask = 0x1F;
constexpr std::uint8_t kNalReferenceMask = 0x60;

std::size_t copy(ByteView from, std::span<std::uint8_t> out) {
  std::ranges::copy(from, out.begin());
  return from.size();
}

/// Equal parts make equal packets, which leave the machine in one go (UDP GSO).
std::size_t equal_part(std::size_t bytes, std::size_t room) {
  const std::size_t parts = (bytes + room - 1) / room;
  return parts == 0 ? 0 : (bytes + parts - 1) / parts;
}

}  // namespace

void FramePacketizer::begin(ByteView frame) {
  frame_ = frame;
  at_ = 0;
  unit_ = {};
  unit_at_ = 0;
  picture_id_ = static_cast<std::uint16_t>((picture_id_ + 1) & 0x7FFF);
  if (codec_ == Codec::vp8) part_bytes_ = equal_part(frame.size(), kMaxPayloadBytes - kVp8DescriptorBytes);
}

std::size_t FramePacketizer::next(std::span<std::uint8_t> out) {
  if (done() || out.size() < kMaxPayloadBytes) return 0;
  if (codec_ == Codec::vp8) return next_vp8(out);
  if (codec_ == Codec::h264) return next_h264(out);
  at_ = frame_.size();
  return frame_.size() <= out.size() ? copy(frame_, out) : 0;
}

std::size_t FramePacketizer::next_vp8(std::span<std::uint8_t> out) {
  const std::size_t bytes = std::min(part_bytes_, frame_.size() - at_);
  out[0] = static_cast<std::uint8_t>(0x80 | (at_ == 0 ? 0x10 : 0));  // X, and S where the frame starts
  out[1] = 0x80;                                                     // I: a PictureID follows
  store_be<std::uint16_t>(out.data() + 2, static_cast<std::uint16_t>(0x8000 | picture_id_));
  copy(frame_.subspan(at_, bytes), out.subspan(kVp8DescriptorBytes));
  at_ += bytes;
  return kVp8DescriptorBytes + bytes;
}

ByteView FramePacketizer::unit_behind(std::size_t at) const {
  if (at + kNalLengthBytes > frame_.size()) return {};
  const std::size_t bytes = load_be<std::uint32_t>(frame_.data() + at);
  if (bytes > frame_.size() - at - kNalLengthBytes) return {};
  return frame_.subspan(at + kNalLengthBytes, bytes);
}

std::size_t FramePacketizer::next_h264(std::span<std::uint8_t> out) {
  if (unit_at_ < unit_.size()) return next_fragment(out);
  const ByteView unit = unit_behind(at_);
  if (unit.empty()) {
    at_ = frame_.size();
    return 0;
  }
  if (unit.size() <= kMaxPayloadBytes) {
    if (const std::size_t bytes = aggregate(out); bytes > 0) return bytes;
    at_ += kNalLengthBytes + unit.size();
    return copy(unit, out);
  }
  at_ += kNalLengthBytes + unit.size();
  unit_ = unit;
  unit_at_ = 1;  // its header travels in those of the fragments
  part_bytes_ = equal_part(unit.size() - unit_at_, kMaxPayloadBytes - kFuHeaderBytes);
  return next_fragment(out);
}

/// Several small units in one packet; 0 when only one fits.
std::size_t FramePacketizer::aggregate(std::span<std::uint8_t> out) {
  std::size_t at = at_;
  std::size_t written = 1;
  std::uint8_t reference = 0;
  unsigned units = 0;
  for (;;) {
    const ByteView unit = unit_behind(at);
    if (unit.empty() || written + kStapLengthBytes + unit.size() > kMaxPayloadBytes) break;
    reference = std::max<std::uint8_t>(reference, unit[0] & kNalReferenceMask);
    store_be<std::uint16_t>(out.data() + written, static_cast<std::uint16_t>(unit.size()));
    written += kStapLengthBytes;
    written += copy(unit, out.subspan(written));
    at += kNalLengthBytes + unit.size();
    ++units;
  }
  if (units < 2) return 0;
  out[0] = static_cast<std::uint8_t>(reference | kStapA);
  at_ = at;
  return written;
}

std::size_t FramePacketizer::next_fragment(std::span<std::uint8_t> out) {
  const std::size_t left = unit_.size() - unit_at_;
  const std::size_t bytes = std::min(part_bytes_, left);
  const bool first = unit_at_ == 1;
  const bool last = bytes == left;
  out[0] = static_cast<std::uint8_t>((unit_[0] & kNalReferenceMask) | kFuA);
  out[1] = static_cast<std::uint8_t>((first ? 0x80 : 0) | (last ? 0x40 : 0) | (unit_[0] & kNalTypeMask));
  copy(unit_.subspan(unit_at_, bytes), out.subspan(kFuHeaderBytes));
  unit_at_ += bytes;
  return kFuHeaderBytes + bytes;
}

}  // namespace tw::media
