// VP8 payload descriptors: what is rewritten must read as rewritten, and nothing else may change.
#include <algorithm>

#include "fuzz/fuzz_input.hpp"
#include "media/wire/vp8_payload.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tw::media::Vp8Payload;
  tw::Bytes payload(data, data + size);
  const auto before = Vp8Payload::parse(payload);
  if (!before) return 0;
  tw::fuzz::require(before->descriptor_bytes < size);
  tw::media::rewrite_vp8(payload, *before, 0x1234, 0x56);
  const auto after = Vp8Payload::parse(payload);
  tw::fuzz::require(after && after->descriptor_bytes == before->descriptor_bytes);
  tw::fuzz::require(after->picture_id.has_value() == before->picture_id.has_value());
  if (after->picture_id) tw::fuzz::require(*after->picture_id == (after->picture_id_15_bits ? 0x1234 : 0x34));
  if (before->tl0_picture_index) tw::fuzz::require(after->tl0_picture_index == 0x56);
  const auto body = static_cast<std::ptrdiff_t>(before->descriptor_bytes);
  tw::fuzz::require(std::equal(payload.begin() + body, payload.end(), data + body));
  tw::fuzz::require(after->keyframe == before->keyframe && after->width == before->width);
  return 0;
}
