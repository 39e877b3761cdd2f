// The SHA1_* functions are marked deprecated since OpenSSL 3.0, but are the only ones there that do not allocate.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "media/wire/hmac_sha1.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace tw::media {
namespace {

constexpr std::size_t kBlockBytes = 64;
using Block = std::array<std::uint8_t, kBlockBytes>;

/// A key longer than a block is replaced by its hash (RFC 2104 section 2).
Block block_of(ByteView key) {
  Block block{};
  if (key.size() <= kBlockBytes) {
    std::ranges::copy(key, block.begin());
  } else {
    SHA1(key.data(), key.size(), block.data());
  }
  return block;
}

SHA_CTX after_block(Block block, std::uint8_t pad) {
  for (auto& byte : block) byte ^= pad;
  SHA_CTX context;
  SHA1_Init(&context);
  SHA1_Update(&context, block.data(), block.size());
  OPENSSL_cleanse(block.data(), block.size());
  return context;
}

}  // namespace

HmacSha1::HmacSha1(ByteView key) {
  Block block = block_of(key);
  inner_ = after_block(block, 0x36);
  outer_ = after_block(block, 0x5C);
  OPENSSL_cleanse(block.data(), block.size());
}

HmacSha1::~HmacSha1() {
  OPENSSL_cleanse(&inner_, sizeof(inner_));
  OPENSSL_cleanse(&outer_, sizeof(outer_));
}

HmacSha1::Digest HmacSha1::sign(ByteView first, ByteView second) const {
  Digest digest{};
  SHA_CTX context = inner_;
  SHA1_Update(&context, first.data(), first.size());
  SHA1_Update(&context, second.data(), second.size());
  SHA1_Final(digest.data(), &context);
  context = outer_;
  SHA1_Update(&context, digest.data(), digest.size());
  SHA1_Final(digest.data(), &context);
  return digest;
}

}  // namespace tw::media
