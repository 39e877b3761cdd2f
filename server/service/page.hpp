#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace tw::service {

/// A page of a list, newest first. Everything that can grow without end is read this way.
struct PageRequest {
  static constexpr std::size_t kDefaultItems = 50;
  static constexpr std::size_t kMostItems = 200;

  std::string cursor;  ///< `next_cursor` of the page before; empty for the first
  std::size_t limit = kDefaultItems;
};

template <class T>
struct Page {
  std::vector<T> items;
  std::string next_cursor;  ///< empty on the last page
};

/// Lists are sorted by id; a cursor is the last id of the page before, in base64url so that nobody builds on its form.
[[nodiscard]] std::string encode_cursor(const std::string& last_id);
/// The id; empty for an empty cursor. `cursor.invalid` (400); `field.invalid` where the limit is out of range.
[[nodiscard]] Result<std::string> decode_cursor(const PageRequest& request);

}  // namespace tw::service
