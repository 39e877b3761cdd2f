#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"

namespace tw::media {

/// Asks one source for keyframes on behalf of everybody who wants one: at most one PLI every `kInterval`, repeated
/// until a keyframe comes. Some publishers make keyframes only when asked, and a keyframe costs as much as a second of
/// picture.
class KeyframeRequester {
 public:
  static constexpr std::chrono::milliseconds kInterval{300};
  /// A source that ignores this many requests sends none; the next wish starts again.
  static constexpr unsigned kMaxRepeats = 20;

  /// Somebody needs a keyframe.
  void want() {
    wanted_ = true;
    repeats_ = 0;
  }
  /// A keyframe began to arrive.
  void on_keyframe() { wanted_ = false; }

  /// True when a PLI is to be sent now; counts it as sent.
  [[nodiscard]] bool take_due(SteadyTime now) {
    if (!wanted_ || (sent_ && now < *sent_ + kInterval)) return false;
    sent_ = now;
    if (++repeats_ >= kMaxRepeats) wanted_ = false;
    return true;
  }
  [[nodiscard]] bool wanted() const { return wanted_; }
  /// When `take_due` should be called again; nullopt when nobody waits.
  [[nodiscard]] std::optional<SteadyTime> deadline() const {
    if (!wanted_) return std::nullopt;
    return sent_ ? *sent_ + kInterval : SteadyTime{};
  }

 private:
  bool wanted_ = false;
  unsigned repeats_ = 0;
  std::optional<SteadyTime> sent_;
};

}  // namespace tw::media
