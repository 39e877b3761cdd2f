#pragma once

#include <optional>
#include <string_view>

#include "crypto/digest.hpp"

namespace tw::api {

/// The SHA-256 in a Content-Digest field (RFC 9530 section 2, a dictionary of RFC 8941): "sha-256=:…:", others are
/// passed over. Nullopt where there is none or it is malformed.
[[nodiscard]] std::optional<Sha256Digest> sha256_of_content(std::string_view field);

}  // namespace tw::api
