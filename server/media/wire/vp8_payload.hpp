#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/encoding.hpp"

namespace tw::media {

/// The VP8 payload descriptor (RFC 7741 section 4.2) and, at the start of a frame, what its header says.
struct Vp8Payload {
  std::size_t descriptor_bytes = 0;
  bool start_of_partition = false;
  std::uint8_t partition = 0;
  std::optional<std::uint16_t> picture_id;
  bool picture_id_15_bits = false;
  std::size_t picture_id_offset = 0;
  std::optional<std::uint8_t> tl0_picture_index;
  std::size_t tl0_picture_index_offset = 0;
  std::uint8_t temporal_layer = 0;
  bool keyframe = false;    ///< only meaningful where frame_start()
  std::uint16_t width = 0;  ///< of a keyframe, from its header (RFC 6386 section 9.1)
  std::uint16_t height = 0;

  [[nodiscard]] bool frame_start() const { return start_of_partition && partition == 0; }
  [[nodiscard]] static std::optional<Vp8Payload> parse(ByteView payload);
};

/// Writes another PictureID (kept in its 7 or 15 bits) and TL0PICIDX into a payload that was parsed as `descriptor`.
void rewrite_vp8(std::span<std::uint8_t> payload, const Vp8Payload& descriptor, std::uint16_t picture_id,
                 std::uint8_t tl0_picture_index);

}  // namespace tw::media
