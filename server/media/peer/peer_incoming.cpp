#include "media/peer/peer_incoming.hpp"

#include <utility>

#include "media/stream/retransmission_buffer.hpp"

namespace tw::media {

PeerIncoming::PeerIncoming(PeerMedium medium) : medium_(std::move(medium)), statistics_(medium_.clock_rate_hz) {}

std::optional<PeerIncoming::Taken> PeerIncoming::take(std::span<std::uint8_t> packet, SteadyTime now) {
  auto view = RtpPacketView::parse(packet);
  if (!view) return std::nullopt;
  Taken taken{.bytes = packet.size(), .retransmitted = view->payload_type != medium_.payload_type};
  if (taken.retransmitted) {
    taken.bytes = RtxReceiver(medium_.ssrc, medium_.payload_type).restore(packet);
    view = RtpPacketView::parse(packet.first(taken.bytes));
    if (!view) return std::nullopt;
  } else if (medium_.ssrc == 0) {
    medium_.ssrc = view->ssrc;  // not every server names its SSRCs in the answer
  }
  const std::uint64_t sequence = extender_.extend(view->sequence);
  if (!received_.insert(sequence)) return std::nullopt;
  if (!taken.retransmitted) statistics_.on_packet(sequence, view->timestamp, packet.size(), now);
  if (medium_.nack && !nacks_.on_packet(sequence, now)) broken_ = true;
  return taken;
}

const std::vector<std::uint16_t>& PeerIncoming::due_nacks(SteadyTime now, std::chrono::microseconds round_trip) {
  if (!nacks_.take_due(now, round_trip, due_)) broken_ = true;
  return due_;
}

std::optional<ReportBlock> PeerIncoming::report(SteadyTime now) {
  if (!statistics_.started()) return std::nullopt;
  return statistics_.take_report(medium_.ssrc, now);
}

}  // namespace tw::media
