#include "media/peer/peer_outgoing.hpp"

#include <algorithm>
#include <utility>

#include "base/byte_order.hpp"
#include "media/stream/ntp_time.hpp"
#include "media/wire/rtp_packet.hpp"

namespace tw::media {
namespace {

/// The place of an extension's value inside `packet`; empty when it has none.
std::span<std::uint8_t> extension_in(std::span<std::uint8_t> packet, const RtpPacketView& view, std::uint8_t id) {
  const auto value = id == 0 ? std::nullopt : view.extension(id);
  if (!value) return {};
  return packet.subspan(static_cast<std::size_t>(value->data() - packet.data()), value->size());
}

}  // namespace

PeerOutgoing::PeerOutgoing(PeerMedium medium, Random& random)
    : medium_(std::move(medium)),
      // Below 2^15, so that a receiver which misses the first packets guesses the right roll-over counter.
      next_sequence_(static_cast<std::uint16_t>(random.u32() & 0x7FFF)),
      next_rtx_sequence_(static_cast<std::uint16_t>(random.u32() & 0x7FFF)) {}

/// What differs between a packet and its retransmission.
void PeerOutgoing::stamp(std::span<std::uint8_t> packet, PeerTransportSequence& transport, SteadyTime now) const {
  const auto view = RtpPacketView::parse_header(packet);
  if (!view) return;
  if (const auto value = extension_in(packet, *view, medium_.extensions.transport_sequence); value.size() == 2) {
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
    store_be<std::uint16_t>(value.data(), transport.sent.add(micros, packet.size(), 0));
  }
  if (const auto value = extension_in(packet, *view, medium_.extensions.abs_send_time); value.size() == 3) {
    store_be24(value.data(),
               abs_send_time(std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch())));
  }
}

std::size_t PeerOutgoing::build(std::span<std::uint8_t> out, ByteView payload, std::uint32_t timestamp, bool marker,
                                std::optional<Rotation> rotation, PeerTransportSequence& transport, SteadyTime now) {
  const std::array<std::uint8_t, 3> zeros{};
  const std::uint8_t orientation = video_orientation_octet(rotation.value_or(Rotation::none));
  std::array<RtpExtension, 5> extensions{};
  std::size_t count = 0;
  const auto add = [&](std::uint8_t id, ByteView value) {
    if (id != 0) extensions[count++] = {id, value};
  };
  add(medium_.extensions.mid, as_bytes(medium_.mid));
  add(medium_.extensions.transport_sequence, ByteView(zeros).first(2));
  add(medium_.extensions.abs_send_time, zeros);
  if (!medium_.rid.empty()) add(medium_.extensions.stream_id, as_bytes(medium_.rid));
  if (rotation) add(medium_.extensions.video_orientation, {&orientation, 1});
  const RtpHeader header{.marker = marker,
                         .payload_type = medium_.payload_type,
                         .sequence = next_sequence_,
                         .timestamp = timestamp,
                         .ssrc = medium_.ssrc};
  const std::size_t header_bytes = write_rtp_header(out, header, std::span(extensions).first(count));
  if (header_bytes == 0 || out.size() - header_bytes < payload.size()) return 0;
  std::ranges::copy(payload, out.begin() + static_cast<std::ptrdiff_t>(header_bytes));
  const std::size_t bytes = header_bytes + payload.size();
  stamp(out.first(bytes), transport, now);
  if (medium_.nack && medium_.rtx_payload_type != 0) sent_.store(next_sequence_, out.first(bytes), now);
  ++next_sequence_;
  ++packets_;
  bytes_ += static_cast<std::uint32_t>(payload.size());
  last_timestamp_ = timestamp;
  last_sent_ = now;
  return bytes;
}

std::size_t PeerOutgoing::build_retransmission(std::span<std::uint8_t> out, std::uint16_t sequence,
                                               std::chrono::microseconds round_trip, PeerTransportSequence& transport,
                                               SteadyTime now) {
  if (medium_.rtx_payload_type == 0) return 0;
  const ByteView original = sent_.take(sequence, now, {round_trip});
  if (original.empty()) return 0;
  const std::size_t bytes = write_rtx(out, original, medium_.rtx_ssrc, medium_.rtx_payload_type, next_rtx_sequence_);
  if (bytes == 0) return 0;
  ++next_rtx_sequence_;
  const auto view = RtpPacketView::parse_header(out.first(bytes));
  if (const auto name = extension_in(out.first(bytes), *view, medium_.extensions.stream_id); !name.empty()) {
    // A retransmission names the layer that it repairs (RFC 8852 section 3.2); its length stays.
    std::uint8_t* head = name.data() - 1;
    *head = static_cast<std::uint8_t>(medium_.extensions.repaired_stream_id << 4 | (*head & 0x0F));
  }
  stamp(out.first(bytes), transport, now);
  return bytes;
}

std::optional<SenderReport> PeerOutgoing::report(SteadyTime now, WallTime wall) const {
  if (packets_ == 0) return std::nullopt;
  // The timestamp that a frame captured now would have (RFC 3550 section 6.4.1).
  const auto since = std::chrono::duration_cast<std::chrono::microseconds>(now - last_sent_);
  const auto advance = static_cast<std::uint32_t>(since.count() * medium_.clock_rate_hz / 1'000'000);
  return SenderReport{.ssrc = medium_.ssrc,
                      .ntp = to_ntp(wall),
                      .timestamp = last_timestamp_ + advance,
                      .packets = packets_,
                      .bytes = bytes_};
}

}  // namespace tw::media
