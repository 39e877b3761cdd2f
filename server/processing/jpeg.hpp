#pragma once

#include "base/encoding.hpp"
#include "base/result.hpp"

namespace tw::processing {

/// Red, green, blue, one byte each, rows without padding.
struct RgbPicture {
  int width = 0;
  int height = 0;
  Bytes pixels;
  [[nodiscard]] std::uint8_t* row(int y) { return pixels.data() + static_cast<std::ptrdiff_t>(y) * width * 3; }
  [[nodiscard]] const std::uint8_t* row(int y) const {
    return pixels.data() + static_cast<std::ptrdiff_t>(y) * width * 3;
  }
};

/// Baseline JPEG with 4:2:0 colour. `quality` as libjpeg counts it, 1–100.
[[nodiscard]] Result<Bytes> encode_jpeg(const RgbPicture& picture, int quality);

/// A JPEG as a device made it, not yet turned.
struct StillPicture {
  RgbPicture picture;
  int orientation = 1;  ///< as EXIF counts, 1–8
};
/// Strict: a picture with holes is no evidence. `photo.damaged`, `photo.too_large` (more than `most_pixels`).
[[nodiscard]] Result<StillPicture> decode_jpeg(ByteView jpeg, std::int64_t most_pixels);

}  // namespace tw::processing
