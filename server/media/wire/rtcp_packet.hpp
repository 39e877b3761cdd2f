#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/encoding.hpp"

namespace tw::media {

/// A reception report block (RFC 3550 section 6.4.1).
struct ReportBlock {
  std::uint32_t ssrc = 0;
  std::uint8_t fraction_lost = 0;         ///< in 1/256
  std::int32_t cumulative_lost = 0;       ///< 24 bits, signed
  std::uint32_t highest_sequence = 0;     ///< with cycles
  std::uint32_t jitter = 0;               ///< in timestamp units
  std::uint32_t last_sr = 0;              ///< middle 32 bits of the NTP time of the last SR
  std::uint32_t delay_since_last_sr = 0;  ///< in 1/65536 s
};

struct SenderReport {
  std::uint32_t ssrc = 0;
  std::uint64_t ntp = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t packets = 0;
  std::uint32_t bytes = 0;
};

/// Called for each part of a compound packet; views and spans live only during the call.
class RtcpVisitor {
 public:
  virtual ~RtcpVisitor() = default;
  virtual void on_sender_report(const SenderReport& /*report*/) {}
  virtual void on_report_block(const ReportBlock& /*block*/) {}
  /// Receiver reference time (RFC 3611 section 4.4): to be answered with `receiver_delay`.
  virtual void on_receiver_reference_time(std::uint32_t /*sender_ssrc*/, std::uint64_t /*ntp*/) {}
  /// Answer to a receiver reference time (RFC 3611 section 4.5): its middle 32 bits and the delay in 1/65536 s.
  virtual void on_receiver_delay(std::uint32_t /*last_reference*/, std::uint32_t /*delay*/) {}
  virtual void on_cname(std::uint32_t /*ssrc*/, std::string_view /*cname*/) {}
  virtual void on_bye(std::uint32_t /*ssrc*/) {}
  /// Generic NACK (RFC 4585 section 6.2.1), one call a lost sequence number.
  virtual void on_nack(std::uint32_t /*media_ssrc*/, std::uint16_t /*sequence*/) {}
  /// PLI or FIR (RFC 4585 section 6.3.1, RFC 5104 section 4.3.1).
  virtual void on_keyframe_request(std::uint32_t /*media_ssrc*/) {}
  /// REMB (draft-alvestrand-rmcat-remb-03).
  virtual void on_remb(std::uint64_t /*bits_per_second*/) {}
  /// Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01): one call a packet told of, with its
  /// arrival on the receiver's clock (64 ms times a 24-bit number at the feedback's begin); nullopt: it did not come.
  virtual void on_transport_feedback(std::uint16_t /*sequence*/, std::optional<std::chrono::microseconds> /*arrival*/) {
  }
};

/// Longest run of packets one transport-wide feedback may tell of here.
constexpr std::size_t kMaxFeedbackPackets = 8192;

/// Reads a compound or reduced-size (RFC 5506) packet. False when a length does not fit; parts before it were visited.
bool parse_rtcp(ByteView packet, RtcpVisitor& visitor);

/// Writes RTCP parts one behind the other into a buffer of the caller.
class RtcpWriter {
 public:
  explicit RtcpWriter(std::span<std::uint8_t> out) : out_(out) {}
  /// Each returns false and writes nothing when there is no room, or more than the format can say (31 report blocks).
  bool sender_report(const SenderReport& report, std::span<const ReportBlock> blocks);
  bool receiver_report(std::uint32_t sender_ssrc, std::span<const ReportBlock> blocks);
  bool cname(std::uint32_t ssrc, std::string_view cname);
  bool pli(std::uint32_t sender_ssrc, std::uint32_t media_ssrc);
  /// Full intra request (RFC 5104 section 4.3.1); `number` rises with each new request.
  bool fir(std::uint32_t sender_ssrc, std::uint32_t media_ssrc, std::uint8_t number);
  /// `sequences` in rising order; at most 128 FCI entries are written.
  bool nack(std::uint32_t sender_ssrc, std::uint32_t media_ssrc, std::span<const std::uint16_t> sequences);
  bool remb(std::uint32_t sender_ssrc, std::uint64_t bits_per_second, std::span<const std::uint32_t> ssrcs);
  bool bye(std::uint32_t ssrc);
  /// Receiver reference time (RFC 3611 section 4.4), so that one who only receives learns the round trip.
  bool receiver_reference_time(std::uint32_t sender_ssrc, std::uint64_t ntp);
  /// DLRR (RFC 3611 section 4.5): answers the reference time of `reporter_ssrc`, whose middle 32 bits are
  /// `last_reference`.
  bool receiver_delay(std::uint32_t sender_ssrc, std::uint32_t reporter_ssrc, std::uint32_t last_reference,
                      std::uint32_t delay);
  /// A part that was built elsewhere.
  bool raw(ByteView part);

  [[nodiscard]] ByteView written() const { return ByteView(out_.data(), size_); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::uint8_t* begin_part(std::size_t count, std::uint8_t type, std::size_t bytes);
  std::span<std::uint8_t> out_;
  std::size_t size_ = 0;
};

}  // namespace tw::media
