#pragma once

#include <string>
#include <vector>

#include "base/encoding.hpp"

namespace tw::processing {

/// A picture of text over a half-transparent ground: 4 bytes a pixel, blue, green, red, alpha, colours already
/// multiplied by alpha.
struct TextImage {
  int width = 0;
  int height = 0;
  Bytes pixels;
  [[nodiscard]] const std::uint8_t* row(int y) const {
    return pixels.data() + static_cast<std::ptrdiff_t>(y) * width * 4;
  }
};

struct TextStyle {
  double font_px = 24;
  int width = 640;      ///< of the image; longer lines are broken, never cut
  int height = 0;       ///< 0: as high as the text needs; else the text stands in the middle of it
  int height_step = 2;  ///< the height is rounded up to a multiple of it
  double padding_px = 8;
  bool centred = false;
  bool shrink = false;                 ///< the image gets only as wide as the text needs
  double ground[4] = {0, 0, 0, 0.45};  ///< red, green, blue, alpha
  double ink[3] = {1, 1, 1};
};

/// Draws lines of text with Pango; fonts as fontconfig finds them, Chinese and Latin (fonts-noto-cjk).
[[nodiscard]] TextImage paint_text(const std::vector<std::string>& lines, const TextStyle& style);

/// Loads the fonts, so that the first picture does not wait for them and the sandbox need not allow it.
void warm_fonts();

}  // namespace tw::processing
