#include <algorithm>
#include <cassert>

#include "crypto/aes_gcm.hpp"
#include "crypto/openssl.hpp"

namespace tw {
namespace {

constexpr std::size_t kShortKeyBytes = 16;
constexpr std::size_t kLongKeyBytes = 32;
/// One call to OpenSSL never gets more than this (its lengths are int); everything sealed here is far smaller.
constexpr std::size_t kMostBytes = std::size_t{1} << 30;

/// Fetched once, for the life of the process: an implicit fetch at each init costs more than a small packet.
const EVP_CIPHER* fetched(const char* name) {
  const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, name, nullptr);
  openssl::must(cipher != nullptr, "EVP_CIPHER_fetch");
  return cipher;
}
const EVP_CIPHER* method(std::size_t key_bytes) {
  static const EVP_CIPHER* const of_128 = fetched("AES-128-GCM");
  static const EVP_CIPHER* const of_256 = fetched("AES-256-GCM");
  assert(key_bytes == kShortKeyBytes || key_bytes == kLongKeyBytes);
  return key_bytes == kShortKeyBytes ? of_128 : of_256;
}

int as_int(std::size_t size) { return static_cast<int>(size); }

}  // namespace

void OpensslAesGcm::Free::operator()(evp_cipher_ctx_st* context) const { EVP_CIPHER_CTX_free(context); }

OpensslAesGcm::OpensslAesGcm(ByteView key, GcmUse use) : context_(EVP_CIPHER_CTX_new()) {
  openssl::must(context_ != nullptr, "EVP_CIPHER_CTX_new");
  openssl::must(EVP_CipherInit_ex(context_.get(), method(key.size()), nullptr, key.data(), nullptr,
                                  use == GcmUse::seal ? 1 : 0) == 1,
                "EVP_CipherInit_ex");
}

void OpensslAesGcm::seal(GcmNonce nonce, ByteView additional, ByteView plain, std::uint8_t* out, std::uint8_t* tag) {
  assert(plain.size() <= kMostBytes);
  EVP_CIPHER_CTX* context = context_.get();
  int written = 0;
  std::array<std::uint8_t, kGcmTagBytes> nothing{};
  bool good = EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, nonce.data()) == 1;
  if (!additional.empty()) {
    good = good && EVP_EncryptUpdate(context, nullptr, &written, additional.data(), as_int(additional.size())) == 1;
  }
  if (!plain.empty()) good = good && EVP_EncryptUpdate(context, out, &written, plain.data(), as_int(plain.size())) == 1;
  good = good && EVP_EncryptFinal_ex(context, nothing.data(), &written) == 1 &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, as_int(kGcmTagBytes), tag) == 1;
  openssl::must(good, "AES-GCM");
}

bool OpensslAesGcm::open(GcmNonce nonce, ByteView additional, ByteView sealed, std::uint8_t* out,
                         const std::uint8_t* tag) {
  if (sealed.size() > kMostBytes) return false;
  EVP_CIPHER_CTX* context = context_.get();
  int written = 0;
  std::array<std::uint8_t, kGcmTagBytes> expected{};
  std::copy_n(tag, kGcmTagBytes, expected.begin());
  std::array<std::uint8_t, kGcmTagBytes> nothing{};
  bool good = EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, nonce.data()) == 1 &&
              EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, as_int(kGcmTagBytes), expected.data()) == 1;
  if (!additional.empty()) {
    good = good && EVP_DecryptUpdate(context, nullptr, &written, additional.data(), as_int(additional.size())) == 1;
  }
  if (!sealed.empty()) {
    good = good && EVP_DecryptUpdate(context, out, &written, sealed.data(), as_int(sealed.size())) == 1;
  }
  return good && EVP_DecryptFinal_ex(context, nothing.data(), &written) == 1;
}

void prepare_aes_gcm() {
  for (const std::size_t key_bytes : {kShortKeyBytes, kLongKeyBytes}) {
    const Bytes key(key_bytes, 1);
    constexpr std::array<std::uint8_t, 12> kNonce{};
    const Bytes plain(kGcmTagBytes, 2);
    Bytes sealed(plain.size());
    Bytes tag(kGcmTagBytes);
    AesGcm(key, GcmUse::seal).seal(kNonce, {}, plain, sealed.data(), tag.data());
    Bytes opened(plain.size());
    const bool ours = AesGcm(key, GcmUse::open).open(kNonce, {}, sealed, opened.data(), tag.data());
    openssl::must(ours && opened == plain, "AES-GCM on this machine");
    const bool theirs = OpensslAesGcm(key, GcmUse::open).open(kNonce, {}, sealed, opened.data(), tag.data());
    openssl::must(theirs && opened == plain, "AES-GCM as OpenSSL does it");
  }
}

}  // namespace tw
