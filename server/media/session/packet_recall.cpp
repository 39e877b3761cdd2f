#include "media/session/packet_recall.hpp"

namespace tw::media {

void remember(PacketHistory& history, const MediaPacket& packet, const KeptPacket& kept, SteadyTime now) {
  if (kept.keeper != nullptr) {
    history.refer(packet.sequence, kept, packet.rtp.size(), now);
  } else {
    history.store(packet.sequence, packet.rtp, now);
  }
}

std::optional<MediaPacket> recall(const PacketHistory& history, std::uint64_t sequence, Codec codec,
                                  std::uint8_t rotation_id, SteadyTime now) {
  const ByteView rtp = history.find(sequence, now);
  const auto header = rtp.empty() ? std::nullopt : RtpPacketView::parse(rtp);
  if (!header) return std::nullopt;
  MediaPacket result;
  result.header = *header;
  result.rtp = rtp;
  result.sequence = sequence;
  if (rotation_id != 0) {
    const auto value = header->extension(rotation_id);
    if (value && !value->empty()) result.rotation_extension = (*value)[0];
  }
  if (codec == Codec::vp8 && !header->payload.empty()) result.vp8 = Vp8Payload::parse(header->payload);
  return result;
}

}  // namespace tw::media
