#include "media/session/room_players.hpp"

#include <algorithm>
#include <utility>

#include "media/session/room.hpp"

namespace tw::media {

RoomPlayers::Players::iterator RoomPlayers::find(const Room& room, const StreamKey& stream) {
  return std::ranges::find_if(players_, [&](const auto& entry) {
    return entry.second.room == &room && entry.second.source->stream() == stream;
  });
}

Result<PlayerEvent> RoomPlayers::play(Room& room, const StreamKey& stream, std::shared_ptr<const PlayerMedia> media,
                                      PlayOptions options, Codec video_codec, MediaTime now) {
  if (room.publisher_of(stream) != nullptr) {
    return fail(ErrorKind::conflict, "media.stream_taken", "A person publishes this stream.");
  }
  if (media->picture() && media->picture()->codec != video_codec) {
    return fail(ErrorKind::conflict, "player_media.wrong_codec", "The picture is not in the room's codec.");
  }
  if (const auto old = find(room, stream); old != players_.end()) {
    old->second.source->control({PlayerCommand::Action::stop, {}}, now);
    settle(old, now);
  }
  const auto running = std::ranges::count_if(players_, [&](const auto& entry) { return entry.second.room == &room; });
  if (static_cast<std::size_t>(running) >= kMaxPlayersPerRoom) {
    return fail(ErrorKind::unavailable, "media.too_many_players",
                "The room has its limit of players; stop one of them first.");
  }
  auto source = std::make_unique<PlayerSource>(room.name(), stream, std::move(media), std::move(options),
                                               room.take_track_numbers(), random_, room);
  room.attach(*source, listener_, now);
  const auto player = players_.emplace(next_number_++, Player{&room, std::move(source)}).first;
  player->second.source->start(now);
  PlayerEvent begun = player->second.source->last_event();
  settle(player, now);
  return begun;
}

Result<PlayerEvent> RoomPlayers::control(Room& room, const StreamKey& stream, const PlayerCommand& command,
                                         MediaTime now) {
  const auto player = find(room, stream);
  if (player == players_.end()) {
    return fail(ErrorKind::not_found, "media.player_unknown", "Nothing is played in this room now.");
  }
  player->second.source->control(command, now);
  PlayerEvent result = player->second.source->last_event();
  settle(player, now);
  return result;
}

void RoomPlayers::stop_all(Room& room, MediaTime now) {
  for (auto player = players_.begin(); player != players_.end();) {
    const auto current = player++;
    if (current->second.room != &room) continue;
    current->second.source->control({PlayerCommand::Action::stop, {}}, now);
    settle(current, now);
  }
}

void RoomPlayers::settle(Players::iterator entry, MediaTime now) {
  Player& player = entry->second;
  const auto deadline = player.source->deadline();
  if (!deadline) {
    player.room->detach(*player.source, now);
    players_.erase(entry);
    return;
  }
  if (*deadline >= player.queued) return;
  player.queued = *deadline;
  deadlines_.push(*deadline, entry->first);
}

void RoomPlayers::on_time(MediaTime now) {
  while (const auto due = deadlines_.pop_due(now.steady)) {
    const auto player = players_.find(due->number);
    if (player == players_.end() || player->second.queued != due->at) continue;
    player->second.queued = SteadyTime::max();
    player->second.source->on_time(now);
    settle(player, now);
  }
}

}  // namespace tw::media
