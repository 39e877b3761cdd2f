#pragma once

#include <span>

#include "base/encoding.hpp"

namespace tw {

/// HKDF with SHA-256 (RFC 5869), extract and expand. `out` is at most 255 × 32 bytes long.
void hkdf_sha256(ByteView key, ByteView salt, ByteView info, std::span<std::uint8_t> out);

}  // namespace tw
