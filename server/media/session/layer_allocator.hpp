#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/clock.hpp"
#include "media/session/sdp_negotiation.hpp"

namespace tw::media {

/// The layers of a picture that arrive now, from the smallest to the largest. A picture without layers has one.
struct PictureView {
  struct Layer {
    std::uint8_t layer = 0;  ///< its place in the publisher's offer
    std::uint32_t bps = 0;   ///< measured; 0 while too little is known
  };
  std::array<Layer, kMaxLayers> layers{};
  std::size_t count = 0;
};

/// Which layer of one picture a viewer gets, and since when.
struct PictureChoice {
  std::uint8_t layer = 0;
  bool paused = false;
  bool decided = false;
  SteadyTime changed{};
  std::optional<SteadyTime> over_since;  ///< it does not fit since then
  std::chrono::seconds hold{0};          ///< how long after a step down none up is tried
};

struct PictureDemand {
  PictureView view;
  PictureChoice* choice = nullptr;
};

/// Divides what a viewer's path carries: sound first, then pictures in the order given, each its small layer before any
/// gets a large one. A picture that does not fit is paused, so that voices survive. Down quickly, up slowly.
class LayerAllocator {
 public:
  /// Up only with this much room to spare, or the next busy second takes it back.
  static constexpr unsigned kUpPercent = 110;
  static constexpr unsigned kResumePercent = 125;
  /// A burst (a keyframe) is no reason to step down; a second of queue is.
  static constexpr std::chrono::milliseconds kStepDownAfter{300};
  static constexpr std::chrono::milliseconds kPauseAfter{1'000};
  static constexpr std::chrono::seconds kResumeAfter{3};
  /// After a step down; doubled by each further one, so that a path in between does not flap.
  static constexpr std::chrono::seconds kFirstHold{4};
  static constexpr std::chrono::seconds kMostHold{32};

  /// Sets the choices for `pictures`, most important first, and returns the rate that the next better allocation needs
  /// (0: everything is as good as it gets). Only a path known to be full (`congested`) takes something away: an
  /// estimate may be low just because little was sent.
  /// `shown_bps` is what arrives right now without a queue: what flows already may go on up to that, whatever the
  /// estimate says.
  [[nodiscard]] static std::uint32_t allocate(std::uint32_t estimate_bps, std::uint32_t shown_bps,
                                              std::uint32_t sound_bps, bool congested,
                                              std::span<PictureDemand> pictures, SteadyTime now);
};

}  // namespace tw::media
