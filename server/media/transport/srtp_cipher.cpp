#include "media/transport/srtp_cipher.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "base/byte_order.hpp"

namespace tw::media {
namespace {

constexpr std::size_t kGcmSaltBytes = 12;
constexpr std::size_t kCounterSaltBytes = 14;

struct CipherFree {
  void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
};
using CipherPtr = std::unique_ptr<EVP_CIPHER, CipherFree>;

/// Fetched once: an implicit fetch at each init costs more than the encryption of a small packet.
const EVP_CIPHER* fetched(const char* name) {
  CipherPtr cipher(EVP_CIPHER_fetch(nullptr, name, nullptr));
  if (!cipher) throw std::runtime_error(std::string("OpenSSL has no ") + name);
  return cipher.release();  // for the life of the process
}
const EVP_CIPHER* aes_gcm() {
  static const EVP_CIPHER* const cipher = fetched("AES-128-GCM");
  return cipher;
}
const EVP_CIPHER* aes_ctr() {
  static const EVP_CIPHER* const cipher = fetched("AES-128-CTR");
  return cipher;
}

CipherContext make_context(const EVP_CIPHER* cipher, const std::uint8_t* key, bool encrypt) {
  CipherContext context(EVP_CIPHER_CTX_new());
  if (!context || EVP_CipherInit_ex(context.get(), cipher, nullptr, key, nullptr, encrypt ? 1 : 0) != 1) {
    throw std::runtime_error("OpenSSL refuses an AES context");
  }
  return context;
}

int as_int(std::size_t size) { return static_cast<int>(size); }

}  // namespace

void CipherContextFree::operator()(evp_cipher_ctx_st* context) const { EVP_CIPHER_CTX_free(context); }

void derive_srtp_key(const SrtpMasterKey& master, SrtpLabel label, std::span<std::uint8_t> out) {
  std::array<std::uint8_t, 16> iv{};
  std::copy(master.salt.begin(), master.salt.end(), iv.begin());
  iv[7] ^= static_cast<std::uint8_t>(label);
  const auto context = make_context(aes_ctr(), master.key.data(), true);
  std::fill(out.begin(), out.end(), std::uint8_t{0});
  int written = 0;
  if (EVP_EncryptInit_ex(context.get(), nullptr, nullptr, nullptr, iv.data()) != 1 ||
      EVP_EncryptUpdate(context.get(), out.data(), &written, out.data(), as_int(out.size())) != 1) {
    throw std::runtime_error("OpenSSL refuses to derive an SRTP key");
  }
}

SrtpSessionKeys derive_session_keys(SrtpProfile profile, const SrtpMasterKey& master, SrtpFlow flow) {
  const bool rtp = flow == SrtpFlow::rtp;
  const bool gcm = profile == SrtpProfile::aead_aes_128_gcm;
  SrtpSessionKeys keys;
  derive_srtp_key(master, rtp ? SrtpLabel::rtp_encryption : SrtpLabel::rtcp_encryption, keys.encryption);
  derive_srtp_key(master, rtp ? SrtpLabel::rtp_salt : SrtpLabel::rtcp_salt,
                  std::span(keys.salt).first(gcm ? kGcmSaltBytes : kCounterSaltBytes));
  if (!gcm) {
    derive_srtp_key(master, rtp ? SrtpLabel::rtp_authentication : SrtpLabel::rtcp_authentication, keys.authentication);
  }
  return keys;
}

SrtpCipher::SrtpCipher(SrtpProfile profile, const SrtpSessionKeys& keys, SrtpFlow flow, SrtpDirection direction)
    : profile_(profile), flow_(flow), salt_(keys.salt) {
  const bool gcm = profile == SrtpProfile::aead_aes_128_gcm;
  // Counter mode encrypts in both directions.
  context_ =
      make_context(gcm ? aes_gcm() : aes_ctr(), keys.encryption.data(), !gcm || direction == SrtpDirection::seal);
  if (!gcm) authentication_.emplace(keys.authentication);
}

/// RFC 3711 section 4.1.1 for counter mode (16 bytes), RFC 7714 sections 8.1 and 9.1 for GCM (the first 12).
SrtpCipher::Iv SrtpCipher::make_iv(std::uint32_t ssrc, std::uint64_t index) const {
  Iv iv{};
  if (profile_ == SrtpProfile::aes128_cm_sha1_80) {
    store_be<std::uint32_t>(iv.data() + 4, ssrc);
    store_be<std::uint32_t>(iv.data() + 8, static_cast<std::uint32_t>(index >> 16));
    store_be<std::uint16_t>(iv.data() + 12, static_cast<std::uint16_t>(index));
  } else {
    store_be<std::uint32_t>(iv.data() + 2, ssrc);
    // RTP: 32 bits of ROC, 16 of SEQ. RTCP: 16 zero bits and the index, which has 31.
    store_be<std::uint16_t>(iv.data() + 6, static_cast<std::uint16_t>(index >> 32));
    store_be<std::uint32_t>(iv.data() + 8, static_cast<std::uint32_t>(index));
  }
  for (std::size_t i = 0; i < salt_.size(); ++i) iv[i] ^= salt_[i];
  return iv;
}

bool SrtpCipher::counter_mode(const Iv& iv, std::span<std::uint8_t> body) {
  int written = 0;
  return EVP_EncryptInit_ex(context_.get(), nullptr, nullptr, nullptr, iv.data()) == 1 &&
         EVP_EncryptUpdate(context_.get(), body.data(), &written, body.data(), as_int(body.size())) == 1;
}

HmacSha1::Digest SrtpCipher::sign(ByteView header, ByteView body, ByteView trailer) const {
  // Header and body lie in one buffer, one behind the other.
  return authentication_->sign(ByteView(header.data(), header.size() + body.size()), trailer);
}

bool SrtpCipher::seal(std::uint32_t ssrc, std::uint64_t index, ByteView header, std::span<std::uint8_t> body,
                      ByteView trailer, std::uint8_t* tag) {
  const Iv iv = make_iv(ssrc, index);
  if (profile_ == SrtpProfile::aes128_cm_sha1_80) {
    if (!counter_mode(iv, body)) return false;
    const auto digest = sign(header, body, trailer);
    std::copy_n(digest.begin(), kSha1TagBytes, tag);
    return true;
  }
  EVP_CIPHER_CTX* context = context_.get();
  int written = 0;
  if (EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, iv.data()) != 1) return false;
  if (EVP_EncryptUpdate(context, nullptr, &written, header.data(), as_int(header.size())) != 1) return false;
  // ROC is in the nonce; of RTP nothing but the header is additional data, of RTCP the word with E and index too.
  if (flow_ == SrtpFlow::rtcp &&
      EVP_EncryptUpdate(context, nullptr, &written, trailer.data(), as_int(trailer.size())) != 1) {
    return false;
  }
  return EVP_EncryptUpdate(context, body.data(), &written, body.data(), as_int(body.size())) == 1 &&
         EVP_EncryptFinal_ex(context, body.data() + body.size(), &written) == 1 &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, as_int(kGcmTagBytes), tag) == 1;
}

bool SrtpCipher::open(std::uint32_t ssrc, std::uint64_t index, ByteView header, std::span<std::uint8_t> body,
                      ByteView trailer, const std::uint8_t* tag, bool encrypted) {
  const Iv iv = make_iv(ssrc, index);
  if (profile_ == SrtpProfile::aes128_cm_sha1_80) {
    const auto digest = sign(header, body, trailer);
    if (CRYPTO_memcmp(digest.data(), tag, kSha1TagBytes) != 0) return false;
    return !encrypted || counter_mode(iv, body);
  }
  EVP_CIPHER_CTX* context = context_.get();
  int written = 0;
  std::array<std::uint8_t, kGcmTagBytes> expected{};
  std::copy_n(tag, kGcmTagBytes, expected.begin());
  if (EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, iv.data()) != 1) return false;
  if (EVP_DecryptUpdate(context, nullptr, &written, header.data(), as_int(header.size())) != 1) return false;
  if (!encrypted && EVP_DecryptUpdate(context, nullptr, &written, body.data(), as_int(body.size())) != 1) return false;
  if (flow_ == SrtpFlow::rtcp &&
      EVP_DecryptUpdate(context, nullptr, &written, trailer.data(), as_int(trailer.size())) != 1) {
    return false;
  }
  if (encrypted && EVP_DecryptUpdate(context, body.data(), &written, body.data(), as_int(body.size())) != 1)
    return false;
  std::array<std::uint8_t, 16> nothing{};
  return EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, as_int(kGcmTagBytes), expected.data()) == 1 &&
         EVP_DecryptFinal_ex(context, nothing.data(), &written) == 1;
}

}  // namespace tw::media
