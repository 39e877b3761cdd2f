#include "media/session/recorded_layer.hpp"

namespace tw::media {

bool RecordedLayer::is_larger(std::uint8_t a, std::uint8_t b) const {
  if (layers_[a].pixels != 0 && layers_[b].pixels != 0 && layers_[a].pixels != layers_[b].pixels)
    return layers_[a].pixels > layers_[b].pixels;
  return a > b;
}

std::uint8_t RecordedLayer::largest() const {
  std::uint8_t result = 0;
  for (std::uint8_t i = 1; i < count_; ++i) {
    if (is_larger(i, result)) result = i;
  }
  return result;
}

std::uint8_t RecordedLayer::largest_live(std::uint8_t at_least, SteadyTime now) const {
  std::uint8_t result = at_least;
  for (std::uint8_t i = 0; i < count_; ++i) {
    if (is_live(i, now) && is_larger(i, result)) result = i;
  }
  return result;
}

std::optional<std::uint8_t> RecordedLayer::wanted(std::uint8_t arrived, SteadyTime now) const {
  const std::uint8_t best = largest_live(arrived, now);
  if (!current_) {
    if (best == largest() || now - *began_ >= kSilence) return best;
    return std::nullopt;
  }
  if (!is_live(*current_, now)) return best;
  const bool may_change = changes_ < kFreeChanges || now - changed_ >= kBetween;
  return is_larger(best, *current_) && may_change ? best : *current_;
}

void RecordedLayer::hear(std::uint8_t layer, SteadyTime now) {
  const bool stalled = now - newest_ > kStall;
  newest_ = now;
  for (Layer& other : layers_) {
    if (stalled || !other.missing_since) other.missing_since = now;
  }
  layers_[layer].seen = now;
  layers_[layer].missing_since.reset();
}

RecordedLayer::Verdict RecordedLayer::on_packet(std::uint8_t layer, bool keyframe_start, SteadyTime now) {
  if (layer >= count_) return {};
  if (!began_) began_ = now;
  hear(layer, now);
  const auto goal = wanted(layer, now);
  Verdict verdict;
  verdict.record = current_ == layer;
  if (!goal || goal == current_) return verdict;
  if (layer != *goal || !keyframe_start) {
    verdict.keyframe_wanted = goal;
    return verdict;
  }
  current_ = goal;
  changed_ = now;
  ++changes_;
  return {true, true, std::nullopt};
}

}  // namespace tw::media
