#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"

namespace tw::domain {

/// By what a customer names their interview to the company: "7KQ4-MR2X". Seven random characters and one that checks
/// them, out of 29 without vowels (no words), without 0 and without L (I is no letter of it either). It opens nothing:
/// whoever knows one can do no more than say it.
[[nodiscard]] std::string make_receipt_number(Random& random);

/// What somebody typed or read out, in the one form above: small letters, spaces and hyphens do not matter, I and L are
/// taken for 1. nullopt where it is none: every single wrong character and every two that were swapped are noticed.
[[nodiscard]] std::optional<std::string> parse_receipt_number(std::string_view typed);

}  // namespace tw::domain
