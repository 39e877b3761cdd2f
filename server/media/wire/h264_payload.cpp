#include "media/wire/h264_payload.hpp"

#include "base/byte_order.hpp"

namespace tw::media {
namespace {

constexpr std::uint8_t kIdr = 5;
constexpr std::uint8_t kSps = 7;
constexpr std::uint8_t kStapA = 24;
constexpr std::uint8_t kFuA = 28;

void note(H264Payload& result, std::uint8_t nal_type) {
  result.idr = result.idr || nal_type == kIdr;
  result.parameter_sets = result.parameter_sets || nal_type == kSps;
}

void append_start_code(Bytes& out) { out.insert(out.end(), {0, 0, 0, 1}); }

}  // namespace

std::optional<H264Payload> H264Payload::parse(ByteView payload) {
  if (payload.empty()) return std::nullopt;
  const std::uint8_t type = payload[0] & 0x1F;
  H264Payload result;
  if (type >= 1 && type <= 23) {
    note(result, type);
    return result;
  }
  if (type == kStapA) {
    result.packetization = H264Packetization::aggregate;
    std::size_t at = 1;
    while (at < payload.size()) {
      if (at + 3 > payload.size()) return std::nullopt;
      const std::size_t length = load_be<std::uint16_t>(payload.data() + at);
      if (length == 0 || at + 2 + length > payload.size()) return std::nullopt;
      note(result, payload[at + 2] & 0x1F);
      at += 2 + length;
    }
    if (at == 1) return std::nullopt;
    return result;
  }
  if (type != kFuA || payload.size() < 3) return std::nullopt;
  if (const std::uint8_t inner = payload[1] & 0x1F; inner == 0 || inner > 23) return std::nullopt;
  result.packetization = H264Packetization::fragment;
  result.fragment_start = (payload[1] & 0x80) != 0;
  result.fragment_end = (payload[1] & 0x40) != 0;
  note(result, payload[1] & 0x1F);
  return result;
}

void append_annex_b(ByteView payload, const H264Payload& parsed, Bytes& out) {
  switch (parsed.packetization) {
    case H264Packetization::single:
      append_start_code(out);
      out.insert(out.end(), payload.begin(), payload.end());
      return;
    case H264Packetization::aggregate:
      for (std::size_t at = 1; at + 2 < payload.size();) {
        const std::size_t length = load_be<std::uint16_t>(payload.data() + at);
        append_start_code(out);
        const auto unit = payload.subspan(at + 2, length);
        out.insert(out.end(), unit.begin(), unit.end());
        at += 2 + length;
      }
      return;
    case H264Packetization::fragment:
      if (parsed.fragment_start) {
        append_start_code(out);
        out.push_back(static_cast<std::uint8_t>((payload[0] & 0xE0) | (payload[1] & 0x1F)));
      }
      out.insert(out.end(), payload.begin() + 2, payload.end());
      return;
  }
}

}  // namespace tw::media
