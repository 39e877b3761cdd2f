#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "media/session/deadline_queue.hpp"
#include "media/session/player_source.hpp"

namespace tw::media {

class Room;

/// The players of one worker's rooms: starts and ends them, wakes them when they are due.
class RoomPlayers {
 public:
  /// Of one room, each with a stream of its own: what an agent plays and what somebody on hold hears.
  static constexpr std::size_t kMaxPlayersPerRoom = 2;

  RoomPlayers(Random& random, MediaListener& listener) : random_(random), listener_(listener) {}

  [[nodiscard]] Result<PlayerEvent> play(Room& room, const StreamKey& stream, std::shared_ptr<const PlayerMedia> media,
                                         PlayOptions options, Codec video_codec, MediaTime now);
  [[nodiscard]] Result<PlayerEvent> control(Room& room, const StreamKey& stream, const PlayerCommand& command,
                                            MediaTime now);
  /// Before the room goes away.
  void stop_all(Room& room, MediaTime now);

  void on_time(MediaTime now);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const { return deadlines_.next(); }

 private:
  struct Player {
    Room* room = nullptr;
    std::unique_ptr<PlayerSource> source;
    SteadyTime queued = SteadyTime::max();  ///< the earliest deadline queued for it
  };
  using Players = std::map<std::uint64_t, Player>;
  [[nodiscard]] Players::iterator find(const Room& room, const StreamKey& stream);
  /// Queues the player's next deadline, or takes it out of its room when it has ended.
  void settle(Players::iterator player, MediaTime now);

  Random& random_;
  MediaListener& listener_;
  Players players_;
  std::uint64_t next_number_ = 1;
  DeadlineQueue deadlines_;
};

}  // namespace tw::media
