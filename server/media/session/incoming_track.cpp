#include "media/session/incoming_track.hpp"

#include <algorithm>

#include "base/byte_order.hpp"
#include "media/session/packet_recall.hpp"
#include "media/wire/h264_payload.hpp"

namespace tw::media {
namespace {

/// 3GPP TS 26.114 section 7.4.5: the two lowest bits turn by 90° steps.
Rotation to_rotation(std::uint8_t extension) {
  constexpr Rotation kSteps[] = {Rotation::none, Rotation::clockwise_90, Rotation::clockwise_180,
                                 Rotation::clockwise_270};
  return kSteps[extension & 3];
}

}  // namespace

IncomingTrack::IncomingTrack(TrackInfo info, const NegotiatedMedia& negotiated, std::uint8_t layer)
    : info_(std::move(info)),
      negotiated_(negotiated),
      layer_(layer),
      statistics_(negotiated.clock_rate_hz),
      clock_(negotiated.clock_rate_hz) {}

std::optional<MediaPacket> IncomingTrack::receive(std::span<std::uint8_t> packet, const RtpPacketView& header,
                                                  MediaTime now) {
  // An SSRC has one sequence and one clock; another one, where it is signalled, gets a track of its own.
  if (!ssrc_) ssrc_ = header.ssrc;
  if (*ssrc_ != header.ssrc) return std::nullopt;
  heard_ = now.steady;
  rate_.add(micros(now.steady), packet.size());
  const std::uint64_t sequence = extender_.extend(header.sequence);
  statistics_.on_packet(sequence, header.timestamp, packet.size(), now.steady);
  return deliver(packet, header, sequence, now);
}

std::optional<MediaPacket> IncomingTrack::receive_rtx(std::span<std::uint8_t> packet, const RtpPacketView& header,
                                                      MediaTime now) {
  if (!rtx_ssrc_) rtx_ssrc_ = header.ssrc;
  if (*rtx_ssrc_ != header.ssrc || !ssrc_) return std::nullopt;
  const std::size_t bytes = RtxReceiver(*ssrc_, negotiated_.payload_type).restore(packet);
  if (bytes == 0) return std::nullopt;
  const auto original = RtpPacketView::parse(packet.first(bytes));
  if (!original) return std::nullopt;
  auto delivered = deliver(packet.first(bytes), *original, extender_.extend(original->sequence), now);
  if (delivered) ++recovered_;
  return delivered;
}

std::optional<MediaPacket> IncomingTrack::receive_repeated(std::span<std::uint8_t> packet, const RtpPacketView& header,
                                                           MediaTime now) {
  if (!started() || ssrc_ != header.ssrc) return std::nullopt;
  auto delivered = deliver(packet, header, extender_.extend(header.sequence), now);
  if (delivered) ++recovered_;
  return delivered;
}

std::optional<MediaPacket> IncomingTrack::deliver(std::span<std::uint8_t> packet, const RtpPacketView& header,
                                                  std::uint64_t sequence, MediaTime now) {
  if (negotiated_.nack && !nacks_.on_packet(sequence, now.steady)) keyframes_.want();
  if (!received_.insert(sequence)) return std::nullopt;
  MediaPacket result;
  result.header = header;
  result.sequence = sequence;
  result.layer = layer_;
  result.layers = static_cast<std::uint8_t>(std::max<std::size_t>(negotiated_.layers.size(), 1));
  result.header.padding_bytes = 0;
  packet[0] = static_cast<std::uint8_t>(packet[0] & ~0x20U);
  result.rtp = ByteView(packet).first(header.header_bytes + header.payload.size());
  if (info_.kind == Kind::video && !read_picture(result)) return std::nullopt;
  return result;
}

/// Rotation and where keyframes begin. False when the payload is not what its payload type promises.
bool IncomingTrack::read_picture(MediaPacket& packet) {
  if (negotiated_.extensions.video_orientation != 0) {
    const auto value = packet.header.extension(negotiated_.extensions.video_orientation);
    if (value && !value->empty()) {
      packet.rotation_extension = (*value)[0];
      if (packet.sequence >= rotation_sequence_) {
        rotation_ = to_rotation((*value)[0]);
        rotation_sequence_ = packet.sequence;
      }
    }
  }
  packet.rotation = rotation_;
  if (packet.header.payload.empty()) return true;  // padding that probes the bandwidth: it keeps its number
  bool starts = false;
  if (info_.codec == Codec::vp8) {
    packet.vp8 = Vp8Payload::parse(packet.header.payload);
    if (!packet.vp8) return false;
    starts = packet.vp8->frame_start() && packet.vp8->keyframe;
    if (starts && packet.vp8->width != 0) pixels_ = std::uint32_t{packet.vp8->width} * packet.vp8->height;
  } else {
    const auto h264 = H264Payload::parse(packet.header.payload);
    if (!h264) return false;
    starts = h264->keyframe_start();
  }
  // Parameter sets and slices of one H.264 picture may both look like a start.
  packet.keyframe_start = starts && keyframe_timestamp_ != packet.header.timestamp;
  if (packet.keyframe_start) {
    keyframe_timestamp_ = packet.header.timestamp;
    keyframes_.on_keyframe();
  }
  return true;
}

void IncomingTrack::remember(const MediaPacket& packet, const KeptPacket& kept, MediaTime now) {
  if (info_.kind == Kind::video) media::remember(history_, packet, kept, now.steady);
}

std::optional<MediaPacket> IncomingTrack::recall(std::uint64_t sequence, MediaTime now) const {
  return media::recall(history_, sequence, info_.codec, negotiated_.extensions.video_orientation, now.steady);
}

void IncomingTrack::on_sender_report(std::uint64_t ntp, std::uint32_t timestamp, MediaTime now) {
  statistics_.on_sender_report(ntp, now.steady);
  clock_.on_report(ntp, timestamp);
  last_report_ = TapSenderReport{info_.number, now.wall, ntp, timestamp};
}

}  // namespace tw::media
