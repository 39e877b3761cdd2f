#include "processing/layout.hpp"

#include <algorithm>

namespace tw::processing {
namespace {

constexpr int kCornerShare = 4;  // of the width: a face in a corner
constexpr int kCornerMarginPx = 16;
constexpr int kMarkPx = 48;      // the mark's line at the lower edge, which must not hide a face
constexpr int kColumnShare = 4;  // of the width: the column beside something large
constexpr std::size_t kMostInOneColumn = 4;

int even(int value) { return value & ~1; }

/// Cell `index` of a grid that fills `all`.
Area cell(const Area& all, int columns, int rows, int index) {
  const int column = index % columns;
  const int row = index / columns;
  const int left = even(all.width * column / columns);
  const int right = even(all.width * (column + 1) / columns);
  const int top = even(all.height * row / rows);
  const int bottom = even(all.height * (row + 1) / rows);
  return {all.x + left, all.y + top, right - left, bottom - top};
}

int columns_for(std::size_t faces) {
  int columns = 1;
  while (static_cast<std::size_t>(columns) * static_cast<std::size_t>(columns) < faces) ++columns;
  return columns;
}

std::vector<Area> grid(const Area& all, std::size_t faces, int columns, int rows) {
  std::vector<Area> cells;
  for (std::size_t i = 0; i < faces; ++i) cells.push_back(cell(all, columns, rows, static_cast<int>(i)));
  return cells;
}

}  // namespace

Layout lay_out(std::size_t faces, bool large, recording::LayoutStyle style, int width, int height) {
  Layout layout;
  const Area all{0, 0, width, height};
  if (large) {
    const int column = faces == 0 ? 0 : even(width / kColumnShare);
    layout.large = {0, 0, width - column, height};
    const int columns = faces > kMostInOneColumn ? 2 : 1;
    const int rows = (static_cast<int>(faces) + columns - 1) / columns;
    if (rows > 0) {
      const int wanted = even(column / columns * 9 / 16) * rows;
      const Area strip{width - column, 0, column, std::min(wanted, height)};
      layout.faces = grid(strip, faces, columns, rows);
    }
    return layout;
  }
  if (faces == 2 && style == recording::LayoutStyle::picture_in_picture) {
    const int corner_width = even(width / kCornerShare);
    const int corner_height = even(corner_width * 9 / 16);
    layout.faces = {
        all, {width - corner_width - kCornerMarginPx, height - corner_height - kMarkPx, corner_width, corner_height}};
    return layout;
  }
  if (faces > 0) {
    const int columns = columns_for(faces);
    layout.faces = grid(all, faces, columns, (static_cast<int>(faces) + columns - 1) / columns);
  }
  return layout;
}

}  // namespace tw::processing
