#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/aes_gcm.hpp"
#include "crypto/secret_key.hpp"

namespace tw {

/// AES-256-GCM under one key, its schedule computed once. Thread-compatible. Whoever uses it must never give a nonce
/// twice for different plain texts.
class Aes256Gcm {
 public:
  static constexpr std::size_t kNonceBytes = 12;
  static constexpr std::size_t kTagBytes = kGcmTagBytes;
  using Nonce = std::array<std::uint8_t, kNonceBytes>;

  explicit Aes256Gcm(const SecretKey& key);

  /// `out` is plain.size() + kTagBytes long: cipher text, then tag.
  void seal(const Nonce& nonce, ByteView additional, ByteView plain, std::span<std::uint8_t> out);
  /// `out` is sealed.size() - kTagBytes long. False when it does not authenticate; `out` is then wiped.
  [[nodiscard]] bool open(const Nonce& nonce, ByteView additional, ByteView sealed, std::span<std::uint8_t> out);

 private:
  AesGcm sealing_;
  AesGcm opening_;
};

/// A small secret for a column of the database: random nonce, cipher text, tag. `context` says what it is, and must be
/// the same when it is opened, so that one sealed value cannot be put in place of another.
[[nodiscard]] Bytes seal_value(const SecretKey& key, ByteView plain, std::string_view context, Random& random);
/// `key.unseal_failed` when another key, another context or changed bytes are given.
[[nodiscard]] Result<Bytes> open_value(const SecretKey& key, ByteView sealed, std::string_view context);

}  // namespace tw
