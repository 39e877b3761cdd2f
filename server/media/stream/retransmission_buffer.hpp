#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "media/wire/rtp_packet.hpp"

namespace tw::media {

/// Keeps the last packets of one outgoing track in the clear, so that they can be sent again when a viewer asks: one
/// behind the other in a ring of bytes. Memory is taken once, at the first packet. Each viewer has a ring of its own,
/// since what is sent again is the packet as this viewer got it; most streams of a call have one viewer.
class RetransmissionBuffer {
 public:
  /// 0.7 s of a 1.5 Mb/s picture: a request that waits out reordering and is repeated once over a round trip of 300 ms
  /// comes 0.6 s late. A player rather asks for a keyframe than wait for longer.
  static constexpr std::size_t kBytes = std::size_t{128} * 1024;
  /// Packets of 512 bytes on average. Small pictures make small packets, but few of them.
  static constexpr std::size_t kPackets = 256;
  /// Where the ring lasts for longer: what is older would not be played.
  static constexpr std::chrono::milliseconds kMaxAge{3'000};
  /// The same packet is not sent again sooner, however often it is asked for.
  static constexpr std::chrono::milliseconds kMinResend{10};
  /// Retransmissions a viewer can cause in a second, so that its NACKs cannot multiply traffic.
  static constexpr std::size_t kMaxBytesPerSecond = std::size_t{256} * 1024;

  /// What the path allows now.
  struct Limits {
    std::chrono::microseconds round_trip{0};
    std::size_t bytes_per_second = kMaxBytesPerSecond;  ///< more than kMaxBytesPerSecond is never sent
  };

  void store(std::uint16_t sequence, ByteView packet, SteadyTime now);
  /// The packet, or an empty view when it is gone, too old, was sent again just now, or the second's budget is spent.
  [[nodiscard]] ByteView take(std::uint16_t sequence, SteadyTime now, const Limits& limits);
  /// Nothing of what was stored so far is sent again: a keyframe follows, and with it nobody misses what was before.
  void forget() { forgotten_ = next_; }

 private:
  struct Slot {
    std::uint64_t position = 0;  ///< of its first byte, counted from the track's beginning
    SteadyTime stored;
    SteadyTime resendable;
    std::uint16_t sequence = 0;
    std::uint16_t bytes = 0;  ///< 0: empty
  };
  [[nodiscard]] bool within_budget(std::size_t bytes, SteadyTime now, const Limits& limits);
  [[nodiscard]] bool gone(const Slot& slot) const {
    return slot.position < forgotten_ || next_ > slot.position + kBytes;
  }

  std::vector<std::uint8_t> bytes_;
  std::vector<Slot> slots_;
  std::uint64_t next_ = 0;       ///< where the next packet goes
  std::uint64_t forgotten_ = 0;  ///< what lies before this is not sent again
  SteadyTime budget_since_;
  std::size_t budget_used_ = 0;
};

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
