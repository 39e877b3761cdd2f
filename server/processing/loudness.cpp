#include "processing/loudness.hpp"

#include <algorithm>
#include <cmath>

namespace tw::processing {
namespace {

constexpr std::size_t kStepSamples = 4'800;  // 100 ms
constexpr std::size_t kStepsPerBlock = 4;    // blocks of 400 ms that overlap by 75 %
constexpr std::size_t kMostSteps = 864'000;  // a day
constexpr double kAbsoluteGate = -70;
constexpr double kRelativeGate = -10;

double lufs_of(double mean_square) { return mean_square > 0 ? -0.691 + 10 * std::log10(mean_square) : -1'000; }

/// Mean of the blocks that are louder than `gate`; 0 where none is.
double mean_above(const std::vector<double>& blocks, double gate) {
  double sum = 0;
  std::size_t count = 0;
  for (const double block : blocks) {
    if (lufs_of(block) <= gate) continue;
    sum += block;
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

}  // namespace

void LoudnessMeter::add(std::span<const float> samples) {
  for (const float sample : samples) {
    const double weighted = high_pass_.step(shelf_.step(sample));
    energy_ += weighted * weighted;
    if (++in_step_ < kStepSamples) continue;
    if (steps_.size() < kMostSteps) steps_.push_back(static_cast<float>(energy_ / kStepSamples));
    energy_ = 0;
    in_step_ = 0;
  }
}

std::optional<double> LoudnessMeter::integrated() const {
  std::vector<double> blocks;
  for (std::size_t i = 0; i + kStepsPerBlock <= steps_.size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < kStepsPerBlock; ++k) sum += static_cast<double>(steps_[i + k]);
    blocks.push_back(sum / kStepsPerBlock);
  }
  const double ungated = mean_above(blocks, kAbsoluteGate);
  if (ungated <= 0) return std::nullopt;
  return lufs_of(mean_above(blocks, std::max(kAbsoluteGate, lufs_of(ungated) + kRelativeGate)));
}

float gain_for(const std::optional<double>& lufs) {
  if (!lufs) return 1;
  return static_cast<float>(std::pow(10.0, std::clamp(kTargetLufs - *lufs, -kMostGainDb, kMostGainDb) / 20));
}

}  // namespace tw::processing
