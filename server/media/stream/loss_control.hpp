#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace tw::media {

/// Limits the rate by loss (draft-ietf-rmcat-gcc-02 section 6): above 10 % less, below 2 % more, between as it is. Loss
/// that does not fall when less is sent is the path's own (radio, not a queue): it is found out by one cut and then no
/// longer counted, so that 10 or 20 % of random loss do not starve a call.
class LossControl {
 public:
  /// Packets until a share of lost ones means something.
  static constexpr unsigned kLeastPackets = 20;
  static constexpr std::chrono::milliseconds kInterval{500};
  static constexpr double kHigh = 0.10;
  static constexpr double kLow = 0.02;
  /// A cut this deep must show in the loss if it comes from the own traffic.
  static constexpr double kTrialCut = 0.7;
  static constexpr double kTrialFall = 0.8;
  /// More loss than this is never put down to the path alone.
  static constexpr double kMostOwn = 0.3;
  /// The share is smoothed by this: an interval has a few dozen packets.
  static constexpr double kSmoothing = 0.3;
  /// Share of the path's own loss that is forgotten each interval, so that a better path is noticed.
  static constexpr double kForget = 0.01;
  /// However much is lost, the path carries what arrives: no cut goes below this share of it. Else the second or two
  /// in which a queue drains would take cut upon cut, down to nothing.
  static constexpr double kLeastOfArriving = 0.85;

  struct Path {
    std::uint32_t current_bps = 0;   ///< the rate that is limited
    std::uint32_t arriving_bps = 0;  ///< what arrives of it; 0 not known
    bool queueing = false;           ///< a full queue explains the loss
  };
  /// Packets told of since the last call.
  void on_packets(unsigned received, unsigned lost, const Path& path, SteadyTime now);
  /// The same for a reception report, which comes as a share.
  void on_share(double share, const Path& path, SteadyTime now);
  /// nullopt: loss limits nothing.
  [[nodiscard]] std::optional<std::uint32_t> limit_bps() const { return limit_bps_; }
  [[nodiscard]] double share() const { return share_; }
  /// What the path loses whatever is sent.
  [[nodiscard]] double own_share() const { return own_; }
  /// A probe went through at this rate.
  void raise(std::uint32_t bps) {
    if (limit_bps_ && *limit_bps_ < bps) limit_bps_ = bps;
  }
  /// When it last cut.
  [[nodiscard]] std::optional<SteadyTime> cut_at() const { return cut_at_; }

 private:
  struct Trial {
    double share = 0;
    std::uint32_t bps = 0;
  };
  std::optional<SteadyTime> since_;
  unsigned received_ = 0;
  unsigned lost_ = 0;
  double share_ = 0;
  double own_ = 0;  // the path's own loss
  std::optional<Trial> trial_;
  std::optional<std::uint32_t> limit_bps_;
  std::optional<SteadyTime> cut_at_;
};

}  // namespace tw::media
