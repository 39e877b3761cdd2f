#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

/// Rules of the texts that administrators type; the same for all of them.
namespace tw::service {

inline constexpr std::size_t kMostNameCharacters = 64;

/// `field.invalid` with the field's name unless it is UTF-8 of `least` to `most` characters, without control
/// characters, and without white space at its ends.
[[nodiscard]] Result<void> check_text(std::string_view field, std::string_view text, std::size_t least,
                                      std::size_t most);
[[nodiscard]] inline Result<void> check_name(std::string_view field, std::string_view text) {
  return check_text(field, text, 1, kMostNameCharacters);
}
[[nodiscard]] tl::unexpected<Error> field_invalid(std::string_view field, std::string message);
/// `not_found` (404), the same bytes for every unknown id.
[[nodiscard]] tl::unexpected<Error> not_found();

/// An object for the audit log.
[[nodiscard]] std::string json_of(std::initializer_list<std::pair<std::string_view, std::string_view>> members);

}  // namespace tw::service
