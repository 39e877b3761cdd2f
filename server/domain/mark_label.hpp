#pragma once

#include <string_view>

#include "base/ids.hpp"

namespace tw {

/// Of a word that agents set on the timeline by one key.
struct MarkLabelTag {
  static constexpr std::string_view kPrefix = "mkl";
};
using MarkLabelId = Id<MarkLabelTag>;

}  // namespace tw
