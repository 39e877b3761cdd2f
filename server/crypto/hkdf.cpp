#include "crypto/hkdf.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cassert>

#include "crypto/digest.hpp"

namespace tw {

void hkdf_sha256(ByteView key, ByteView salt, ByteView info, std::span<std::uint8_t> out) {
  [[maybe_unused]] constexpr std::size_t kMostBytes =
      255 * std::tuple_size_v<Sha256Digest>;  // RFC 5869 section 2.3: the counter is one octet
  assert(out.size() <= kMostBytes);
  static constexpr std::array<std::uint8_t, std::tuple_size_v<Sha256Digest>> kNoSalt{};  // section 2.2
  Sha256Digest extracted = hmac_sha256(salt.empty() ? ByteView(kNoSalt) : salt, key);

  Bytes block;
  Sha256Digest previous{};
  std::size_t done = 0;
  for (std::uint8_t counter = 1; done < out.size(); ++counter) {
    block.clear();
    if (counter > 1) block.assign(previous.begin(), previous.end());
    block.insert(block.end(), info.begin(), info.end());
    block.push_back(counter);
    previous = hmac_sha256(extracted, block);
    const std::size_t take = std::min(previous.size(), out.size() - done);
    std::copy_n(previous.begin(), take, out.begin() + static_cast<std::ptrdiff_t>(done));
    done += take;
  }
  OPENSSL_cleanse(extracted.data(), extracted.size());
  OPENSSL_cleanse(previous.data(), previous.size());
  OPENSSL_cleanse(block.data(), block.size());
}

}  // namespace tw
