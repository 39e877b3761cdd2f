#pragma once

#include "processing/record_source.hpp"
#include "recording/processor.hpp"

namespace tw::processing {

/// Told percent; false: nobody waits any more.
using PercentFunction = std::function<bool(int)>;

/// Makes the stream files and the composed file of a recording from its journals.
[[nodiscard]] Result<recording::ComposeResult> compose_recording(const recording::ComposeJob& job, Random& random,
                                                                 const PercentFunction& progress);

/// A gap between parts longer than this is not shown in full in the composed file, but as a card of kLongGapCardMs; the
/// stream files and the result's times keep it whole.
constexpr std::int64_t kLongestGapShownMs = std::int64_t{10} * 60 * 1000;
constexpr std::int64_t kLongGapCardMs = std::int64_t{10} * 1000;

}  // namespace tw::processing
