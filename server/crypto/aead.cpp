#include "crypto/aead.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cassert>

#include "crypto/openssl.hpp"

namespace tw {
namespace {

/// Fetched once, like the digest.
const EVP_CIPHER* method() {
  static const EVP_CIPHER* const fetched = [] {
    const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    openssl::must(cipher != nullptr, "EVP_CIPHER_fetch");
    return cipher;
  }();
  return fetched;
}

/// One call to OpenSSL never gets more than this (its lengths are int); everything sealed here is far smaller.
constexpr std::size_t kMostBytes = std::size_t{1} << 30;

}  // namespace

void Aes256Gcm::Free::operator()(evp_cipher_ctx_st* context) const { EVP_CIPHER_CTX_free(context); }

Aes256Gcm::Aes256Gcm(const SecretKey& key) : sealing_(EVP_CIPHER_CTX_new()), opening_(EVP_CIPHER_CTX_new()) {
  openssl::must(sealing_ != nullptr && opening_ != nullptr, "EVP_CIPHER_CTX_new");
  const std::uint8_t* bytes = key.bytes().data();
  openssl::must(EVP_EncryptInit_ex2(sealing_.get(), method(), bytes, nullptr, nullptr) == 1, "EVP_EncryptInit_ex2");
  openssl::must(EVP_DecryptInit_ex2(opening_.get(), method(), bytes, nullptr, nullptr) == 1, "EVP_DecryptInit_ex2");
}
Aes256Gcm::~Aes256Gcm() = default;
Aes256Gcm::Aes256Gcm(Aes256Gcm&&) noexcept = default;
Aes256Gcm& Aes256Gcm::operator=(Aes256Gcm&&) noexcept = default;

void Aes256Gcm::seal(const Nonce& nonce, ByteView additional, ByteView plain, std::span<std::uint8_t> out) {
  assert(out.size() == plain.size() + kTagBytes && plain.size() <= kMostBytes);
  EVP_CIPHER_CTX* context = sealing_.get();
  int length = 0;
  openssl::must(EVP_EncryptInit_ex2(context, nullptr, nullptr, nonce.data(), nullptr) == 1, "EVP_EncryptInit_ex2");
  if (!additional.empty()) {
    openssl::must(
        EVP_EncryptUpdate(context, nullptr, &length, additional.data(), static_cast<int>(additional.size())) == 1,
        "EVP_EncryptUpdate");
  }
  if (!plain.empty()) {
    openssl::must(EVP_EncryptUpdate(context, out.data(), &length, plain.data(), static_cast<int>(plain.size())) == 1,
                  "EVP_EncryptUpdate");
  }
  std::uint8_t* tag = out.data() + plain.size();
  openssl::must(EVP_EncryptFinal_ex(context, tag, &length) == 1, "EVP_EncryptFinal_ex");
  openssl::must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagBytes, tag) == 1, "EVP_CTRL_AEAD_GET_TAG");
}

bool Aes256Gcm::open(const Nonce& nonce, ByteView additional, ByteView sealed, std::span<std::uint8_t> out) {
  if (sealed.size() < kTagBytes || sealed.size() > kMostBytes) return false;
  const std::size_t plain_bytes = sealed.size() - kTagBytes;
  assert(out.size() == plain_bytes);
  EVP_CIPHER_CTX* context = opening_.get();
  int length = 0;
  std::array<std::uint8_t, kTagBytes> tag;
  std::copy_n(sealed.data() + plain_bytes, kTagBytes, tag.data());
  openssl::must(EVP_DecryptInit_ex2(context, nullptr, nullptr, nonce.data(), nullptr) == 1, "EVP_DecryptInit_ex2");
  openssl::must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) == 1,
                "EVP_CTRL_AEAD_SET_TAG");
  bool good = true;
  if (!additional.empty()) {
    good = EVP_DecryptUpdate(context, nullptr, &length, additional.data(), static_cast<int>(additional.size())) == 1;
  }
  if (good && plain_bytes != 0) {
    good = EVP_DecryptUpdate(context, out.data(), &length, sealed.data(), static_cast<int>(plain_bytes)) == 1;
  }
  std::array<std::uint8_t, kTagBytes> nothing;
  good = good && EVP_DecryptFinal_ex(context, nothing.data(), &length) == 1;
  if (!good && !out.empty()) OPENSSL_cleanse(out.data(), out.size());
  return good;
}

Bytes seal_value(const SecretKey& key, ByteView plain, std::string_view context, Random& random) {
  Aes256Gcm::Nonce nonce;
  random.fill(nonce);
  Bytes sealed(nonce.size() + plain.size() + Aes256Gcm::kTagBytes);
  std::copy(nonce.begin(), nonce.end(), sealed.begin());
  Aes256Gcm(key.derive("seal value")).seal(nonce, as_bytes(context), plain, std::span(sealed).subspan(nonce.size()));
  return sealed;
}

Result<Bytes> open_value(const SecretKey& key, ByteView sealed, std::string_view context) {
  constexpr std::size_t kOverhead = Aes256Gcm::kNonceBytes + Aes256Gcm::kTagBytes;
  const auto failed = [] {
    return fail(ErrorKind::internal, "key.unseal_failed",
                "A sealed value does not open: it was changed, or the master key is not the one it was sealed under.");
  };
  if (sealed.size() < kOverhead) return failed();
  Aes256Gcm::Nonce nonce;
  std::copy_n(sealed.begin(), nonce.size(), nonce.begin());
  Bytes plain(sealed.size() - kOverhead);
  if (!Aes256Gcm(key.derive("seal value")).open(nonce, as_bytes(context), sealed.subspan(nonce.size()), plain))
    return failed();
  return plain;
}

}  // namespace tw
