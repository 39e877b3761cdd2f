#pragma once

#include "processing/ffmpeg_handles.hpp"

namespace tw::processing {

/// Turns pictures of a film upright and scales them to what is played: at most 1280×720 (720×1280 upright), even
/// numbers, never larger than the original. The size is that of the first picture; later ones are made to fit it.
class PictureFitter {
 public:
  static constexpr int kLongSide = 1280;
  static constexpr int kShortSide = 720;

  explicit PictureFitter(int turn_degrees) : turn_(turn_degrees) {}
  /// `processor.failed` where FFmpeg cannot scale it.
  [[nodiscard]] Result<FramePtr> fit(const AVFrame& frame);
  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }

 private:
  void choose_size(const AVFrame& frame);

  const int turn_;
  int width_ = 0;  // as played
  int height_ = 0;
  ScalerPtr scaler_;
};

}  // namespace tw::processing
