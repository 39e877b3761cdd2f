#include "processing/canvas.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace tw::processing {
namespace {

std::uint8_t clamp_byte(double value) { return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L)); }

int even(double value) { return std::max(2, static_cast<int>(std::lround(value / 2)) * 2); }

/// Half as wide and high: the mean of four pixels. It is what the scaler comes to, for a third of its time.
void halve(const std::uint8_t* in, int in_stride, std::uint8_t* out, int out_stride, int width, int height) {
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* above = in + static_cast<std::ptrdiff_t>(2 * y) * in_stride;
    const std::uint8_t* below = above + in_stride;
    std::uint8_t* row = out + static_cast<std::ptrdiff_t>(y) * out_stride;
    for (std::ptrdiff_t x = 0; x < width; ++x) {
      const int sum = above[2 * x] + above[2 * x + 1] + below[2 * x] + below[2 * x + 1];
      row[x] = static_cast<std::uint8_t>((sum + 2) >> 2);
    }
  }
}

/// Places have even sides, so the planes of colour halve without a rest, too.
bool is_half(const AVFrame& picture, int width, int height) {
  return picture.format == AV_PIX_FMT_YUV420P && picture.width == 2 * width && picture.height == 2 * height;
}

/// Copies a plane of `width`×`height` (as it stands upright) out of one that is turned.
void copy_turned(const std::uint8_t* in, int in_stride, int in_width, int in_height, media::Rotation rotation,
                 std::uint8_t* out, int out_stride) {
  const bool sideways = rotation == media::Rotation::clockwise_90 || rotation == media::Rotation::clockwise_270;
  const int width = sideways ? in_height : in_width;
  const int height = sideways ? in_width : in_height;
  // Input byte of the output's pixel (x, y): start + x · across + y · down.
  std::ptrdiff_t start = 0;
  std::ptrdiff_t across = 1;
  std::ptrdiff_t down = in_stride;
  switch (rotation) {
    case media::Rotation::none: break;
    case media::Rotation::clockwise_90:
      start = static_cast<std::ptrdiff_t>(in_height - 1) * in_stride;
      across = -in_stride;
      down = 1;
      break;
    case media::Rotation::clockwise_180:
      start = static_cast<std::ptrdiff_t>(in_height - 1) * in_stride + in_width - 1;
      across = -1;
      down = -in_stride;
      break;
    case media::Rotation::clockwise_270:
      start = in_width - 1;
      across = in_stride;
      down = -1;
      break;
  }
  for (int y = 0; y < height; ++y) {
    std::uint8_t* row = out + static_cast<std::ptrdiff_t>(y) * out_stride;
    const std::uint8_t* from = in + start + y * down;
    if (across == 1) {
      std::memcpy(row, from, static_cast<std::size_t>(width));
      continue;
    }
    for (int x = 0; x < width; ++x) row[x] = from[x * across];
  }
}

}  // namespace

Overlay::Overlay(const TextImage& image) : width_(image.width & ~1), height_(image.height & ~1) {
  const auto prepare = [](Plane& plane, int width, int height) {
    plane.width = width;
    plane.height = height;
    plane.colour.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    plane.clear.resize(plane.colour.size());
  };
  prepare(y_, width_, height_);
  prepare(u_, width_ / 2, height_ / 2);
  prepare(v_, width_ / 2, height_ / 2);
  // BT.601 with limited range, out of colours already multiplied by alpha.
  for (int y = 0; y < height_; ++y) {
    for (int x = 0; x < width_; ++x) {
      const std::uint8_t* p = image.row(y) + static_cast<std::ptrdiff_t>(x) * 4;
      const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
      y_.colour[at] = clamp_byte(16.0 * p[3] / 255 + 0.257 * p[2] + 0.504 * p[1] + 0.098 * p[0]);
      y_.clear[at] = static_cast<std::uint8_t>(255 - p[3]);
    }
  }
  for (int y = 0; y < height_ / 2; ++y) {
    for (int x = 0; x < width_ / 2; ++x) {
      double b = 0;
      double g = 0;
      double r = 0;
      double a = 0;
      for (int i = 0; i < 4; ++i) {
        const std::uint8_t* p = image.row(y * 2 + i / 2) + static_cast<std::ptrdiff_t>(x * 2 + i % 2) * 4;
        b += p[0] / 4.0;
        g += p[1] / 4.0;
        r += p[2] / 4.0;
        a += p[3] / 4.0;
      }
      const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(width_ / 2) + static_cast<std::size_t>(x);
      u_.colour[at] = clamp_byte(128.0 * a / 255 - 0.148 * r - 0.291 * g + 0.439 * b);
      v_.colour[at] = clamp_byte(128.0 * a / 255 + 0.439 * r - 0.368 * g - 0.071 * b);
      u_.clear[at] = v_.clear[at] = clamp_byte(255 - a);
    }
  }
}

void Overlay::blend_plane(const Plane& plane, std::uint8_t* out, int stride, int width, int height) {
  for (int y = 0; y < std::min(plane.height, height); ++y) {
    const std::uint8_t* colour = plane.colour.data() + static_cast<std::ptrdiff_t>(y) * plane.width;
    const std::uint8_t* clear = plane.clear.data() + static_cast<std::ptrdiff_t>(y) * plane.width;
    std::uint8_t* row = out + static_cast<std::ptrdiff_t>(y) * stride;
    for (int x = 0; x < std::min(plane.width, width); ++x) {
      const unsigned ground = row[x] * unsigned{clear[x]} + 128;
      row[x] = static_cast<std::uint8_t>(std::min(255U, colour[x] + ((ground + (ground >> 8)) >> 8)));
    }
  }
}

void Overlay::blend(AVFrame& frame, int x, int y) const {
  if (x >= frame.width || y >= frame.height) return;
  const auto start = [&](int plane, int px, int py) {
    return frame.data[plane] + static_cast<std::ptrdiff_t>(py) * frame.linesize[plane] + px;
  };
  blend_plane(y_, start(0, x, y), frame.linesize[0], frame.width - x, frame.height - y);
  blend_plane(u_, start(1, x / 2, y / 2), frame.linesize[1], (frame.width - x) / 2, (frame.height - y) / 2);
  blend_plane(v_, start(2, x / 2, y / 2), frame.linesize[2], (frame.width - x) / 2, (frame.height - y) / 2);
}

Canvas::Canvas(int width, int height) : frame_(make_picture(width, height, AV_PIX_FMT_YUV420P)) {
  fill({0, 0, width, height}, 16, 128, 128);
}

void Canvas::fill(const Area& area, std::uint8_t y, std::uint8_t u, std::uint8_t v) {
  const std::uint8_t values[] = {y, u, v};
  for (int plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    for (int row = area.y >> shift; row < (area.y + area.height) >> shift; ++row) {
      std::memset(frame_->data[plane] + static_cast<std::ptrdiff_t>(row) * frame_->linesize[plane] + (area.x >> shift),
                  values[plane], static_cast<std::size_t>(area.width >> shift));
    }
  }
}

bool Canvas::draw(const AVFrame& picture, media::Rotation rotation, const Area& area) {
  const bool sideways = rotation == media::Rotation::clockwise_90 || rotation == media::Rotation::clockwise_270;
  const double upright_width = sideways ? picture.height : picture.width;
  const double upright_height = sideways ? picture.width : picture.height;
  const double factor = std::min(area.width / upright_width, area.height / upright_height);
  const int width = std::min(even(upright_width * factor), area.width);
  const int height = std::min(even(upright_height * factor), area.height);
  const int scaled_width = sideways ? height : width;
  const int scaled_height = sideways ? width : height;

  const int x = area.x + (area.width - width) / 4 * 2;
  const int y = area.y + (area.height - height) / 4 * 2;
  const auto place = [&](int plane) {
    const int shift = plane == 0 ? 0 : 1;
    return frame_->data[plane] + static_cast<std::ptrdiff_t>(y >> shift) * frame_->linesize[plane] + (x >> shift);
  };
  if (rotation == media::Rotation::none && is_half(picture, width, height)) {  // a 720p camera beside another
    for (int plane = 0; plane < 3; ++plane) {
      const int shift = plane == 0 ? 0 : 1;
      halve(picture.data[plane], picture.linesize[plane], place(plane), frame_->linesize[plane], width >> shift,
            height >> shift);
    }
    return true;
  }

  if (!scaled_ || scaled_->width != scaled_width || scaled_->height != scaled_height) {
    scaled_ = make_picture(scaled_width, scaled_height, AV_PIX_FMT_YUV420P);
  }
  scaler_.reset(sws_getCachedContext(scaler_.release(), picture.width, picture.height,
                                     static_cast<AVPixelFormat>(picture.format), scaled_width, scaled_height,
                                     AV_PIX_FMT_YUV420P, SWS_FAST_BILINEAR, nullptr, nullptr, nullptr));
  if (!scaler_) return false;
  if (sws_scale(scaler_.get(), picture.data, picture.linesize, 0, picture.height, scaled_->data, scaled_->linesize) <=
      0)
    return false;
  for (int plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    copy_turned(scaled_->data[plane], scaled_->linesize[plane], scaled_width >> shift, scaled_height >> shift, rotation,
                place(plane), frame_->linesize[plane]);
  }
  return true;
}

}  // namespace tw::processing
