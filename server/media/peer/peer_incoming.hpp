#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "media/peer/peer_description.hpp"
#include "media/stream/nack_generator.hpp"
#include "media/stream/receive_statistics.hpp"
#include "media/stream/received_window.hpp"
#include "media/wire/rtcp_packet.hpp"
#include "media/wire/rtp_packet.hpp"

namespace tw::media {

/// One track that a watching client receives: asks for what is missing, restores retransmissions, reports.
class PeerIncoming {
 public:
  explicit PeerIncoming(PeerMedium medium);

  [[nodiscard]] bool owns(std::uint8_t payload_type) const {
    return payload_type == medium_.payload_type ||
           (medium_.rtx_payload_type != 0 && payload_type == medium_.rtx_payload_type);
  }
  /// Takes a decrypted packet; gives its length as the original's, restored in place, or nullopt where nothing new
  /// came.
  struct Taken {
    std::size_t bytes = 0;
    bool retransmitted = false;
  };
  [[nodiscard]] std::optional<Taken> take(std::span<std::uint8_t> packet, SteadyTime now);
  void on_sender_report(const SenderReport& report, SteadyTime now) { statistics_.on_sender_report(report.ntp, now); }

  /// Sequence numbers to ask for again now.
  [[nodiscard]] const std::vector<std::uint16_t>& due_nacks(SteadyTime now, std::chrono::microseconds round_trip);
  /// Was a packet given up, so that only a keyframe helps? Says it once.
  [[nodiscard]] bool take_broken() { return std::exchange(broken_, false); }
  [[nodiscard]] std::optional<SteadyTime> next_nack() const { return nacks_.deadline(); }
  [[nodiscard]] std::optional<ReportBlock> report(SteadyTime now);
  [[nodiscard]] std::uint32_t ssrc() const { return medium_.ssrc; }
  [[nodiscard]] const PeerMedium& medium() const { return medium_; }

 private:
  PeerMedium medium_;
  SequenceExtender extender_;
  ReceivedWindow received_;
  ReceiveStatistics statistics_;
  NackGenerator nacks_;
  std::vector<std::uint16_t> due_;
  bool broken_ = false;
};

}  // namespace tw::media
