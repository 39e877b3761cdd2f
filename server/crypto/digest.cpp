#include "crypto/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crypto/openssl.hpp"

namespace tw {
namespace {

/// Fetched once: an implicit fetch for every digest costs more than a short digest.
const EVP_MD* sha256_method() {
  static const EVP_MD* const method = [] {
    const EVP_MD* fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    openssl::must(fetched != nullptr, "EVP_MD_fetch");
    return fetched;
  }();
  return method;
}

}  // namespace

Sha256Digest sha256(ByteView bytes) {
  Sha256Digest digest;
  openssl::must(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, sha256_method(), nullptr) == 1,
                "EVP_Digest");
  return digest;
}

Sha256Digest hmac_sha256(ByteView key, ByteView message) {
  Sha256Digest digest;
  std::size_t length = 0;
  static const unsigned char kNothing = 0;  // a null key would mean "the key of before"
  const unsigned char* key_data = key.empty() ? &kNothing : key.data();
  openssl::must(EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key_data, key.size(), message.data(),
                          message.size(), digest.data(), digest.size(), &length) != nullptr &&
                    length == digest.size(),
                "EVP_Q_mac");
  return digest;
}

bool equal_in_constant_time(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  return a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  openssl::must(context_ != nullptr, "EVP_MD_CTX_new");
  openssl::must(EVP_DigestInit_ex(context_.get(), sha256_method(), nullptr) == 1, "EVP_DigestInit_ex");
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(ByteView bytes) {
  openssl::must(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1, "EVP_DigestUpdate");
}

Sha256Digest Sha256::finish() {
  Sha256Digest digest;
  openssl::must(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1, "EVP_DigestFinal_ex");
  openssl::must(EVP_DigestInit_ex(context_.get(), sha256_method(), nullptr) == 1, "EVP_DigestInit_ex");
  return digest;
}

}  // namespace tw
