#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/encoding.hpp"
#include "crypto/aes_gcm.hpp"
#include "media/transport/srtp_keys.hpp"
#include "media/wire/hmac_sha1.hpp"

struct evp_cipher_ctx_st;

namespace tw::media {

struct CipherContextFree {
  void operator()(evp_cipher_ctx_st* context) const;
};
using CipherContext = std::unique_ptr<evp_cipher_ctx_st, CipherContextFree>;

/// Labels of the key derivation (RFC 3711 section 4.3.1).
enum class SrtpLabel : std::uint8_t {
  rtp_encryption = 0,
  rtp_authentication = 1,
  rtp_salt = 2,
  rtcp_encryption = 3,
  rtcp_authentication = 4,
  rtcp_salt = 5,
};

/// A session key by AES counter mode from the master key (RFC 3711 section 4.3.3; a key derivation rate of 0). For GCM
/// the salt is 12 bytes, padded with zeros (RFC 7714 section 11), which is how SrtpMasterKey holds it.
void derive_srtp_key(const SrtpMasterKey& master, SrtpLabel label, std::span<std::uint8_t> out);

/// Which of the two packet kinds a key is for, and what it does.
enum class SrtpFlow : std::uint8_t { rtp, rtcp };
enum class SrtpDirection : std::uint8_t { seal, open };

struct SrtpSessionKeys {
  std::array<std::uint8_t, 16> encryption{};
  std::array<std::uint8_t, 14> salt{};            ///< the first 12 with GCM, the rest zero
  std::array<std::uint8_t, 20> authentication{};  ///< of counter mode
};
[[nodiscard]] SrtpSessionKeys derive_session_keys(SrtpProfile profile, const SrtpMasterKey& master, SrtpFlow flow);

/// The keyed transform of one direction and one of RTP and RTCP: kept contexts, no allocation a packet.
/// `index` is ROC and sequence number for RTP, the SRTCP index for RTCP.
class SrtpCipher {
 public:
  static constexpr std::size_t kGcmTagBytes = tw::kGcmTagBytes;
  static constexpr std::size_t kSha1TagBytes = 10;

  SrtpCipher(SrtpProfile profile, const SrtpSessionKeys& keys, SrtpFlow flow, SrtpDirection direction);

  [[nodiscard]] std::size_t tag_bytes() const {
    return profile_ == SrtpProfile::aead_aes_128_gcm ? kGcmTagBytes : kSha1TagBytes;
  }

  /// Encrypts `body` in place and writes the tag. `trailer` is authenticated behind the body and not sent encrypted:
  /// RTP's ROC in counter mode; SRTCP's E flag and index.
  [[nodiscard]] bool seal(std::uint32_t ssrc, std::uint64_t index, ByteView header, std::span<std::uint8_t> body,
                          ByteView trailer, std::uint8_t* tag);
  /// Checks the tag and, where `encrypted`, decrypts `body` in place.
  [[nodiscard]] bool open(std::uint32_t ssrc, std::uint64_t index, ByteView header, std::span<std::uint8_t> body,
                          ByteView trailer, const std::uint8_t* tag, bool encrypted);

 private:
  using Iv = std::array<std::uint8_t, 16>;
  [[nodiscard]] Iv make_iv(std::uint32_t ssrc, std::uint64_t index) const;
  [[nodiscard]] bool counter_mode(const Iv& iv, std::span<std::uint8_t> body);
  void seal_gcm(const Iv& iv, ByteView header, std::span<std::uint8_t> body, ByteView trailer, std::uint8_t* tag);
  [[nodiscard]] bool open_gcm(const Iv& iv, ByteView header, std::span<std::uint8_t> body, ByteView trailer,
                              const std::uint8_t* tag, bool encrypted);
  [[nodiscard]] HmacSha1::Digest sign(ByteView header, ByteView body, ByteView trailer) const;

  SrtpProfile profile_;
  SrtpFlow flow_;
  std::optional<AesGcm> gcm_;
  CipherContext counter_;  // of counter mode
  std::array<std::uint8_t, 14> salt_{};
  std::optional<HmacSha1> authentication_;
};

}  // namespace tw::media
