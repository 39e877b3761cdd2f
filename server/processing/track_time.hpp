#pragma once

#include <cstdint>
#include <vector>

/// Puts what participants sent on one time line, the server's arrival clock (microseconds since the epoch).
///
/// A track's RTP timestamps are tied to its sender's wall clock by sender reports (RFC 3550 section 6.4.1); sound and
/// picture of one publication share that clock, which aligns them exactly however differently they travelled. The
/// sender's clock is tied to the arrival clock by the packets that were fastest: capture time plus the least delay.
/// Where no report came, timestamps are tied to the arrival clock directly.
///
/// Browsers tie a sound packet's timestamp to the moment of sending, though it is that of the first sample (RFC 3550
/// section 5.1) and the packet cannot leave before its last one. Reports carry their own time of sending, which tells
/// how long the network takes at least; what claims to have left before it was recorded is moved back to where it can
/// be.
namespace tw::processing {

/// The first packet of one RTP timestamp.
struct ClockPoint {
  std::uint64_t sequence = 0;
  std::int64_t timestamp = 0;  ///< extended over its roll-overs
  std::int64_t arrival_us = 0;
};
struct ReportPoint {
  std::int64_t timestamp = 0;
  std::int64_t ntp_us = 0;  ///< the sender's wall clock, since the Unix epoch
  std::int64_t arrival_us = 0;
};
struct TrackClock {
  std::uint32_t rate_hz = 90'000;
  std::vector<ClockPoint> points;    ///< in order of sequence
  std::vector<ReportPoint> reports;  ///< in order of arrival
  bool sound = false;                ///< a packet holds what was heard from its timestamp to the next one's
};

/// Where a track's timestamps lie: pieces of straight lines, each from a sequence number on.
class TrackTime {
 public:
  struct Piece {
    std::uint64_t first_sequence = 0;
    std::int64_t origin_timestamp = 0;
    double origin_us = 0;
    double us_per_tick = 0;
    bool by_reports = false;
  };
  TrackTime() = default;
  explicit TrackTime(std::vector<Piece> pieces) : pieces_(std::move(pieces)) {}

  /// When, on the arrival clock less the least delay, what has this timestamp was captured.
  [[nodiscard]] std::int64_t at(std::uint64_t sequence, std::int64_t timestamp) const;
  /// Every piece stands on sender reports.
  [[nodiscard]] bool by_reports() const;

 private:
  std::vector<Piece> pieces_;
};

/// One publication's tracks, which share a capture clock.
[[nodiscard]] std::vector<TrackTime> map_clocks(const std::vector<TrackClock>& tracks);

/// 32.32 fixed point since 1900 (RFC 5905 section 6) in microseconds since 1970.
[[nodiscard]] std::int64_t ntp_to_micros(std::uint64_t ntp);

}  // namespace tw::processing
