#pragma once

#include <cstddef>

namespace tw::media {

/// Of an offer or a fragment, as the contract says; real offers are 4–12 KiB (with simulcast too).
inline constexpr std::size_t kMaxSdpBytes = std::size_t{64} * 1024;

}  // namespace tw::media
