#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "processing/picture_reader.hpp"
#include "processing/stream_files.hpp"

namespace tw::processing {

/// A picture that fell silent is shown this long; then it counts as missing.
constexpr std::int64_t kPictureStaleUs = 3'000'000;

/// Somebody's picture out of their stream file, asked for with times that only grow.
class PictureSource {
 public:
  PictureSource(std::unique_ptr<PictureReader> reader, std::vector<RotationChange> rotations);

  /// What was taken nearest to `at_us`: the newest picture not more than half a frame (`tolerance_us`) after it. Null
  /// where there is none or it is stale. Valid until the next call. Pictures that come as often as they are asked for
  /// are each shown once, however their times jitter around the middle between two questions.
  [[nodiscard]] Result<const AVFrame*> at(std::int64_t at_us, std::int64_t tolerance_us);
  /// The same, but what was last seen stays for good: a screen on which nothing moves sends nothing.
  [[nodiscard]] Result<const AVFrame*> newest(std::int64_t at_us, std::int64_t tolerance_us);
  /// Counts pictures; a new one has another number.
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] media::Rotation rotation() const;
  /// How far each picture was shown behind its own time, in microseconds.
  [[nodiscard]] const std::vector<float>& lateness() const { return lateness_; }

 private:
  [[nodiscard]] Result<void> look_ahead();
  /// True when a new picture came.
  [[nodiscard]] Result<bool> follow(std::int64_t at_us, std::int64_t tolerance_us);

  std::unique_ptr<PictureReader> reader_;
  std::vector<RotationChange> rotations_;
  FramePtr current_;
  FramePtr next_;
  bool has_current_ = false;
  bool has_next_ = false;
  bool ended_ = false;
  std::int64_t current_us_ = 0;
  std::int64_t next_us_ = 0;
  std::uint64_t number_ = 0;
  std::vector<float> lateness_;
};

}  // namespace tw::processing
