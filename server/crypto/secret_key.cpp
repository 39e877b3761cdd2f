#include "crypto/secret_key.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "crypto/aead.hpp"
#include "crypto/hkdf.hpp"

namespace tw {

SecretKey SecretKey::make(Random& random) {
  SecretKey key;
  random.fill(key.bytes_);
  return key;
}

Result<SecretKey> SecretKey::from_bytes(ByteView bytes) {
  if (bytes.size() != kBytes) {
    return fail(ErrorKind::invalid, "key.wrong_length", "A key is 32 bytes long; give one of that length.");
  }
  SecretKey key;
  std::copy(bytes.begin(), bytes.end(), key.bytes_.begin());
  return key;
}

SecretKey::SecretKey(SecretKey&& other) noexcept : bytes_(other.bytes_) {
  OPENSSL_cleanse(other.bytes_.data(), kBytes);
}

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
  if (this != &other) {
    bytes_ = other.bytes_;
    OPENSSL_cleanse(other.bytes_.data(), kBytes);
  }
  return *this;
}

SecretKey::~SecretKey() { OPENSSL_cleanse(bytes_.data(), kBytes); }

SecretKey SecretKey::clone() const {
  SecretKey copy;
  copy.bytes_ = bytes_;
  return copy;
}

SecretKey SecretKey::derive(std::string_view label) const {
  SecretKey key;
  hkdf_sha256(bytes_, {}, as_bytes(label), key.bytes_);
  return key;
}

Bytes SecretKey::wrap(const SecretKey& key, std::string_view context, Random& random) const {
  return seal_value(derive("wrap key"), key.bytes_, context, random);
}

Result<SecretKey> SecretKey::unwrap(ByteView wrapped, std::string_view context) const {
  auto bytes = open_value(derive("wrap key"), wrapped, context);
  if (!bytes || bytes->size() != kBytes) {
    return fail(
        ErrorKind::internal, "key.unwrap_failed",
        "A wrapped key does not open: it was changed, or the key above it is another one. Check the master key.");
  }
  auto key = from_bytes(*bytes);
  OPENSSL_cleanse(bytes->data(), bytes->size());
  return key;
}

}  // namespace tw
