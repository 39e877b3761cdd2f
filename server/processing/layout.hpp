#pragma once

#include <cstddef>
#include <vector>

#include "processing/area.hpp"
#include "recording/processor.hpp"

namespace tw::processing {

/// A room holds no more people.
constexpr std::size_t kMostFaces = 10;

/// Where everybody is in the picture of a composed film.
struct Layout {
  Area large{};             ///< of a shared screen or a film; empty when there is none
  std::vector<Area> faces;  ///< in the order of the people; a later one lies over an earlier one
};

/// Without something large, people share the picture evenly: one whole, two beside each other (or the second in a
/// corner of the first), more in a grid. With it, it takes the left and they stand in a column at the right, small.
/// `faces` is at most 10; with none and nothing large, the layout is empty.
[[nodiscard]] Layout lay_out(std::size_t faces, bool large, recording::LayoutStyle style, int width, int height);

}  // namespace tw::processing
