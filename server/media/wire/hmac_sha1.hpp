#pragma once

#include <openssl/sha.h>

#include <array>
#include <cstdint>

#include "base/encoding.hpp"

namespace tw::media {

/// HMAC-SHA1 (RFC 2104) with one key for many messages. OpenSSL's EVP_MAC and HMAC allocate at each message; this keeps
/// the state after the key's block and copies it.
class HmacSha1 {
 public:
  static constexpr std::size_t kBytes = 20;
  using Digest = std::array<std::uint8_t, kBytes>;

  explicit HmacSha1(ByteView key);
  ~HmacSha1();
  HmacSha1(const HmacSha1&) = default;
  HmacSha1& operator=(const HmacSha1&) = default;

  /// Over `first` and then `second`.
  [[nodiscard]] Digest sign(ByteView first, ByteView second) const;

 private:
  SHA_CTX inner_;
  SHA_CTX outer_;
};

}  // namespace tw::media
