#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"
#include "media/peer/peer_description.hpp"
#include "media/stream/retransmission_buffer.hpp"
#include "media/stream/sent_packets.hpp"
#include "media/wire/rtcp_packet.hpp"

namespace tw::media {

/// Numbers that run over all packets of a session.
struct PeerTransportSequence {
  SentPackets sent;
};

/// One track that a publishing client sends: numbers packets, keeps them for NACKs, counts for sender reports.
class PeerOutgoing {
 public:
  PeerOutgoing(PeerMedium medium, Random& random);

  /// Builds the next packet in `out`; gives its length, 0 where it does not fit.
  [[nodiscard]] std::size_t build(std::span<std::uint8_t> out, ByteView payload, std::uint32_t timestamp, bool marker,
                                  std::optional<Rotation> rotation, PeerTransportSequence& transport, SteadyTime now);
  /// The RTX packet that answers a NACK; 0 where the packet is gone or RTX was not agreed on.
  [[nodiscard]] std::size_t build_retransmission(std::span<std::uint8_t> out, std::uint16_t sequence,
                                                 std::chrono::microseconds round_trip, PeerTransportSequence& transport,
                                                 SteadyTime now);
  /// nullopt before the first packet.
  [[nodiscard]] std::optional<SenderReport> report(SteadyTime now, WallTime wall) const;
  [[nodiscard]] const PeerMedium& medium() const { return medium_; }

 private:
  void stamp(std::span<std::uint8_t> packet, PeerTransportSequence& transport, SteadyTime now) const;

  PeerMedium medium_;
  std::uint16_t next_sequence_;
  std::uint16_t next_rtx_sequence_;
  RetransmissionBuffer sent_;
  std::uint32_t packets_ = 0;
  std::uint32_t bytes_ = 0;
  std::uint32_t last_timestamp_ = 0;
  SteadyTime last_sent_{};
};

}  // namespace tw::media
