#include "floor/bare_cipher.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

namespace tw::bench {
namespace {

constexpr std::size_t kGcmTag = media::SrtpCipher::kGcmTagBytes;
constexpr std::size_t kSha1Tag = media::SrtpCipher::kSha1TagBytes;
constexpr std::array<std::uint8_t, 4> kFirstRollOver{};

const EVP_CIPHER* cipher_named(const char* name) {
  const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, name, nullptr);  // for the life of the process
  if (cipher == nullptr) throw std::runtime_error("OpenSSL lacks a cipher");
  return cipher;
}

int as_int(std::size_t size) { return static_cast<int>(size); }

}  // namespace

BareCipher::BareCipher(media::SrtpProfile profile, const media::SrtpMasterKey& master, bool encrypt)
    : gcm_(profile == media::SrtpProfile::aead_aes_128_gcm),
      keys_(media::derive_session_keys(profile, master, media::SrtpFlow::rtp)),
      context_(EVP_CIPHER_CTX_new()),
      hmac_(keys_.authentication) {
  static const EVP_CIPHER* const gcm = cipher_named("AES-128-GCM");
  static const EVP_CIPHER* const counter = cipher_named("AES-128-CTR");
  if (EVP_CipherInit_ex(context_.get(), gcm_ ? gcm : counter, nullptr, keys_.encryption.data(), nullptr,
                        !gcm_ || encrypt ? 1 : 0) != 1) {
    throw std::runtime_error("OpenSSL refuses an AES context");
  }
}

BareCipher::Iv BareCipher::make_iv(const std::uint8_t* header) const {
  Iv iv{};
  if (gcm_) {
    std::copy_n(header + 8, 4, iv.begin() + 2);   // SSRC
    std::copy_n(header + 2, 2, iv.begin() + 10);  // sequence number, behind a roll-over counter of 0
  } else {
    std::copy_n(header + 8, 4, iv.begin() + 4);
    std::copy_n(header + 2, 2, iv.begin() + 12);
  }
  for (std::size_t i = 0; i < keys_.salt.size(); ++i) iv[i] ^= keys_.salt[i];
  return iv;
}

std::optional<std::size_t> BareCipher::open(std::span<std::uint8_t> packet, std::size_t header_bytes) {
  const std::size_t tag_bytes = gcm_ ? kGcmTag : kSha1Tag;
  if (packet.size() < header_bytes + tag_bytes) return std::nullopt;
  const Iv iv = make_iv(packet.data());
  const std::size_t plain = packet.size() - tag_bytes;
  const auto body = packet.subspan(header_bytes, plain - header_bytes);
  EVP_CIPHER_CTX* context = context_.get();
  int written = 0;
  if (!gcm_) {
    const auto digest = hmac_.sign(packet.first(plain), kFirstRollOver);
    if (CRYPTO_memcmp(digest.data(), packet.data() + plain, kSha1Tag) != 0) return std::nullopt;
    const bool done = EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, iv.data()) == 1 &&
                      EVP_EncryptUpdate(context, body.data(), &written, body.data(), as_int(body.size())) == 1;
    return done ? std::optional(plain) : std::nullopt;
  }
  std::array<std::uint8_t, 16> nothing{};
  const bool done = EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, iv.data()) == 1 &&
                    EVP_DecryptUpdate(context, nullptr, &written, packet.data(), as_int(header_bytes)) == 1 &&
                    EVP_DecryptUpdate(context, body.data(), &written, body.data(), as_int(body.size())) == 1 &&
                    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, as_int(kGcmTag), packet.data() + plain) == 1 &&
                    EVP_DecryptFinal_ex(context, nothing.data(), &written) == 1;
  return done ? std::optional(plain) : std::nullopt;
}

std::size_t BareCipher::seal(std::span<const std::uint8_t> from, std::size_t header_bytes, std::span<std::uint8_t> to) {
  const Iv iv = make_iv(from.data());
  const std::size_t body_bytes = from.size() - header_bytes;
  std::copy_n(from.begin(), header_bytes, to.begin());
  EVP_CIPHER_CTX* context = context_.get();
  std::uint8_t* body = to.data() + header_bytes;
  int written = 0;
  if (EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, iv.data()) != 1) return 0;
  if (gcm_ && EVP_EncryptUpdate(context, nullptr, &written, from.data(), as_int(header_bytes)) != 1) return 0;
  if (EVP_EncryptUpdate(context, body, &written, from.data() + header_bytes, as_int(body_bytes)) != 1) return 0;
  if (!gcm_) {
    const auto digest = hmac_.sign(to.first(from.size()), kFirstRollOver);
    std::copy_n(digest.begin(), kSha1Tag, to.begin() + static_cast<std::ptrdiff_t>(from.size()));
    return from.size() + kSha1Tag;
  }
  const bool done = EVP_EncryptFinal_ex(context, body + body_bytes, &written) == 1 &&
                    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, as_int(kGcmTag), body + body_bytes) == 1;
  return done ? from.size() + kGcmTag : 0;
}

}  // namespace tw::bench
