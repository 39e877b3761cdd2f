#pragma once

#include <cstddef>

namespace tw::media {

/// Longest session description, or fragment of one, that is read.
inline constexpr std::size_t kMaxSdpBytes = std::size_t{64} * 1024;

}  // namespace tw::media
