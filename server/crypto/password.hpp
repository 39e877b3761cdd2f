#pragma once

#include <string>
#include <string_view>

namespace tw {

/// argon2id (RFC 9106) by libsodium with its interactive limits; the result carries salt and parameters.
[[nodiscard]] std::string hash_password(std::string_view password);
[[nodiscard]] bool verify_password(std::string_view password, const std::string& hash);
/// Takes as long as a real check: for names that do not exist.
void verify_no_password(std::string_view password);

}  // namespace tw
