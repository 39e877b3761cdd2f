#pragma once

#include <string_view>

#include "base/encoding.hpp"

namespace tw {

/// A file that was put into the binary when it was built; see cmake/embed.cmake.
struct EmbeddedFile {
  std::string_view path;  ///< relative to the embedded folder, with '/'
  ByteView content;
};

}  // namespace tw
