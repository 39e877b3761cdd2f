#pragma once

#include <cstdint>

#include "base/encoding.hpp"

namespace tw {

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4). `seed` is the result over the bytes before, 0 at the start. Uses the
/// processor's instruction where it has one.
[[nodiscard]] std::uint32_t crc32c(ByteView bytes, std::uint32_t seed = 0);
/// The same without the instruction, for machines that lack it and as its oracle.
[[nodiscard]] std::uint32_t crc32c_by_table(ByteView bytes, std::uint32_t seed = 0);

}  // namespace tw
