#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "base/encoding.hpp"

struct evp_cipher_ctx_st;
struct gcm_key_data;

/// AES-GCM (NIST SP 800-38D) with a 96-bit nonce and a 128-bit tag, as SRTP (RFC 7714) and sealed files use it: a key
/// that is expanded once, then a message at a time, without allocation. Keys have 16 or 32 bytes.
///
/// Two of them, of one shape: OpenSSL's is everywhere. Intel's ipsec-mb, where the build found it (x86-64), does a
/// packet of 1200 bytes in a fifth of the time, since a packet is one call and not six that look for parameters by
/// name.
namespace tw {

enum class GcmUse : std::uint8_t { seal, open };
using GcmNonce = std::span<const std::uint8_t, 12>;
inline constexpr std::size_t kGcmTagBytes = 16;

class OpensslAesGcm {
 public:
  OpensslAesGcm(ByteView key, GcmUse use);
  /// Writes plain.size() bytes of cipher text to `out`, which may be the plain text's own place, and kGcmTagBytes to
  /// `tag`, which may lie right behind it.
  void seal(GcmNonce nonce, ByteView additional, ByteView plain, std::uint8_t* out, std::uint8_t* tag);
  /// Writes sealed.size() bytes of plain text to `out`, which may be the cipher text's own place. False where `tag` is
  /// not that of these bytes: what was written is rubbish then.
  [[nodiscard]] bool open(GcmNonce nonce, ByteView additional, ByteView sealed, std::uint8_t* out,
                          const std::uint8_t* tag);

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  std::unique_ptr<evp_cipher_ctx_st, Free> context_;
};

#ifdef TW_IPSEC_MB
/// The same by ipsec-mb, which chooses by what the processor has (AES-NI, VAES, AVX-512, or none of them).
class IpsecMbAesGcm {
 public:
  IpsecMbAesGcm(ByteView key, GcmUse use);
  void seal(GcmNonce nonce, ByteView additional, ByteView plain, std::uint8_t* out, std::uint8_t* tag);
  [[nodiscard]] bool open(GcmNonce nonce, ByteView additional, ByteView sealed, std::uint8_t* out,
                          const std::uint8_t* tag);

 private:
  struct Wipe {
    void operator()(gcm_key_data* key) const;
  };
  std::unique_ptr<gcm_key_data, Wipe> key_;
  bool long_key_;
};
using AesGcm = IpsecMbAesGcm;
#else
using AesGcm = OpensslAesGcm;
#endif

/// Chooses and tries out the functions, which else the first call of the process would wait for. Ends the process where
/// they do not do what they should.
void prepare_aes_gcm();

}  // namespace tw
