#pragma once

#include <cstddef>
#include <cstdint>

#include "base/encoding.hpp"
#include "base/result.hpp"

namespace tw::service {

/// A logo as it is handed out: what draws the picture and nothing else.
struct LogoPicture {
  const char* media_type = "";  ///< image/png, image/jpeg
  std::int64_t width = 0;       ///< pixels
  std::int64_t height = 0;      ///< pixels
  Bytes bytes;
};

/// What a page loads before anything else is seen; a logo of a header is some ten KiB.
inline constexpr std::size_t kMostLogoBytes = std::size_t{256} * 1024;
inline constexpr std::int64_t kLeastLogoSide = 16;
/// Three times the largest that a page shows, and small for a browser to decode.
inline constexpr std::int64_t kMostLogoSide = 1'024;

/// Walks a PNG (third edition) or a JPEG (ITU-T T.81) piece by piece without decoding it, and writes it again without
/// texts, places, cameras' names, previews, animations and whatever stands behind its end. Pure.
/// `logo.not_picture` (415), `logo.damaged` (422), `logo.dimensions` (422), `logo.too_large` (413).
[[nodiscard]] Result<LogoPicture> read_logo(ByteView file);

}  // namespace tw::service
