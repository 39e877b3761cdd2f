#include "media/transport/srtp_cipher.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "base/byte_order.hpp"
#include "media/wire/rtp_packet.hpp"

namespace tw::media {
namespace {

constexpr std::size_t kGcmSaltBytes = 12;
constexpr std::size_t kCounterSaltBytes = 14;

/// Fetched once, for the life of the process: an implicit fetch at each init costs more than the encryption of a small
/// packet.
const EVP_CIPHER* aes_ctr() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-128-CTR", nullptr);
  return cipher;
}

/// Counter mode encrypts in both directions.
CipherContext make_counter(const std::uint8_t* key) {
  CipherContext context(EVP_CIPHER_CTX_new());
  if (!context || aes_ctr() == nullptr || EVP_EncryptInit_ex(context.get(), aes_ctr(), nullptr, key, nullptr) != 1) {
    throw std::runtime_error("OpenSSL refuses an AES-128-CTR context");
  }
  return context;
}

/// Both parts of an RTCP packet's additional data, one behind the other.
class RtcpAdditional {
 public:
  RtcpAdditional(ByteView front, ByteView trailer) : size_(front.size() + trailer.size()) {
    std::ranges::copy(trailer, std::ranges::copy(front, bytes_.begin()).out);
  }
  [[nodiscard]] ByteView bytes() const { return ByteView(bytes_).first(size_); }

 private:
  std::array<std::uint8_t, kMaxPacketBytes> bytes_;  // only what is used is written
  std::size_t size_;
};

int as_int(std::size_t size) { return static_cast<int>(size); }

}  // namespace

void CipherContextFree::operator()(evp_cipher_ctx_st* context) const { EVP_CIPHER_CTX_free(context); }

void derive_srtp_key(const SrtpMasterKey& master, SrtpLabel label, std::span<std::uint8_t> out) {
  std::array<std::uint8_t, 16> iv{};
  std::copy(master.salt.begin(), master.salt.end(), iv.begin());
  iv[7] ^= static_cast<std::uint8_t>(label);
  const auto context = make_counter(master.key.data());
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
  if (profile == SrtpProfile::aead_aes_128_gcm) {
    gcm_.emplace(keys.encryption, direction == SrtpDirection::seal ? GcmUse::seal : GcmUse::open);
  } else {
    counter_ = make_counter(keys.encryption.data());
    authentication_.emplace(keys.authentication);
  }
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
  return EVP_EncryptInit_ex(counter_.get(), nullptr, nullptr, nullptr, iv.data()) == 1 &&
         EVP_EncryptUpdate(counter_.get(), body.data(), &written, body.data(), as_int(body.size())) == 1;
}

HmacSha1::Digest SrtpCipher::sign(ByteView header, ByteView body, ByteView trailer) const {
  // Header and body lie in one buffer, one behind the other.
  return authentication_->sign(ByteView(header.data(), header.size() + body.size()), trailer);
}

bool SrtpCipher::seal(std::uint32_t ssrc, std::uint64_t index, ByteView header, std::span<std::uint8_t> body,
                      ByteView trailer, std::uint8_t* tag) {
  const Iv iv = make_iv(ssrc, index);
  if (gcm_) {
    seal_gcm(iv, header, body, trailer, tag);
    return true;
  }
  if (!counter_mode(iv, body)) return false;
  const auto digest = sign(header, body, trailer);
  std::copy_n(digest.begin(), kSha1TagBytes, tag);
  return true;
}

bool SrtpCipher::open(std::uint32_t ssrc, std::uint64_t index, ByteView header, std::span<std::uint8_t> body,
                      ByteView trailer, const std::uint8_t* tag, bool encrypted) {
  const Iv iv = make_iv(ssrc, index);
  if (gcm_) return open_gcm(iv, header, body, trailer, tag, encrypted);
  const auto digest = sign(header, body, trailer);
  if (CRYPTO_memcmp(digest.data(), tag, kSha1TagBytes) != 0) return false;
  return !encrypted || counter_mode(iv, body);
}

/// Additional data is the header of RTP (ROC is in the nonce), and of RTCP what is not encrypted and the word with E
/// and index behind it (RFC 7714 sections 8.2 and 9.2).
void SrtpCipher::seal_gcm(const Iv& iv, ByteView header, std::span<std::uint8_t> body, ByteView trailer,
                          std::uint8_t* tag) {
  const auto nonce = std::span(iv).first<kGcmSaltBytes>();
  if (flow_ == SrtpFlow::rtp) {
    gcm_->seal(nonce, header, body, body.data(), tag);
  } else {
    gcm_->seal(nonce, RtcpAdditional(header, trailer).bytes(), body, body.data(), tag);
  }
}

bool SrtpCipher::open_gcm(const Iv& iv, ByteView header, std::span<std::uint8_t> body, ByteView trailer,
                          const std::uint8_t* tag, bool encrypted) {
  const auto nonce = std::span(iv).first<kGcmSaltBytes>();
  if (flow_ == SrtpFlow::rtp) return gcm_->open(nonce, header, body, body.data(), tag);
  if (encrypted) return gcm_->open(nonce, RtcpAdditional(header, trailer).bytes(), body, body.data(), tag);
  if (header.size() + body.size() + trailer.size() > kMaxPacketBytes) return false;
  const ByteView plain(header.data(), header.size() + body.size());  // one behind the other
  return gcm_->open(nonce, RtcpAdditional(plain, trailer).bytes(), {}, body.data(), tag);
}

}  // namespace tw::media
