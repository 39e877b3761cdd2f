#include "crypto/token.hpp"

#include <array>

#include "base/byte_order.hpp"
#include "crypto/digest.hpp"

namespace tw {
namespace {

constexpr std::size_t kExpiryBytes = 8;
/// Links carry a return address; nothing longer is ours.
constexpr std::size_t kMostTokenBytes = 4096;

/// The prefix is in the signature, so that a token for one purpose is none for another even under the same key.
Sha256Digest signature(std::string_view prefix, std::string_view body, const SecretKey& key) {
  std::string text(prefix);
  text.append(body);
  return hmac_sha256(key.derive("signed token").bytes(), as_bytes(text));
}

}  // namespace

std::string make_token(std::string_view prefix, Random& random) {
  std::array<std::uint8_t, 32> secret;
  random.fill(secret);
  return std::string(prefix) + to_base64url(secret);
}

std::string token_hash(std::string_view token) { return to_hex(sha256(as_bytes(token))); }

std::string sign_token(std::string_view prefix, std::string_view claims, WallTime expires, const SecretKey& key) {
  Bytes body(kExpiryBytes);
  store_be(body.data(), static_cast<std::uint64_t>(to_micros(expires)));
  body.insert(body.end(), claims.begin(), claims.end());
  const std::string coded = to_base64url(body);
  return std::string(prefix) + coded + "." + to_base64url(signature(prefix, coded, key));
}

Result<std::string> verify_token(std::string_view prefix, std::string_view token, WallTime now, const SecretKey& key) {
  const auto invalid = [] {
    return fail(ErrorKind::unauthenticated, "token.invalid",
                "The token is not one of this server's; ask for a new one.");
  };
  if (token.size() > kMostTokenBytes || !token.starts_with(prefix)) return invalid();
  token.remove_prefix(prefix.size());
  const std::size_t dot = token.find('.');
  if (dot == std::string_view::npos) return invalid();
  const std::string_view coded = token.substr(0, dot);
  const auto given = from_base64url(token.substr(dot + 1));
  if (!given || !equal_in_constant_time(*given, signature(prefix, coded, key))) return invalid();
  const auto body = from_base64url(coded);
  if (!body || body->size() < kExpiryBytes) return invalid();
  const auto expires = from_micros(static_cast<std::int64_t>(load_be<std::uint64_t>(body->data())));
  if (now >= expires) return fail(ErrorKind::gone, "token.expired", "The token's time is over; ask for a new one.");
  return std::string(as_text(ByteView(*body).subspan(kExpiryBytes)));
}

}  // namespace tw
