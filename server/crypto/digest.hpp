#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "base/encoding.hpp"

struct evp_md_ctx_st;

namespace tw {

using Sha256Digest = std::array<std::uint8_t, 32>;

[[nodiscard]] Sha256Digest sha256(ByteView bytes);
[[nodiscard]] Sha256Digest hmac_sha256(ByteView key, ByteView message);
/// Takes the same time wherever they differ; false for different lengths.
[[nodiscard]] bool equal_in_constant_time(ByteView a, ByteView b);

/// SHA-256 over bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(ByteView bytes);
  /// The digest of everything so far; the object then starts anew.
  [[nodiscard]] Sha256Digest finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace tw
