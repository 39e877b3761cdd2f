// The SHA1_* functions are marked deprecated since OpenSSL 3.0, but are the only ones there that do not allocate.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "media/transport/hmac_sha1.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cassert>

namespace tw::media {
namespace {

constexpr std::size_t kBlockBytes = 64;

SHA_CTX after_block(ByteView key, std::uint8_t pad) {
  std::array<std::uint8_t, kBlockBytes> block{};
  std::ranges::copy(key, block.begin());
  for (auto& byte : block) byte ^= pad;
  SHA_CTX context;
  SHA1_Init(&context);
  SHA1_Update(&context, block.data(), block.size());
  OPENSSL_cleanse(block.data(), block.size());
  return context;
}

}  // namespace

struct HmacSha1::State {
  SHA_CTX inner;
  SHA_CTX outer;
};

HmacSha1::HmacSha1(ByteView key) : state_(std::make_unique<State>()) {
  assert(key.size() <= kBlockBytes);
  state_->inner = after_block(key, 0x36);
  state_->outer = after_block(key, 0x5C);
}
HmacSha1::~HmacSha1() {
  if (state_) OPENSSL_cleanse(state_.get(), sizeof(State));
}
HmacSha1::HmacSha1(HmacSha1&&) noexcept = default;
HmacSha1& HmacSha1::operator=(HmacSha1&&) noexcept = default;

HmacSha1::Digest HmacSha1::sign(ByteView first, ByteView second) const {
  Digest digest{};
  SHA_CTX context = state_->inner;
  SHA1_Update(&context, first.data(), first.size());
  SHA1_Update(&context, second.data(), second.size());
  SHA1_Final(digest.data(), &context);
  context = state_->outer;
  SHA1_Update(&context, digest.data(), digest.size());
  SHA1_Final(digest.data(), &context);
  return digest;
}

}  // namespace tw::media
