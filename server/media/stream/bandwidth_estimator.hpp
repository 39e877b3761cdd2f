#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "media/stream/delay_detector.hpp"
#include "media/stream/loss_control.hpp"

namespace tw::media {

/// What one feedback packet says, summed over it.
struct PathFeedback {
  PathUse use = PathUse::normal;
  double standing_ms = 0;       ///< see DelayDetector
  std::uint32_t acked_bps = 0;  ///< what arrives over all the viewer's sessions; 0 not known yet
  unsigned received = 0;
  unsigned lost = 0;
  std::chrono::microseconds round_trip{100'000};
};

/// The rate that a path to one receiver carries, as draft-ietf-rmcat-gcc-02 finds it: the delay-based controller of
/// section 5.5 and the loss-based one of section 6, whichever is lower, with a receiver's REMB
/// (draft-alvestrand-rmcat-remb-03) as an upper bound where it sends one.
class BandwidthEstimator {
 public:
  /// Before anything is known: sound and the small layer of a picture.
  static constexpr std::uint32_t kStartBps = 300'000;
  /// One voice with its overhead is let through whatever was measured.
  static constexpr std::uint32_t kLeastBps = 40'000;
  /// No call needs more; a local network would count up for ever.
  static constexpr std::uint32_t kMostBps = 20'000'000;
  /// A cut because of the path counts as congestion for so long.
  static constexpr std::chrono::seconds kCongestedFor{4};
  /// A queue this long that loses packets is full, though its delay no longer grows.
  static constexpr double kFullQueueMs = 100;
  static constexpr double kFullQueueLoss = 0.05;

  /// A REMB below this speaks of how little was sent, not of the path: receivers take a share of what arrived, and a
  /// still picture of 20 kb/s would be stopped by its own smallness, for ever, since nothing more would be judged.
  static constexpr std::uint32_t kLeastRembBps = 100'000;
  /// It comes about once a second while media comes; who is silent for longer has nothing to judge by.
  static constexpr std::chrono::seconds kRembLife{5};

  void on_feedback(const PathFeedback& feedback, SteadyTime now);
  /// Reception reports of a receiver that sends no transport-wide feedback.
  void on_loss_report(double share, SteadyTime now);
  /// An upper bound; where no transport-wide feedback comes, the estimate itself.
  void on_remb(std::uint64_t bps, SteadyTime now);
  /// Drops a REMB that is too old. True when nothing else is known of the path, so that something is to be assumed.
  bool forget_old_remb(SteadyTime now);
  /// For a receiver that will tell of losses only: begins with this, since nothing else could lift it soon.
  void assume(std::uint32_t bps) { delay_bps_ = bps; }
  /// A probe showed that the path carries at least this.
  void on_probe(std::uint32_t bps, SteadyTime now);

  [[nodiscard]] std::uint32_t bps() const;
  /// The path was found too narrow for what was sent not long ago.
  [[nodiscard]] bool congested(SteadyTime now) const;
  /// Anything came back from the receiver that an estimate can be built on.
  [[nodiscard]] bool informed() const { return informed_; }
  [[nodiscard]] double loss_share() const { return loss_.share(); }

 private:
  void decrease(const PathFeedback& feedback, SteadyTime now);
  void increase(const PathFeedback& feedback, SteadyTime now);

  double delay_bps_ = kStartBps;
  LossControl loss_;
  std::optional<std::uint64_t> remb_bps_;
  SteadyTime remb_at_{};
  std::optional<SteadyTime> updated_;
  std::optional<SteadyTime> cut_at_;
  std::optional<double> capacity_bps_;  // mean of what arrived when the path was full
  double capacity_deviation_ = 0.05;    // of it, relative
  bool informed_ = false;
  bool timed_ = false;  // by transport-wide feedback
};

}  // namespace tw::media
