#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "media/session/sdp_negotiation.hpp"

namespace tw::media {

/// Which layer of a simulcast picture the taps get: the largest, whatever viewers watch; a smaller one only while the
/// largest is not sent, since a gap is worse than a coarse picture. Changes happen at keyframes.
class RecordedLayer {
 public:
  /// A layer that sent nothing for so long is not sent. Also how long the beginning waits for the largest.
  static constexpr std::chrono::milliseconds kSilence{1'000};
  /// Nor is one that misses for so long what another layer goes on sending: encoders give all layers the same pictures,
  /// so this one was switched off, and every further moment is a gap.
  static constexpr std::chrono::milliseconds kMissing{300};
  /// Nothing of any layer for so long: the way stood still, which says nothing about a layer.
  static constexpr std::chrono::milliseconds kStall{200};
  /// Between a change and one up again: each is a new track of the recording. The beginning is free of it, because
  /// browsers add the large layer only when their own estimate allows.
  static constexpr std::chrono::seconds kBetween{5};
  static constexpr unsigned kFreeChanges = 2;

  explicit RecordedLayer(std::size_t layers) : count_(layers) {}

  struct Verdict {
    bool record = false;                          ///< this packet is for the taps
    bool changed = false;                         ///< and it is the first of another layer
    std::optional<std::uint8_t> keyframe_wanted;  ///< a change waits for a keyframe of this layer
  };
  Verdict on_packet(std::uint8_t layer, bool keyframe_start, SteadyTime now);
  /// The size of a layer's picture, from its keyframe. Without it the later one of the offer counts as larger, which is
  /// how browsers scale when they are not told otherwise (W3C webrtc section 5.2, scaleResolutionDownBy).
  void on_size(std::uint8_t layer, std::uint32_t pixels) { layers_[layer].pixels = pixels; }

  [[nodiscard]] std::optional<std::uint8_t> current() const { return current_; }
  [[nodiscard]] bool is_live(std::uint8_t layer, SteadyTime now) const {
    const auto& [seen, missing_since, pixels] = layers_[layer];
    if (!seen || now - *seen >= kSilence) return false;
    return !missing_since || newest_ - *missing_since < kMissing;
  }
  [[nodiscard]] bool is_larger(std::uint8_t a, std::uint8_t b) const;

 private:
  void hear(std::uint8_t layer, SteadyTime now);
  [[nodiscard]] std::uint8_t largest() const;
  [[nodiscard]] std::uint8_t largest_live(std::uint8_t at_least, SteadyTime now) const;
  [[nodiscard]] std::optional<std::uint8_t> wanted(std::uint8_t arrived, SteadyTime now) const;

  struct Layer {
    std::optional<SteadyTime> seen;
    std::optional<SteadyTime> missing_since;  ///< another layer sent without a stall since then, this one nothing
    std::uint32_t pixels = 0;
  };
  std::array<Layer, kMaxLayers> layers_{};
  SteadyTime newest_{};  ///< of any layer
  std::size_t count_;
  std::optional<std::uint8_t> current_;
  std::optional<SteadyTime> began_;
  SteadyTime changed_{};
  unsigned changes_ = 0;
};

}  // namespace tw::media
