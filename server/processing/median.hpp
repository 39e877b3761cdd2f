#pragma once

#include <algorithm>
#include <vector>

namespace tw::processing {

/// The middle one of `values`, of which there is at least one.
[[nodiscard]] inline double median_of_values(std::vector<float> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return static_cast<double>(*middle);
}

}  // namespace tw::processing
