#include "media/wire/vp8_payload.hpp"

#include "base/byte_order.hpp"

namespace tw::media {
namespace {

constexpr std::size_t kKeyframeHeaderBytes = 10;
constexpr std::uint32_t kStartCode = 0x9D012A;

void read_frame_header(ByteView frame, Vp8Payload& result) {
  if (frame.empty()) return;
  result.keyframe = (frame[0] & 1) == 0;
  if (!result.keyframe || frame.size() < kKeyframeHeaderBytes) return;
  if (load_be24(frame.data() + 3) != kStartCode) return;
  result.width = static_cast<std::uint16_t>((frame[6] | frame[7] << 8) & 0x3FFF);
  result.height = static_cast<std::uint16_t>((frame[8] | frame[9] << 8) & 0x3FFF);
}

/// The optional fields behind the first octet. False when the payload ends inside them.
bool read_extended(ByteView payload, std::size_t& at, Vp8Payload& result) {
  if (at >= payload.size()) return false;
  const std::uint8_t flags = payload[at++];
  if ((flags & 0x80) != 0) {
    if (at >= payload.size()) return false;
    result.picture_id_offset = at;
    result.picture_id_15_bits = (payload[at] & 0x80) != 0;
    if (result.picture_id_15_bits) {
      if (at + 1 >= payload.size()) return false;
      result.picture_id = static_cast<std::uint16_t>(load_be<std::uint16_t>(payload.data() + at) & 0x7FFF);
      at += 2;
    } else {
      result.picture_id = payload[at++];
    }
  }
  if ((flags & 0x40) != 0) {
    if (at >= payload.size()) return false;
    result.tl0_picture_index_offset = at;
    result.tl0_picture_index = payload[at++];
  }
  if ((flags & 0x30) != 0) {
    if (at >= payload.size()) return false;
    if ((flags & 0x20) != 0) result.temporal_layer = payload[at] >> 6;
    ++at;
  }
  return true;
}

}  // namespace

std::optional<Vp8Payload> Vp8Payload::parse(ByteView payload) {
  if (payload.empty()) return std::nullopt;
  Vp8Payload result;
  result.start_of_partition = (payload[0] & 0x10) != 0;
  result.partition = payload[0] & 0x07;
  std::size_t at = 1;
  if ((payload[0] & 0x80) != 0 && !read_extended(payload, at, result)) return std::nullopt;
  if (at >= payload.size()) return std::nullopt;  // a descriptor without a frame
  result.descriptor_bytes = at;
  if (result.frame_start()) read_frame_header(payload.subspan(at), result);
  return result;
}

void rewrite_vp8(std::span<std::uint8_t> payload, const Vp8Payload& descriptor, std::uint16_t picture_id,
                 std::uint8_t tl0_picture_index) {
  if (descriptor.picture_id) {
    std::uint8_t* p = payload.data() + descriptor.picture_id_offset;
    if (descriptor.picture_id_15_bits) {
      store_be<std::uint16_t>(p, static_cast<std::uint16_t>(picture_id | 0x8000));
    } else {
      *p = static_cast<std::uint8_t>(picture_id & 0x7F);
    }
  }
  if (descriptor.tl0_picture_index) payload[descriptor.tl0_picture_index_offset] = tl0_picture_index;
}

}  // namespace tw::media
