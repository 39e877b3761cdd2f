#ifdef TW_IPSEC_MB
#include <intel-ipsec-mb.h>
#include <openssl/crypto.h>

#include <cassert>

#include "crypto/aes_gcm.hpp"
#include "crypto/openssl.hpp"

namespace tw {
namespace {

struct ManagerFree {
  void operator()(IMB_MGR* manager) const { free_mb_mgr(manager); }
};

struct Functions {
  aes_gcm_pre_t expand = nullptr;
  aes_gcm_enc_dec_t seal = nullptr;
  aes_gcm_enc_dec_t open = nullptr;
};

/// What this processor is best served with, for short keys and for long ones. The library's manager holds queues for
/// work that is given to it in batches; it is asked for these functions and given back.
struct Chosen {
  Functions of_128;
  Functions of_256;
};

Chosen choose() {
  const std::unique_ptr<IMB_MGR, ManagerFree> manager(alloc_mb_mgr(0));
  openssl::must(manager != nullptr, "alloc_mb_mgr of ipsec-mb");
  IMB_ARCH arch = IMB_ARCH_NONE;
  init_mb_mgr_auto(manager.get(), &arch);
  openssl::must(arch != IMB_ARCH_NONE, "init_mb_mgr_auto of ipsec-mb");
  return {{manager->gcm128_pre, manager->gcm128_enc, manager->gcm128_dec},
          {manager->gcm256_pre, manager->gcm256_enc, manager->gcm256_dec}};
}

const Functions& functions(bool long_key) {
  static const Chosen chosen = choose();
  return long_key ? chosen.of_256 : chosen.of_128;
}

/// The library refuses null pointers, also for nothing.
const std::uint8_t* place_of(ByteView bytes) {
  static constexpr std::uint8_t kNothing = 0;
  return bytes.empty() ? &kNothing : bytes.data();
}

}  // namespace

void IpsecMbAesGcm::Wipe::operator()(gcm_key_data* key) const {
  OPENSSL_cleanse(key, sizeof(*key));
  std::default_delete<gcm_key_data>{}(key);
}

IpsecMbAesGcm::IpsecMbAesGcm(ByteView key, GcmUse /*one schedule does both*/)
    : key_(std::make_unique<gcm_key_data>().release()), long_key_(key.size() == 32) {
  assert(key.size() == 16 || key.size() == 32);
  functions(long_key_).expand(key.data(), key_.get());
}

void IpsecMbAesGcm::seal(GcmNonce nonce, ByteView additional, ByteView plain, std::uint8_t* out, std::uint8_t* tag) {
  gcm_context_data context;
  std::uint8_t nowhere = 0;
  functions(long_key_).seal(key_.get(), &context, plain.empty() ? &nowhere : out, place_of(plain), plain.size(),
                            nonce.data(), place_of(additional), additional.size(), tag, kGcmTagBytes);
}

bool IpsecMbAesGcm::open(GcmNonce nonce, ByteView additional, ByteView sealed, std::uint8_t* out,
                         const std::uint8_t* tag) {
  gcm_context_data context;
  std::uint8_t nowhere = 0;
  std::array<std::uint8_t, kGcmTagBytes> computed{};
  functions(long_key_).open(key_.get(), &context, sealed.empty() ? &nowhere : out, place_of(sealed), sealed.size(),
                            nonce.data(), place_of(additional), additional.size(), computed.data(), kGcmTagBytes);
  return CRYPTO_memcmp(computed.data(), tag, kGcmTagBytes) == 0;
}

}  // namespace tw
#endif
