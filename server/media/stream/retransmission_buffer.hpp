#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "media/stream/packet_history.hpp"
#include "media/stream/retransmission_limiter.hpp"
#include "media/wire/rtp_packet.hpp"

namespace tw::media {

/// The packets that a sender sent last, as it sent them, and the right to send them again.
class RetransmissionBuffer {
 public:
  void store(std::uint16_t sequence, ByteView packet, SteadyTime now) { sent_.store(sequence, packet, now); }
  /// The packet, or an empty view when it is gone, too old, was sent again just now, or the second's budget is spent.
  [[nodiscard]] ByteView take(std::uint16_t sequence, SteadyTime now, const RetransmissionLimiter::Limits& limits);

 private:
  PacketHistory sent_;
  RetransmissionLimiter limiter_;
};

/// What stands before the payload of a retransmission: the original sequence number (RFC 4588 section 4).
constexpr std::size_t kOriginalSequenceBytes = 2;

/// Wraps `packet` as a retransmission (RFC 4588 section 4): its header and extensions under another SSRC, payload type
/// and sequence number, the original sequence number before the payload. Returns the length, 0 when it does not fit.
[[nodiscard]] std::size_t write_rtx(std::span<std::uint8_t> out, ByteView packet, std::uint32_t rtx_ssrc,
                                    std::uint8_t rtx_payload_type, std::uint16_t rtx_sequence);

/// Turns the retransmissions of one track back into the packets that were lost.
class RtxReceiver {
 public:
  RtxReceiver(std::uint32_t media_ssrc, std::uint8_t media_payload_type)
      : media_ssrc_(media_ssrc), media_payload_type_(media_payload_type) {}

  /// Rewrites a whole RTX packet in place and returns the original's length; 0 when it carries none (padding only,
  /// which senders use to probe the bandwidth).
  [[nodiscard]] std::size_t restore(std::span<std::uint8_t> packet) const;

 private:
  std::uint32_t media_ssrc_;
  std::uint8_t media_payload_type_;
};

}  // namespace tw::media
