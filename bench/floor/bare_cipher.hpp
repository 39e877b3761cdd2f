#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "media/transport/srtp_cipher.hpp"
#include "media/transport/srtp_keys.hpp"
#include "media/wire/hmac_sha1.hpp"

namespace tw::bench {

/// SRTP for the floor: EVP calls and nothing else. No replay window, no roll-over counter (runs are shorter than 2^15
/// packets of one track, and clients start below 2^15), so less than any real server has to do. Keys come from the
/// product's derivation; the packet path shares nothing with it but the HMAC, which is a SHA-1 of OpenSSL.
class BareCipher {
 public:
  static constexpr std::size_t kMostTagBytes = 16;

  BareCipher(media::SrtpProfile profile, const media::SrtpMasterKey& master, bool encrypt);

  /// In place; gives the plain length, nullopt where it is not authentic. `header_bytes` of it are not encrypted.
  [[nodiscard]] std::optional<std::size_t> open(std::span<std::uint8_t> packet, std::size_t header_bytes);
  /// Encrypts `from` (plain) into `to`; gives the sealed length, 0 on failure.
  [[nodiscard]] std::size_t seal(std::span<const std::uint8_t> from, std::size_t header_bytes,
                                 std::span<std::uint8_t> to);

 private:
  using Iv = std::array<std::uint8_t, 16>;
  [[nodiscard]] Iv make_iv(const std::uint8_t* header) const;

  bool gcm_;
  media::SrtpSessionKeys keys_;
  media::CipherContext context_;
  media::HmacSha1 hmac_;
};

}  // namespace tw::bench
