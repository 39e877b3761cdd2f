#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "base/result.hpp"

namespace tw {

/// 256 secret bits that are wiped when they go. Move-only; `clone` says it when a copy is meant.
class SecretKey {
 public:
  static constexpr std::size_t kBytes = 32;

  [[nodiscard]] static SecretKey make(Random& random);
  /// `bytes` must be kBytes long (`key.wrong_length`).
  [[nodiscard]] static Result<SecretKey> from_bytes(ByteView bytes);
  SecretKey(SecretKey&& other) noexcept;
  SecretKey& operator=(SecretKey&& other) noexcept;
  ~SecretKey();

  [[nodiscard]] SecretKey clone() const;
  [[nodiscard]] ByteView bytes() const { return bytes_; }
  /// A key for one purpose (HKDF-SHA256, RFC 5869): the same label gives the same key.
  [[nodiscard]] SecretKey derive(std::string_view label) const;
  /// Seals `key` under this one (AES-256-GCM, random nonce). `context` names what the key is for; unwrapping needs the
  /// same.
  [[nodiscard]] Bytes wrap(const SecretKey& key, std::string_view context, Random& random) const;
  /// `key.unwrap_failed` when another key, another context or changed bytes are given.
  [[nodiscard]] Result<SecretKey> unwrap(ByteView wrapped, std::string_view context) const;

 private:
  SecretKey() = default;
  std::array<std::uint8_t, kBytes> bytes_{};
};

}  // namespace tw
