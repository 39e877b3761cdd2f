#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "processing/loudness.hpp"
#include "processing/sound_reader.hpp"

namespace tw::processing {

constexpr int kSampleRate = 48'000;

/// One channel of samples laid on the recording's time line. Frames follow each other without a seam as long as their
/// times say so within some milliseconds; a clock that drifts is followed by stretching frames by a sample or two, a
/// gap stays silent, what comes doubled is cut.
class SoundLine {
 public:
  /// `position` in samples from the recording's start, by the frame's own time.
  void add(std::int64_t position, std::span<const float> samples);
  /// Adds what lies at `position` to `out` and forgets everything before its end.
  void mix(std::int64_t position, std::span<float> out);
  [[nodiscard]] std::int64_t end() const { return end_; }
  /// How far each frame was put behind its own time, in samples.
  [[nodiscard]] const std::vector<float>& lateness() const { return lateness_; }

 private:
  struct Chunk {
    std::int64_t start = 0;
    std::vector<float> samples;
  };
  std::deque<Chunk> chunks_;
  std::int64_t end_ = 0;
  bool started_ = false;
  bool correcting_ = false;
  double smoothed_error_ = 0;
  std::vector<float> lateness_;
};

/// Somebody's sound out of their stream file, as loud as everybody's.
class SoundSource {
 public:
  explicit SoundSource(std::unique_ptr<SoundReader> reader, float gain = 1) : reader_(std::move(reader)), gain_(gain) {}
  /// Adds what is heard from `position` on to `out`.
  [[nodiscard]] Result<void> mix(std::int64_t position, std::span<float> out);
  [[nodiscard]] const SoundLine& line() const { return line_; }

 private:
  std::unique_ptr<SoundReader> reader_;
  float gain_;
  SoundLine line_;
  bool ended_ = false;
  std::vector<float> mono_;
};

/// Listens to a whole file: how loud it is. `progress` may end it (`processor.abandoned`).
[[nodiscard]] Result<std::optional<double>> loudness_of(SoundReader& reader, const std::function<bool()>& progress);

/// Bends what several voices add up to into ±1 without a hard edge.
void limit_softly(std::span<float> samples);

}  // namespace tw::processing
