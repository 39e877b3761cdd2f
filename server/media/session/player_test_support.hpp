#pragma once

#include <chrono>
#include <memory>

#include "media/player/player_media.hpp"

namespace tw::media {

/// Sound of 20 ms a packet and VP8 of 25 frames/s with a keyframe a second, each frame marked with its number as the
/// simulated peers mark theirs.
[[nodiscard]] std::shared_ptr<const PlayerMedia> make_marked_media(std::chrono::seconds length,
                                                                   bool with_picture = true);
constexpr unsigned kMarkedFramesPerSecond = 25;

}  // namespace tw::media
