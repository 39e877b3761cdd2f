#pragma once

#include <string>
#include <vector>

#include "media/media_types.hpp"
#include "processing/area.hpp"
#include "processing/ffmpeg_handles.hpp"
#include "processing/text_painter.hpp"

namespace tw::processing {

/// Text ready to be laid over 4:2:0 pictures: colour times alpha, and what is left of the ground.
class Overlay {
 public:
  Overlay() = default;
  explicit Overlay(const TextImage& image);
  /// `x` and `y` are even.
  void blend(AVFrame& frame, int x, int y) const;
  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }

 private:
  struct Plane {
    int width = 0;
    int height = 0;
    Bytes colour;
    Bytes clear;
  };
  static void blend_plane(const Plane& plane, std::uint8_t* out, int stride, int width, int height);

  int width_ = 0;
  int height_ = 0;
  Plane y_;
  Plane u_;
  Plane v_;
};

/// Draws decoded pictures, upright and whole, into areas of a 4:2:0 picture. All areas have even bounds.
class Canvas {
 public:
  Canvas(int width, int height);

  [[nodiscard]] AVFrame& frame() { return *frame_; }
  void fill(const Area& area, std::uint8_t y, std::uint8_t u, std::uint8_t v);
  /// As large as fits in the area, in its middle; what is left stays as it was. False when it cannot be converted.
  [[nodiscard]] bool draw(const AVFrame& picture, media::Rotation rotation, const Area& area);

 private:
  FramePtr frame_;
  FramePtr scaled_;
  ScalerPtr scaler_;
};

}  // namespace tw::processing
