#pragma once

#include <algorithm>
#include <memory>
#include <utility>

#include "processing/canvas.hpp"
#include "processing/composed_writer.hpp"
#include "processing/picture_source.hpp"

/// How much a film looks like what it was made of.
namespace tw::processing {

/// Structural similarity of two luma planes, mean over windows of 8×8 (Wang et al. 2004).
class Similarity {
 public:
  void add(const std::uint8_t* a, int a_stride, const std::uint8_t* b, int b_stride) {
    double sa = 0;
    double sb = 0;
    double saa = 0;
    double sbb = 0;
    double sab = 0;
    for (int y = 0; y < 8; ++y) {
      for (int x = 0; x < 8; ++x) {
        const double va = a[y * a_stride + x];
        const double vb = b[y * b_stride + x];
        sa += va;
        sb += vb;
        saa += va * va;
        sbb += vb * vb;
        sab += va * vb;
      }
    }
    constexpr double kC1 = 6.5025;
    constexpr double kC2 = 58.5225;
    const double ma = sa / 64;
    const double mb = sb / 64;
    sum_ += (2 * ma * mb + kC1) * (2 * (sab / 64 - ma * mb) + kC2) /
            ((ma * ma + mb * mb + kC1) * (saa / 64 - ma * ma + sbb / 64 - mb * mb + kC2));
    ++count_;
  }
  [[nodiscard]] double mean() const { return sum_ / count_; }

 private:
  double sum_ = 0;
  int count_ = 0;
};

/// The customer's place in a film of two people beside each other, picture by picture, against what the stage was given
/// for it: the pictures of their stream file, in the size of the place.
class LikenessOfTheCustomer {
 public:
  explicit LikenessOfTheCustomer(std::unique_ptr<PictureReader> reader) : given_(std::move(reader), {}) {}

  /// The film's pictures in order. Those that show nobody count for nothing.
  void see(const AVFrame& shown, double seconds) {
    const auto given = given_.at(static_cast<std::int64_t>(seconds * 1e6), kTickUs / 2);
    if (!given || *given == nullptr || seconds < from_seconds) return;
    if (!canvas_.draw(**given, media::Rotation::none, {0, 0, 640, 720})) return;
    Similarity one;
    for (int y = 216; y < 540 - 8; y += 8) {  // below their name, above the mark
      for (int x = 0; x < 640; x += 8) {
        const AVFrame& ours = canvas_.frame();
        one.add(ours.data[0] + y * ours.linesize[0] + x, ours.linesize[0], shown.data[0] + y * shown.linesize[0] + x,
                shown.linesize[0]);
      }
    }
    sum_ += one.mean();
    least_ = std::min(least_, one.mean());
    ++pictures_;
  }
  [[nodiscard]] int pictures() const { return pictures_; }
  [[nodiscard]] double mean() const { return pictures_ > 0 ? sum_ / pictures_ : 0; }
  [[nodiscard]] double least() const { return least_; }

  double from_seconds = 0;  ///< what is before is not compared

 private:
  PictureSource given_;
  Canvas canvas_{1280, 720};
  double sum_ = 0;
  double least_ = 1;
  int pictures_ = 0;
};

}  // namespace tw::processing
