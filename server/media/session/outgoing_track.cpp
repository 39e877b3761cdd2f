#include "media/session/outgoing_track.hpp"

#include <algorithm>
#include <array>

#include "media/stream/ntp_time.hpp"

namespace tw::media {

OutgoingTrack::OutgoingTrack(const NegotiatedMedia& negotiated, Random& random)
    : negotiated_(negotiated),
      rewriter_(negotiated.clock_rate_hz, negotiated.kind == Kind::video, static_cast<std::uint16_t>(random.u32()),
                random.u32()),
      next_rtx_sequence_(static_cast<std::uint16_t>(random.u32() & 0x7FFF)) {}

std::size_t OutgoingTrack::write(const TrackInfo& source, const MediaPacket& packet, std::span<std::uint8_t> out,
                                 SteadyTime now) {
  if (source.codec != negotiated_.codec) return 0;
  const auto rewritten =
      rewriter_.rewrite({source.number, packet.sequence, packet.header.timestamp, packet.keyframe_start}, now);
  if (!rewritten) return 0;

  std::array<RtpExtension, 2> extensions;
  std::size_t extension_count = 0;
  constexpr std::size_t kMaxExtensionBytes = 16;  // RFC 8285 section 4.2
  if (negotiated_.extensions.mid != 0 && !negotiated_.mid.empty() && negotiated_.mid.size() <= kMaxExtensionBytes) {
    extensions[extension_count++] = {negotiated_.extensions.mid, as_bytes(negotiated_.mid)};
  }
  if (negotiated_.extensions.video_orientation != 0 && packet.rotation_extension) {
    extensions[extension_count++] = {negotiated_.extensions.video_orientation, ByteView(&*packet.rotation_extension, 1)};
  }
  const RtpHeader header{packet.header.marker, negotiated_.payload_type, rewritten->sequence, rewritten->timestamp,
                         negotiated_.ssrc};
  const std::size_t header_bytes = write_rtp_header(out, header, std::span(extensions).first(extension_count));
  const std::size_t total = header_bytes + packet.header.payload.size();
  if (header_bytes == 0 || total > kMaxPacketBytes || total > out.size()) return 0;
  const auto payload = out.subspan(header_bytes, packet.header.payload.size());
  std::ranges::copy(packet.header.payload, payload.begin());
  if (packet.vp8) vp8_.rewrite(payload, *packet.vp8, rewritten->source_began);
  if (negotiated_.rtx_payload_type) sent_.store(rewritten->sequence, out.first(total), now);
  ++packets_;
  octets_ += static_cast<std::uint32_t>(payload.size());
  bytes_ += total;
  return total;
}

std::size_t OutgoingTrack::write_retransmission(std::uint16_t sequence, std::span<std::uint8_t> out, SteadyTime now,
                                                std::chrono::microseconds round_trip) {
  if (!negotiated_.rtx_payload_type) return 0;
  const ByteView packet = sent_.take(sequence, now, round_trip);
  if (packet.empty()) return 0;
  const std::size_t total =
      write_rtx(out, packet, negotiated_.rtx_ssrc, *negotiated_.rtx_payload_type, next_rtx_sequence_);
  if (total == 0) return 0;
  ++next_rtx_sequence_;
  bytes_ += total;
  return total;
}

std::optional<SenderReport> OutgoingTrack::report(TrackNumber source, std::uint32_t source_timestamp,
                                                  WallTime now) const {
  const auto offset = rewriter_.timestamp_offset(source);
  if (!offset) return std::nullopt;
  return SenderReport{negotiated_.ssrc, to_ntp(now), source_timestamp + *offset, packets_, octets_};
}

}  // namespace tw::media
