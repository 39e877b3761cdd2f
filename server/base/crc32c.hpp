#pragma once

#include <cstdint>

#include "base/encoding.hpp"

namespace tw {

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4). `seed` is the result over the bytes before, 0 at the start.
[[nodiscard]] std::uint32_t crc32c(ByteView bytes, std::uint32_t seed = 0);

}  // namespace tw
