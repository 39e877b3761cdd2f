#include "media/stream/retransmission_buffer.hpp"

#include <algorithm>
#include <cstring>

#include "base/byte_order.hpp"

namespace tw::media {

ByteView RetransmissionBuffer::take(std::uint16_t sequence, SteadyTime now,
                                    const RetransmissionLimiter::Limits& limits) {
  const ByteView packet = sent_.find(sequence, now);
  if (packet.empty() || !limiter_.take(sequence, packet.size(), now, limits)) return {};
  return packet;
}

std::size_t write_rtx(std::span<std::uint8_t> out, ByteView packet, std::uint32_t rtx_ssrc,
                      std::uint8_t rtx_payload_type, std::uint16_t rtx_sequence) {
  const auto view = RtpPacketView::parse_header(packet);
  if (!view || packet.size() + kOriginalSequenceBytes > out.size()) return 0;
  std::ranges::copy(packet.first(view->header_bytes), out.begin());
  out[1] = static_cast<std::uint8_t>((packet[1] & 0x80) | rtx_payload_type);
  store_be<std::uint16_t>(out.data() + 2, rtx_sequence);
  store_be<std::uint32_t>(out.data() + 8, rtx_ssrc);
  store_be<std::uint16_t>(out.data() + view->header_bytes, view->sequence);
  std::ranges::copy(view->payload,
                    out.begin() + static_cast<std::ptrdiff_t>(view->header_bytes + kOriginalSequenceBytes));
  return packet.size() + kOriginalSequenceBytes;
}

std::size_t RtxReceiver::restore(std::span<std::uint8_t> packet) const {
  const auto view = RtpPacketView::parse(packet);
  if (!view || view->payload.size() <= kOriginalSequenceBytes) return 0;
  const auto original = load_be<std::uint16_t>(view->payload.data());
  const std::size_t payload_bytes = view->payload.size() - kOriginalSequenceBytes;
  std::uint8_t* payload = packet.data() + view->header_bytes;
  std::memmove(payload, payload + kOriginalSequenceBytes, payload_bytes);
  packet[0] = static_cast<std::uint8_t>(packet[0] & ~0x20U);  // padding belonged to the retransmission
  packet[1] = static_cast<std::uint8_t>((packet[1] & 0x80) | media_payload_type_);
  store_be<std::uint16_t>(packet.data() + 2, original);
  store_be<std::uint32_t>(packet.data() + 8, media_ssrc_);
  return view->header_bytes + payload_bytes;
}

}  // namespace tw::media
