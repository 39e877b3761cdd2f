#include "recording/frame_payload.hpp"

#include <array>

#include "base/byte_order.hpp"
#include "media/wire/vp8_payload.hpp"

namespace tw::recording {
namespace {

constexpr std::array<std::uint8_t, 4> kStartCode{0, 0, 0, 1};
constexpr std::uint8_t kStapA = 24;
constexpr std::uint8_t kFuA = 28;

void append(Bytes& frame, ByteView bytes) { frame.insert(frame.end(), bytes.begin(), bytes.end()); }

void append_unit(Bytes& frame, ByteView unit) {
  append(frame, kStartCode);
  append(frame, unit);
}

bool append_aggregate(ByteView units, Bytes& frame) {
  while (!units.empty()) {
    if (units.size() < 2) return false;
    const std::size_t size = load_be<std::uint16_t>(units.data());
    if (size == 0 || units.size() < 2 + size) return false;
    append_unit(frame, units.subspan(2, size));
    units = units.subspan(2 + size);
  }
  return true;
}

bool append_fragment(ByteView payload, Bytes& frame) {
  if (payload.size() < 3) return false;
  const std::uint8_t header = payload[1];
  if ((header & 0x80) != 0) {
    append(frame, kStartCode);
    frame.push_back(static_cast<std::uint8_t>((payload[0] & 0xE0) | (header & 0x1F)));
  }
  append(frame, payload.subspan(2));
  return true;
}

bool append_h264(ByteView payload, Bytes& frame) {
  if (payload.empty()) return false;
  const std::uint8_t type = payload[0] & 0x1F;
  if (type == kStapA) return append_aggregate(payload.subspan(1), frame);
  if (type == kFuA) return append_fragment(payload, frame);
  if (type == 0 || type > 23) return false;
  append_unit(frame, payload);
  return true;
}

}  // namespace

bool append_frame_payload(media::Codec codec, ByteView payload, Bytes& frame) {
  if (codec == media::Codec::h264) return append_h264(payload, frame);
  if (codec != media::Codec::vp8) return false;
  const auto descriptor = media::Vp8Payload::parse(payload);
  if (!descriptor) return false;
  append(frame, payload.subspan(descriptor->descriptor_bytes));
  return true;
}

}  // namespace tw::recording
