#pragma once

#include <cstdint>
#include <optional>

#include "base/encoding.hpp"

namespace tw::media {

/// Samples at 48 kHz in an Opus packet, from its TOC byte (RFC 6716 section 3.1); nullopt when it is malformed or
/// longer than 120 ms.
[[nodiscard]] std::optional<std::uint32_t> opus_samples(ByteView payload);

}  // namespace tw::media
