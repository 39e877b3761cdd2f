#pragma once

#include <functional>

#include "base/random.hpp"
#include "recording/processor.hpp"

namespace tw::processing {

/// Longest medium that is prepared; media::PlayerMedia holds no longer one.
constexpr std::int64_t kMaxMediaMs = std::int64_t{10} * 60 * 1000;

/// Makes the tracks that a player plays (see recording::PrepareMediaJob). `progress` returns false when nobody waits.
[[nodiscard]] Result<recording::PrepareMediaResult> prepare_media(const recording::PrepareMediaJob& job, Random& random,
                                                                  const std::function<bool(int)>& progress);

}  // namespace tw::processing
