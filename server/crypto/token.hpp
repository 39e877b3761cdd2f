#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/secret_key.hpp"

namespace tw {

/// An opaque token: prefix ("twu_") and 256 random bits in base64url. Only its `token_hash` is stored.
[[nodiscard]] std::string make_token(std::string_view prefix, Random& random);
/// SHA-256 of the token in hexadecimal, the form in which tokens are stored and looked up.
[[nodiscard]] std::string token_hash(std::string_view token);

/// A signed token carries its claims: prefix, base64url(claims), ".", base64url(HMAC-SHA256). For links, media access
/// and tickets. `claims` is a small JSON text of ours; expiry is inside the signature.
[[nodiscard]] std::string sign_token(std::string_view prefix, std::string_view claims, WallTime expires,
                                     const SecretKey& key);
/// The claims. `token.invalid` for a wrong prefix, form or signature; `token.expired` (kind gone) after its time.
[[nodiscard]] Result<std::string> verify_token(std::string_view prefix, std::string_view token, WallTime now,
                                               const SecretKey& key);

}  // namespace tw
