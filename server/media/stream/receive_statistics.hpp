#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "media/wire/rtcp_packet.hpp"

namespace tw::media {

/// Counts one incoming SSRC for its reception reports (RFC 3550 section 6.4.1 and appendix A.3, A.8).
class ReceiveStatistics {
 public:
  explicit ReceiveStatistics(std::uint32_t clock_rate_hz) : clock_rate_hz_(clock_rate_hz) {}

  /// `extended` as SequenceExtender gives it. Retransmissions come under another SSRC and are not counted here.
  void on_packet(std::uint64_t extended, std::uint32_t timestamp, std::size_t bytes, SteadyTime now);
  void on_sender_report(std::uint64_t ntp, SteadyTime now);
  /// The block to send now; loss is counted since the call before.
  [[nodiscard]] ReportBlock take_report(std::uint32_t ssrc, SteadyTime now);

  [[nodiscard]] bool started() const { return first_.has_value(); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::uint32_t jitter_ms() const { return static_cast<std::uint32_t>(jitter_ * 1000 / clock_rate_hz_); }
  [[nodiscard]] std::uint64_t packets() const { return received_; }
  /// Packets that should have come by now.
  [[nodiscard]] std::uint64_t expected() const { return first_ ? newest_ - *first_ + 1 : 0; }

 private:
  std::uint32_t clock_rate_hz_;
  std::optional<std::uint64_t> first_;
  std::uint64_t newest_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t expected_reported_ = 0;
  std::uint64_t received_reported_ = 0;
  double jitter_ = 0;
  std::optional<double> last_transit_;
  std::uint32_t last_timestamp_ = 0;
  std::uint32_t last_sr_ = 0;
  std::optional<SteadyTime> last_sr_at_;
};

}  // namespace tw::media
