#include "processing/text_painter.hpp"

#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

namespace tw::processing {
namespace {

struct SurfaceFree {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct CairoFree {
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
};
struct ObjectFree {
  void operator()(void* object) const { g_object_unref(object); }
};
struct FontFree {
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};
using SurfacePtr = std::unique_ptr<cairo_surface_t, SurfaceFree>;
using CairoPtr = std::unique_ptr<cairo_t, CairoFree>;
using LayoutPtr = std::unique_ptr<PangoLayout, ObjectFree>;
using FontPtr = std::unique_ptr<PangoFontDescription, FontFree>;

constexpr const char* kFont = "Noto Sans CJK SC, sans-serif";

LayoutPtr lay_out(cairo_t* cairo, const std::vector<std::string>& lines, const TextStyle& style) {
  LayoutPtr layout(pango_cairo_create_layout(cairo));
  const FontPtr font(pango_font_description_from_string(kFont));
  pango_font_description_set_absolute_size(font.get(), style.font_px * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_width(layout.get(), static_cast<int>((style.width - 2 * style.padding_px) * PANGO_SCALE));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_alignment(layout.get(), style.centred ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
  pango_layout_set_auto_dir(layout.get(), FALSE);
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  pango_layout_set_text(layout.get(), text.c_str(), static_cast<int>(text.size()));
  return layout;
}

int rounded_up(double value, int step) { return static_cast<int>(std::ceil(value / step)) * step; }

}  // namespace

TextImage paint_text(const std::vector<std::string>& lines, const TextStyle& style) {
  const SurfacePtr scratch(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 1, 1));
  const CairoPtr measure(cairo_create(scratch.get()));
  LayoutPtr layout = lay_out(measure.get(), lines, style);
  int text_width = 0;
  int text_height = 0;
  pango_layout_get_pixel_size(layout.get(), &text_width, &text_height);

  TextImage image;
  image.width = style.width;
  if (style.shrink) {
    image.width = std::min(style.width, rounded_up(text_width + 2 * style.padding_px, 2));
    pango_layout_set_width(layout.get(), -1);
  }
  image.height = style.height > 0 ? style.height : rounded_up(text_height + 2 * style.padding_px, style.height_step);
  const SurfacePtr surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, image.width, image.height));
  {
    const CairoPtr cairo(cairo_create(surface.get()));
    cairo_set_operator(cairo.get(), CAIRO_OPERATOR_SOURCE);
    cairo_set_source_rgba(cairo.get(), style.ground[0], style.ground[1], style.ground[2], style.ground[3]);
    cairo_paint(cairo.get());
    cairo_set_operator(cairo.get(), CAIRO_OPERATOR_OVER);
    cairo_set_source_rgb(cairo.get(), style.ink[0], style.ink[1], style.ink[2]);
    cairo_move_to(cairo.get(), style.padding_px, std::floor((image.height - text_height) / 2.0));
    pango_cairo_update_layout(cairo.get(), layout.get());
    pango_cairo_show_layout(cairo.get(), layout.get());
  }
  cairo_surface_flush(surface.get());
  const int stride = cairo_image_surface_get_stride(surface.get());
  const unsigned char* rows = cairo_image_surface_get_data(surface.get());
  image.pixels.resize(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * 4);
  for (int y = 0; y < image.height && rows != nullptr; ++y) {
    std::memcpy(image.pixels.data() + static_cast<std::ptrdiff_t>(y) * image.width * 4,
                rows + static_cast<std::ptrdiff_t>(y) * stride, static_cast<std::size_t>(image.width) * 4);
  }
  return image;
}

void warm_fonts() { static_cast<void>(paint_text({"面签 Interview 0123456789 :-+.,", "°′″·—（）"}, {})); }

}  // namespace tw::processing
