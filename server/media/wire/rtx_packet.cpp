#include "media/wire/rtx_packet.hpp"

#include <algorithm>
#include <cstring>

#include "base/byte_order.hpp"
#include "media/wire/rtp_packet.hpp"

namespace tw::media {
namespace {

constexpr std::uint8_t kPaddingBit = 0x20;
constexpr std::uint8_t kMarkerBit = 0x80;

void set_payload_type(std::uint8_t* packet, std::uint8_t payload_type) {
  packet[1] = static_cast<std::uint8_t>((packet[1] & kMarkerBit) | payload_type);
}

}  // namespace

std::size_t write_rtx(std::span<std::uint8_t> out, ByteView original, std::uint8_t payload_type, std::uint32_t ssrc,
                      std::uint16_t sequence) {
  const auto view = RtpPacketView::parse(original);
  if (!view) return 0;
  const std::size_t total = view->header_bytes + kRtxHeaderBytes + view->payload.size();
  if (out.size() < total) return 0;
  std::copy_n(original.begin(), view->header_bytes, out.begin());
  out[0] = static_cast<std::uint8_t>(out[0] & ~kPaddingBit);
  set_payload_type(out.data(), payload_type);
  store_be<std::uint16_t>(out.data() + 2, sequence);
  store_be<std::uint32_t>(out.data() + 8, ssrc);
  store_be<std::uint16_t>(out.data() + view->header_bytes, view->sequence);
  std::ranges::copy(view->payload, out.begin() + static_cast<std::ptrdiff_t>(view->header_bytes + kRtxHeaderBytes));
  return total;
}

std::optional<std::size_t> restore_from_rtx(std::span<std::uint8_t> packet, std::uint8_t payload_type,
                                            std::uint32_t ssrc) {
  const auto view = RtpPacketView::parse(packet);
  if (!view || view->payload.size() < kRtxHeaderBytes) return std::nullopt;
  const auto sequence = load_be<std::uint16_t>(view->payload.data());
  const std::size_t payload_bytes = view->payload.size() - kRtxHeaderBytes;
  std::uint8_t* payload = packet.data() + view->header_bytes;
  std::memmove(payload, payload + kRtxHeaderBytes, payload_bytes);
  packet[0] = static_cast<std::uint8_t>(packet[0] & ~kPaddingBit);
  set_payload_type(packet.data(), payload_type);
  store_be<std::uint16_t>(packet.data() + 2, sequence);
  store_be<std::uint32_t>(packet.data() + 8, ssrc);
  return view->header_bytes + payload_bytes;
}

}  // namespace tw::media
