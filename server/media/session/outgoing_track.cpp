#include "media/session/outgoing_track.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/byte_order.hpp"
#include "media/stream/ntp_time.hpp"
#include "media/stream/retransmission_buffer.hpp"

namespace tw::media {

OutgoingTrack::OutgoingTrack(const NegotiatedMedia& negotiated, Random& random)
    : negotiated_(negotiated),
      rewriter_(negotiated.clock_rate_hz, negotiated.kind == Kind::video, static_cast<std::uint16_t>(random.u32()),
                random.u32()),
      next_rtx_sequence_(static_cast<std::uint16_t>(random.u32() & 0x7FFF)) {}

std::size_t OutgoingTrack::write_header(const RewrittenPacket& rewritten, const MediaPacket& packet,
                                        std::uint8_t payload_type, std::span<std::uint8_t> out, SteadyTime now) const {
  const RtpExtensionIds& ids = negotiated_.extensions;
  std::array<RtpExtension, 4> extensions;
  std::size_t count = 0;
  constexpr std::size_t kMaxExtensionBytes = 16;        // RFC 8285 section 4.2
  constexpr std::array<std::uint8_t, 2> kUnnumbered{};  // `stamp` fills it in
  if (ids.mid != 0 && !negotiated_.mid.empty() && negotiated_.mid.size() <= kMaxExtensionBytes)
    extensions[count++] = {ids.mid, as_bytes(negotiated_.mid)};
  if (ids.transport_sequence != 0) extensions[count++] = {ids.transport_sequence, kUnnumbered};
  std::array<std::uint8_t, 3> send_time{};
  if (ids.abs_send_time != 0) {
    store_be24(send_time.data(),
               abs_send_time(std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch())));
    extensions[count++] = {ids.abs_send_time, send_time};
  }
  if (ids.video_orientation != 0 && packet.rotation_extension)
    extensions[count++] = {ids.video_orientation, ByteView(&*packet.rotation_extension, 1)};
  const RtpHeader header{packet.header.marker, payload_type, rewritten.sequence, rewritten.timestamp, negotiated_.ssrc};
  return write_rtp_header(out, header, std::span(extensions).first(count));
}

std::size_t OutgoingTrack::write(const TrackInfo& source, const MediaPacket& packet, std::span<std::uint8_t> out,
                                 SteadyTime now) {
  if (source.codec != negotiated_.codec || withheld_) return 0;
  const bool takes_over = source.number != source_;
  if (takes_over && packet.layer != std::min<std::uint8_t>(wanted_layer_, packet.layers - 1U)) return 0;
  if (takes_over && source.number != candidate_) {
    candidate_ = source.number;
    candidate_run_ = std::max(candidate_run_, run_) + 1;
  }
  const auto rewritten = rewriter_.rewrite(
      {takes_over ? candidate_run_ : run_, packet.sequence, packet.header.timestamp, packet.keyframe_start}, now);
  if (!rewritten) return 0;
  if (takes_over) {
    run_ = candidate_run_;
    candidate_ = 0;
    ++takeovers_;
    source_ = source.number;
    layer_ = packet.layer;
  }
  const std::uint8_t payload_type = negotiated_.red_payload_type.value_or(negotiated_.payload_type);
  const std::size_t header_bytes = write_header(*rewritten, packet, payload_type, out, now);
  if (header_bytes == 0) return 0;
  const auto room = out.subspan(header_bytes, std::min(out.size(), kMaxPacketBytes) - header_bytes);
  const std::size_t payload_bytes = write_payload(packet.header.payload, *rewritten, room);
  const std::size_t total = header_bytes + payload_bytes;
  if (payload_bytes == 0 && !packet.header.payload.empty()) return 0;
  const auto payload = room.first(payload_bytes);
  if (packet.vp8) vp8_.rewrite(payload, *packet.vp8, rewritten->source_began);
  newest_timestamp_ = rewritten->timestamp;
  ++packets_;
  octets_ += static_cast<std::uint32_t>(payload.size());
  bytes_ += total;
  return total;
}

void OutgoingTrack::withhold(bool withheld) {
  if (withheld == withheld_) return;
  withheld_ = withheld;
  rewriter_.pause();
}

void OutgoingTrack::stamp(std::span<std::uint8_t> packet, std::uint16_t transport_sequence) const {
  if (negotiated_.extensions.transport_sequence == 0) return;
  const auto view = RtpPacketView::parse_header(packet);
  const auto value = view ? view->extension(negotiated_.extensions.transport_sequence) : std::nullopt;
  if (!value || value->size() < 2) return;
  store_be<std::uint16_t>(packet.data() + (value->data() - packet.data()), transport_sequence);
}

std::size_t OutgoingTrack::write_padding(std::span<std::uint8_t> out, SteadyTime now) {
  if (!negotiated_.rtx_payload_type || packets_ == 0) return 0;
  constexpr std::size_t kPadding = 255;  // one octet counts it (RFC 3550 section 5.1)
  const RewrittenPacket place{next_rtx_sequence_, newest_timestamp_, false};
  const std::size_t header_bytes = write_header(place, MediaPacket{}, *negotiated_.rtx_payload_type, out, now);
  if (header_bytes == 0 || header_bytes + kPadding > out.size()) return 0;
  out[0] = static_cast<std::uint8_t>(out[0] | 0x20);
  store_be<std::uint32_t>(out.data() + 8, negotiated_.rtx_ssrc);
  std::ranges::fill(out.subspan(header_bytes, kPadding), std::uint8_t{0});
  out[header_bytes + kPadding - 1] = static_cast<std::uint8_t>(kPadding);
  ++next_rtx_sequence_;
  return header_bytes + kPadding;
}

/// The payload as it came, or with what it repeats. Its length; 0 where it does not fit.
std::size_t OutgoingTrack::write_payload(ByteView payload, const RewrittenPacket& place, std::span<std::uint8_t> out) {
  if (negotiated_.red_payload_type) {
    return repeater_.wrap(out, payload, negotiated_.payload_type, place.sequence, place.timestamp, fraction_lost_);
  }
  if (payload.size() > out.size()) return 0;
  if (!payload.empty()) std::memcpy(out.data(), payload.data(), payload.size());
  return payload.size();
}

std::optional<std::uint64_t> OutgoingTrack::source_sequence(std::uint16_t sequence) const {
  if (!negotiated_.rtx_payload_type || negotiated_.red_payload_type || withheld_) return std::nullopt;
  return rewriter_.source_sequence(sequence);
}

std::size_t OutgoingTrack::write_retransmission(std::uint16_t sequence, const MediaPacket& original,
                                                std::span<std::uint8_t> out, SteadyTime now,
                                                const RetransmissionLimiter::Limits& limits) {
  const auto offset = rewriter_.timestamp_offset(run_);
  if (!negotiated_.rtx_payload_type || !offset) return 0;
  const RewrittenPacket place{next_rtx_sequence_, original.header.timestamp + *offset, false};
  const std::size_t header_bytes = write_header(place, original, *negotiated_.rtx_payload_type, out, now);
  const ByteView payload = original.header.payload;
  const std::size_t total = header_bytes + kOriginalSequenceBytes + payload.size();
  if (header_bytes == 0 || total > out.size() || !resending_.take(sequence, total, now, limits)) return 0;
  store_be<std::uint32_t>(out.data() + 8, negotiated_.rtx_ssrc);
  store_be<std::uint16_t>(out.data() + header_bytes, sequence);
  const auto copy = out.subspan(header_bytes + kOriginalSequenceBytes, payload.size());
  std::ranges::copy(payload, copy.begin());
  if (original.vp8) vp8_.rewrite_again(copy, *original.vp8);
  ++next_rtx_sequence_;
  bytes_ += total;
  return total;
}

std::optional<SenderReport> OutgoingTrack::report(TrackNumber source, std::uint32_t source_timestamp,
                                                  WallTime now) const {
  if (source != source_) return std::nullopt;
  const auto offset = rewriter_.timestamp_offset(run_);
  if (!offset) return std::nullopt;
  return SenderReport{negotiated_.ssrc, to_ntp(now), source_timestamp + *offset, packets_, octets_};
}

}  // namespace tw::media
