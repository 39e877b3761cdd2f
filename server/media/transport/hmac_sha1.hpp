#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/encoding.hpp"

namespace tw::media {

/// HMAC-SHA1 (RFC 2104) with one key for many messages. OpenSSL's EVP_MAC allocates at each message; this keeps the
/// state after the key's block and copies it.
class HmacSha1 {
 public:
  static constexpr std::size_t kBytes = 20;
  using Digest = std::array<std::uint8_t, kBytes>;

  /// `key` of at most 64 bytes.
  explicit HmacSha1(ByteView key);
  ~HmacSha1();
  HmacSha1(HmacSha1&&) noexcept;
  HmacSha1& operator=(HmacSha1&&) noexcept;

  /// Over `first` and then `second`.
  [[nodiscard]] Digest sign(ByteView first, ByteView second) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tw::media
