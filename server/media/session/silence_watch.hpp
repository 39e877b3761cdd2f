#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"
#include "media/media_engine.hpp"

namespace tw::media {

/// Tells from the silence of a peer how it fares: connected, unstable, lost, and when its session's resources are
/// freed. Anything authenticated counts as a sign of life, since a muted camera sends no media.
class SilenceWatch {
 public:
  SilenceWatch(const MediaConfig& config, SteadyTime now)
      : unstable_after_(config.unstable_after),
        lost_after_(config.lost_after),
        freed_after_(config.freed_after),
        heard_(now) {}

  void on_connected(SteadyTime now) {
    connected_ = true;
    heard_ = now;
  }
  void on_heard(SteadyTime now) { heard_ = now; }

  [[nodiscard]] SessionState state(SteadyTime now) const {
    const auto silence = now - heard_;
    if (silence >= freed_after_) return SessionState::closed;
    if (!connected_) return SessionState::connecting;
    if (silence >= lost_after_) return SessionState::lost;
    return silence >= unstable_after_ ? SessionState::unstable : SessionState::connected;
  }
  /// When `state` can change without a sign of life.
  [[nodiscard]] SteadyTime deadline(SteadyTime now) const {
    switch (state(now)) {
      case SessionState::connected: return heard_ + unstable_after_;
      case SessionState::unstable: return heard_ + lost_after_;
      case SessionState::connecting:
      case SessionState::lost:
      case SessionState::closed: return heard_ + freed_after_;
    }
    return heard_ + freed_after_;
  }

 private:
  const std::chrono::milliseconds unstable_after_;
  const std::chrono::milliseconds lost_after_;
  const std::chrono::milliseconds freed_after_;
  bool connected_ = false;
  SteadyTime heard_;
};

}  // namespace tw::media
