#include "crypto/aead.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <cassert>

namespace tw {

Aes256Gcm::Aes256Gcm(const SecretKey& key) : sealing_(key.bytes(), GcmUse::seal), opening_(key.bytes(), GcmUse::open) {}

void Aes256Gcm::seal(const Nonce& nonce, ByteView additional, ByteView plain, std::span<std::uint8_t> out) {
  assert(out.size() == plain.size() + kTagBytes);
  sealing_.seal(nonce, additional, plain, out.data(), out.data() + plain.size());
}

bool Aes256Gcm::open(const Nonce& nonce, ByteView additional, ByteView sealed, std::span<std::uint8_t> out) {
  if (sealed.size() < kTagBytes) return false;
  const std::size_t plain_bytes = sealed.size() - kTagBytes;
  assert(out.size() == plain_bytes);
  if (opening_.open(nonce, additional, sealed.first(plain_bytes), out.data(), sealed.data() + plain_bytes)) return true;
  if (!out.empty()) OPENSSL_cleanse(out.data(), out.size());
  return false;
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
