#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"

namespace tw::service {

struct MediaItemView {
  std::string id;      ///< med_…
  std::string kind;    ///< video, prompt, music
  std::string source;  ///< upload, url, text, built_in
  std::string title;
  std::string state;  ///< waiting, working, ready, failed
  std::int64_t progress_percent = 0;
  std::string failure;  ///< a code; empty: left out
  std::int64_t duration_ms = 0;
  bool has_sound = false;
  std::int64_t width = 0;  ///< 0: no picture
  std::int64_t height = 0;
  std::int64_t size_bytes = 0;
  std::string sha256;  ///< of the source
  WallTime created_at;
};

/// What is played in a room now.
struct PlayerView {
  std::string media_id;
  std::string title;
  std::string kind;   ///< video, prompt, music
  std::string state;  ///< playing, paused
  std::int64_t position_ms = 0;
  std::int64_t duration_ms = 0;
  WallTime at;  ///< when the position was right; a playing one has gone on since
};

/// What the page plays while the customer waits.
struct QueueMusicView {
  std::string media_id;
  std::string title;
};

}  // namespace tw::service
