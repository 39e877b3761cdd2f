#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "media/media_engine.hpp"
#include "service/caller.hpp"
#include "service/media_views.hpp"

namespace tw::service {

class Core;

/// What the agent plays in a conversation: films, spoken prompts. Everybody in the room sees and hears the same at the
/// same time, it is in the recording, and each beginning, pause, seek and end stands on the timeline. One at a time.
class Players {
 public:
  struct Wanted {
    std::string media_id;   ///< of the library, or the interview's risk video
    std::string prompt_id;  ///< a recorded prompt of the library
    std::string text;       ///< to be spoken; with `language`
    std::string language;   ///< zh-CN, en
  };

  explicit Players(Core& core) : core_(core) {}

  /// Replaces what is played. Exactly one of media_id, prompt_id and text. A text is spoken a second or two later, the
  /// same text again at once. `interview.not_talking`, `interview.not_yours`, `media_item.not_ready` (409),
  /// `media_item.unknown` (404), `media_item.no_voice` (422), `player.too_much` (503).
  [[nodiscard]] Result<PlayerView> play(const Caller& caller, const std::string& interview, const Wanted& wanted);
  /// Lands on the keyframe at or before. `player.nothing_plays` (409).
  [[nodiscard]] Result<PlayerView> control(const Caller& caller, const std::string& interview,
                                           const media::PlayerCommand& command);
  [[nodiscard]] Result<void> stop(const Caller& caller, const std::string& interview);

  /// From MediaListener, in order.
  void player_event(const media::PlayerEvent& event);
  /// Players that a crash or a stop of the server ended. Call once, before requests come.
  void recover();

 private:
  Core& core_;
};

}  // namespace tw::service
