#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace tw::media {

/// Ties the clock of one publisher (one CNAME, RFC 3550 section 6.5.1) to ours, for all its tracks together: sender
/// reports that we write for sound and picture then agree with each other as the publisher's did, so that lips match.
class PublisherClock {
 public:
  /// Reports remembered; the fastest of them tells the offset best, because delay only ever adds to it.
  static constexpr std::size_t kReports = 16;

  /// A sender report of any of the tracks said `ntp` when our clock showed `arrival`.
  void on_report(std::uint64_t ntp, WallTime arrival);
  [[nodiscard]] bool known() const { return count_ > 0; }
  /// The publisher's NTP time when our clock shows `ours`. Only when known.
  [[nodiscard]] std::uint64_t publisher_ntp(WallTime ours) const;

 private:
  std::array<std::int64_t, kReports> offsets_{};  // ours − theirs, in microseconds since 1900
  std::size_t count_ = 0;
};

/// Says which RTP timestamp of one track belongs to a moment, from the track's last sender report and the clock that
/// the publisher's tracks share.
class SenderReportClock {
 public:
  explicit SenderReportClock(std::uint32_t clock_rate_hz) : clock_rate_hz_(clock_rate_hz) {}

  void on_report(std::uint64_t ntp, std::uint32_t timestamp) {
    ntp_ = ntp;
    timestamp_ = timestamp;
  }
  /// The track's RTP timestamp at `now`, as the publisher counts; nullopt before the first report.
  [[nodiscard]] std::optional<std::uint32_t> timestamp_at(WallTime now, const PublisherClock& clock) const;

 private:
  std::uint32_t clock_rate_hz_;
  std::optional<std::uint64_t> ntp_;
  std::uint32_t timestamp_ = 0;
};

}  // namespace tw::media
