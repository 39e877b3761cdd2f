#pragma once

#include <optional>

#include "base/encoding.hpp"

namespace tw::processing {

/// How a camera was held, by an APP1 marker of a JPEG (Exif 2.32 section 4.6.5): 1–8, of which 1 is upright. Nullopt
/// for a marker of another kind, a damaged one, and one that does not say.
[[nodiscard]] std::optional<int> exif_orientation(ByteView app1);

}  // namespace tw::processing
