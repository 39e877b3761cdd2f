#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "media/engine_counters.hpp"
#include "media/session/layer_allocator.hpp"
#include "media/session/media_time.hpp"
#include "media/stream/bandwidth_estimator.hpp"
#include "media/stream/probe.hpp"
#include "media/stream/retransmission_limiter.hpp"

namespace tw::media {

class ViewerSession;
class MediaSession;

/// One estimate and one allocation for everything that one participant watches: their WHEP sessions share a path, so
/// that a screen and three cameras may not fight each other on it.
class ViewerBandwidth {
 public:
  /// Feedback comes up to 20 times a second and from several sessions; allocating more often gains nothing.
  static constexpr std::chrono::milliseconds kAllocateEvery{100};
  /// What a viewer is believed to carry that will never tell: a large picture, until loss says otherwise.
  static constexpr std::uint32_t kUninformedBps = 2'500'000;

  void add(ViewerSession& session);
  void remove(const MediaSession& session);
  /// With a shorter queue than this, what arrives proves that the path carries it …
  static constexpr double kNoQueueMs = 120;
  /// … and somewhat more, since the rates of both ends are measured over different times and losses are repaired.
  static constexpr unsigned kShownPercent = 115;
  [[nodiscard]] bool empty() const { return sessions_.empty(); }

  /// After transport-wide feedback of one session was read.
  void on_feedback(ViewerSession& from, PathFeedback feedback, MediaTime now);
  void on_remb(std::uint64_t bps, MediaTime now);
  void on_loss_report(double share, MediaTime now);
  /// Divides anew when it is time; `at_once` when what is published changed.
  void allocate(MediaTime now, bool at_once = false);

  /// What one session may send again: as much as is asked for, but behind a full queue no more than half of what the
  /// path is believed to carry. Repairing without a limit what the queue drops keeps it full.
  [[nodiscard]] std::size_t retransmission_bytes_per_second() const {
    const bool full = standing_ms_ > BandwidthEstimator::kFullQueueMs;
    return full ? estimator_.bps() / 16 : RetransmissionLimiter::kMaxBytesPerSecond;
  }

  [[nodiscard]] std::uint32_t estimate_bps() const { return estimator_.bps(); }
  [[nodiscard]] bool informed() const { return estimator_.informed(); }

 private:
  void probe(MediaTime now);

  std::vector<ViewerSession*> sessions_;
  std::vector<PictureDemand> demands_;
  std::vector<ViewerSession*> ordered_;
  BandwidthEstimator estimator_;
  ProbePlanner planner_;
  std::uint8_t probes_ = 0;
  ViewerSession* probing_ = nullptr;
  std::uint32_t wanted_bps_ = 0;
  std::uint32_t shown_bps_ = 0;
  double standing_ms_ = 0;  // of the queue, as the last feedback told it
  SteadyTime allocated_{};
};

}  // namespace tw::media
