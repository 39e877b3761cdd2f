#include "processing/sound_mixer.hpp"

#include <algorithm>
#include <cmath>

#include "processing/record_source.hpp"

namespace tw::processing {
namespace {

/// A frame farther from where the last one ended is placed anew: a gap or another publication, no drift.
constexpr std::int64_t kSeam = kSampleRate / 20;  // 50 ms
/// Times in a stream file are whole milliseconds; smoothing over some frames takes that jitter away.
constexpr double kSmoothing = 0.05;
constexpr double kCorrectAbove = kSampleRate * 0.002;
constexpr double kCorrectedBelow = kSampleRate * 0.0003;
/// Samples by which a frame of 20 ms is stretched at most: 0.2 %, which nobody hears.
constexpr std::int64_t kStretchPerFrame = 2;
constexpr std::size_t kMostLateness = 2'000'000;  // ten hours of frames

std::vector<float> stretched(std::span<const float> samples, std::size_t length) {
  std::vector<float> out(length);
  const double step = length > 1 ? static_cast<double>(samples.size() - 1) / static_cast<double>(length - 1) : 0;
  for (std::size_t i = 0; i < length; ++i) {
    const double at = static_cast<double>(i) * step;
    const auto before = std::min(static_cast<std::size_t>(at), samples.size() - 1);
    const auto after = std::min(before + 1, samples.size() - 1);
    const auto part = static_cast<float>(at - static_cast<double>(before));
    out[i] = samples[before] * (1 - part) + samples[after] * part;
  }
  return out;
}

}  // namespace

void SoundLine::add(std::int64_t position, std::span<const float> samples) {
  if (samples.empty()) return;
  const std::int64_t error = position - end_;
  if (!started_ || std::abs(error) > kSeam) {
    smoothed_error_ = 0;
    correcting_ = false;
    if (started_ && error < 0) {  // doubled: what was placed first stays
      const auto cut = static_cast<std::size_t>(-error);
      if (cut >= samples.size()) return;
      samples = samples.subspan(cut);
    } else {
      end_ = position;
    }
    started_ = true;
    chunks_.push_back({end_, {samples.begin(), samples.end()}});
    end_ += static_cast<std::int64_t>(samples.size());
    return;
  }
  if (lateness_.size() < kMostLateness) lateness_.push_back(static_cast<float>(-error));
  smoothed_error_ += kSmoothing * (static_cast<double>(error) - smoothed_error_);
  correcting_ = std::abs(smoothed_error_) > (correcting_ ? kCorrectedBelow : kCorrectAbove);
  std::int64_t longer = 0;
  if (correcting_)
    longer = std::clamp<std::int64_t>(std::llround(smoothed_error_), -kStretchPerFrame, kStretchPerFrame);
  smoothed_error_ -= static_cast<double>(longer);
  const auto length =
      static_cast<std::size_t>(std::max<std::int64_t>(1, static_cast<std::int64_t>(samples.size()) + longer));
  chunks_.push_back(
      {end_, longer == 0 ? std::vector<float>(samples.begin(), samples.end()) : stretched(samples, length)});
  end_ += static_cast<std::int64_t>(chunks_.back().samples.size());
}

void SoundLine::mix(std::int64_t position, std::span<float> out) {
  const std::int64_t out_end = position + static_cast<std::int64_t>(out.size());
  for (const Chunk& chunk : chunks_) {
    const std::int64_t from = std::max(chunk.start, position);
    const std::int64_t to = std::min(chunk.start + static_cast<std::int64_t>(chunk.samples.size()), out_end);
    for (std::int64_t i = from; i < to; ++i) {
      out[static_cast<std::size_t>(i - position)] += chunk.samples[static_cast<std::size_t>(i - chunk.start)];
    }
  }
  while (!chunks_.empty() &&
         chunks_.front().start + static_cast<std::int64_t>(chunks_.front().samples.size()) <= out_end) {
    chunks_.pop_front();
  }
}

Result<void> SoundSource::mix(std::int64_t position, std::span<float> out) {
  const std::int64_t out_end = position + static_cast<std::int64_t>(out.size());
  while (!ended_ && line_.end() < out_end) {
    std::int64_t at_us = 0;
    const auto got = reader_->next(mono_, at_us);
    if (!got) return tl::unexpected(got.error());
    ended_ = !*got;
    if (ended_) break;
    for (float& sample : mono_) sample *= gain_;
    line_.add(at_us * kSampleRate / 1'000'000, mono_);
  }
  line_.mix(position, out);
  return {};
}

Result<std::optional<double>> loudness_of(SoundReader& reader, const std::function<bool()>& progress) {
  constexpr unsigned kPacketsBetweenReports = 500;
  LoudnessMeter meter;
  std::vector<float> samples;
  std::int64_t at_us = 0;
  for (unsigned packets = 1;; ++packets) {
    const auto got = reader.next(samples, at_us);
    if (!got) return tl::unexpected(got.error());
    if (!*got) return meter.integrated();
    meter.add(samples);
    if (packets % kPacketsBetweenReports == 0 && !progress()) return abandoned();
  }
}

void limit_softly(std::span<float> samples) {
  constexpr float kKnee = 0.8F;
  constexpr float kAbove = 1 - kKnee;
  for (float& sample : samples) {
    const float size = std::abs(sample);
    if (size > kKnee) sample = std::copysign(kKnee + kAbove * std::tanh((size - kKnee) / kAbove), sample);
  }
}

}  // namespace tw::processing
