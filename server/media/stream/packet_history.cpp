#include "media/stream/packet_history.hpp"

#include <cstring>

#include "media/wire/rtp_packet.hpp"

namespace tw::media {

PacketHistory::Slot& PacketHistory::slot(std::uint64_t sequence) {
  if (slots_.empty()) slots_.resize(kPackets);
  return slots_[sequence % kPackets];
}

void PacketHistory::store(std::uint64_t sequence, ByteView packet, SteadyTime now) {
  if (packet.size() > kMaxPacketBytes) return;
  if (bytes_.empty()) bytes_.resize(kBytes);
  // A packet lies in one piece: what is left before the ring's end is passed over.
  if (next_ % kBytes + packet.size() > kBytes) next_ += kBytes - next_ % kBytes;
  slot(sequence) = {nullptr, next_, sequence, now, static_cast<std::uint16_t>(packet.size())};
  if (!packet.empty()) std::memcpy(bytes_.data() + next_ % kBytes, packet.data(), packet.size());
  next_ += packet.size();
}

void PacketHistory::refer(std::uint64_t sequence, const KeptPacket& kept, std::size_t bytes, SteadyTime now) {
  if (bytes > kMaxPacketBytes) return;
  slot(sequence) = {kept.keeper, kept.place, sequence, now, static_cast<std::uint16_t>(bytes)};
}

ByteView PacketHistory::find(std::uint64_t sequence, SteadyTime now) const {
  if (slots_.empty()) return {};
  const Slot& found = slots_[sequence % kPackets];
  if (found.bytes == 0 || found.sequence != sequence || now - found.stored > kMaxAge) return {};
  if (found.keeper != nullptr) {
    const std::uint8_t* kept = found.keeper->kept(found.place);
    return kept == nullptr ? ByteView{} : ByteView(kept, found.bytes);
  }
  if (next_ > found.place + kBytes) return {};  // written over
  return ByteView(bytes_).subspan(found.place % kBytes, found.bytes);
}

void PacketHistory::forget_kept() {
  for (Slot& each : slots_) {
    if (each.keeper != nullptr) each = {};
  }
}

}  // namespace tw::media
