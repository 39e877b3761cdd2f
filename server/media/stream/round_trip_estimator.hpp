#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "media/stream/ntp_time.hpp"

namespace tw::media {

/// Smoothed time to the peer and back, from what it says about our last report: a reception report of our SR (RFC 3550
/// section 6.4.1) or a DLRR of our receiver reference time (RFC 3611 section 4.5).
class RoundTripEstimator {
 public:
  /// Nothing known yet: between a local network and a mobile one.
  static constexpr std::chrono::milliseconds kUnknown{100};
  /// Longer than any path that carries a conversation; a peer that reports more is wrong.
  static constexpr std::chrono::seconds kMax{10};

  /// `last` and `delay` as reported, in 1/65536 s; `now` is our own NTP time. Ignored when the peer has had no report.
  void on_report(std::uint32_t last, std::uint32_t delay, WallTime now) {
    if (last == 0) return;
    const std::uint32_t units = ntp_middle(to_ntp(now)) - last - delay;
    // A clock step or rounding makes it "negative", that is, huge.
    const auto sample = static_cast<std::int32_t>(units) < 0 ? std::chrono::microseconds{0} : from_ntp_units(units);
    if (sample > kMax) return;
    smoothed_ = smoothed_ ? (*smoothed_ * 7 + sample) / 8 : sample;
  }
  [[nodiscard]] bool known() const { return smoothed_.has_value(); }
  [[nodiscard]] std::chrono::microseconds value() const { return smoothed_.value_or(kUnknown); }

 private:
  std::optional<std::chrono::microseconds> smoothed_;
};

}  // namespace tw::media
