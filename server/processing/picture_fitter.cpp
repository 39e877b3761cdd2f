#include "processing/picture_fitter.hpp"

#include <algorithm>
#include <cmath>

namespace tw::processing {
namespace {

int even(double length) { return std::max(16, static_cast<int>(std::lround(length / 2)) * 2); }

/// One plane, turned clockwise.
void turn_plane(const std::uint8_t* from, int from_stride, int width, int height, std::uint8_t* to, int to_stride,
                int degrees) {
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* row = from + static_cast<std::ptrdiff_t>(y) * from_stride;
    for (int x = 0; x < width; ++x) {
      const int to_x = degrees == 90 ? height - 1 - y : degrees == 180 ? width - 1 - x : y;
      const int to_y = degrees == 90 ? x : degrees == 180 ? height - 1 - y : width - 1 - x;
      to[static_cast<std::ptrdiff_t>(to_y) * to_stride + to_x] = row[x];
    }
  }
}

}  // namespace

void PictureFitter::choose_size(const AVFrame& frame) {
  const AVRational aspect = frame.sample_aspect_ratio;
  const double stretch = aspect.num > 0 && aspect.den > 0 ? std::clamp(av_q2d(aspect), 0.25, 4.0) : 1.0;
  double width = frame.width * stretch;
  double height = frame.height;
  if (turn_ % 180 != 0) std::swap(width, height);
  const double most_width = width >= height ? kLongSide : kShortSide;
  const double most_height = width >= height ? kShortSide : kLongSide;
  const double scale = std::min({1.0, most_width / width, most_height / height});
  width_ = even(width * scale);
  height_ = even(height * scale);
}

Result<FramePtr> PictureFitter::fit(const AVFrame& frame) {
  if (frame.width <= 0 || frame.height <= 0) return av_fail("Scaling a picture", AVERROR_INVALIDDATA);
  if (width_ == 0) choose_size(frame);
  const bool lies = turn_ % 180 != 0;
  const int width = lies ? height_ : width_;
  const int height = lies ? width_ : height_;
  scaler_.reset(sws_getCachedContext(scaler_.release(), frame.width, frame.height,
                                     static_cast<AVPixelFormat>(frame.format), width, height, AV_PIX_FMT_YUV420P,
                                     SWS_BICUBIC, nullptr, nullptr, nullptr));
  if (!scaler_) return av_fail("Scaling a picture", AVERROR(EINVAL));
  FramePtr scaled = make_picture(width, height, AV_PIX_FMT_YUV420P);
  if (sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, scaled->data, scaled->linesize) < 0)
    return av_fail("Scaling a picture", AVERROR(EINVAL));
  if (turn_ == 0) return scaled;
  FramePtr turned = make_picture(width_, height_, AV_PIX_FMT_YUV420P);
  for (int plane = 0; plane < 3; ++plane) {
    const int divisor = plane == 0 ? 1 : 2;
    turn_plane(scaled->data[plane], scaled->linesize[plane], width / divisor, height / divisor, turned->data[plane],
               turned->linesize[plane], turn_);
  }
  return turned;
}

}  // namespace tw::processing
