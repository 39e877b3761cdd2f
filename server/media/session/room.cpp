#include "media/session/room.hpp"

#include <algorithm>
#include <utility>

namespace tw::media {

void Room::set_gate(bool open, MediaTime now) {
  if (gate_open_ == open) return;
  gate_open_ = open;
  for (const auto& [key, stream] : streams_) {
    if (stream.publisher != nullptr) stream.publisher->set_live(open);
  }
  if (!open) {
    for (const auto& [key, stream] : streams_) {
      for (ViewerSession* viewer : stream.viewers) viewer->pause();
    }
    return;
  }
  for (const auto& [key, stream] : streams_) {
    PublisherSession* publisher = stream.publisher;
    if (publisher == nullptr) continue;
    // Browsers report the clock of sound every 5 s only: what they said while the gate was closed still holds.
    for (const auto& track : publisher->tracks()) {
      if (!publisher->is_recorded(*track) || !track->last_report()) continue;
      for (const auto& tap : taps_) tap->on_sender_report(*track->last_report());
    }
    publisher->request_keyframe(now);
  }
  for (PlayerSource* player : players_) player->report(now);
}

bool Room::add_tap(std::shared_ptr<PacketTap> tap, MediaTime now) {
  if (std::ranges::find(taps_, tap) != taps_.end()) return true;
  if (taps_.size() >= kMaxTaps) return false;
  for (const auto& [key, stream] : streams_) {
    if (stream.publisher == nullptr) continue;
    for (const auto& track : stream.publisher->tracks()) {
      if (!stream.publisher->is_recorded(*track)) continue;
      tap->on_track_started(track->info(), now.wall);
      if (gate_open_ && track->last_report()) tap->on_sender_report(*track->last_report());
    }
  }
  for (const PlayerSource* player : players_) {
    for (std::size_t i = 0; i < player->track_count(); ++i) tap->on_track_started(player->track(i), now.wall);
  }
  taps_.push_back(std::move(tap));
  for (PlayerSource* player : players_) player->report(now);
  return true;
}

void Room::remove_tap(const PacketTap* tap) {
  if (std::erase_if(taps_, [tap](const auto& held) { return held.get() == tap; }) == 0) return;
  for (const auto& [key, stream] : streams_) {
    if (stream.publisher == nullptr) continue;
    for (const auto& track : stream.publisher->tracks()) track->forget_kept();
  }
  for (PlayerSource* player : players_) player->forget_kept();
}

TrackNumber Room::take_track_numbers() {
  return std::exchange(next_track_, next_track_ + PublisherSession::kMaxTracks);
}

void Room::attach(PublisherSession& publisher) {
  Stream& stream = streams_[publisher.identity().stream];
  stream.publisher = &publisher;
  publisher.set_audience(&stream.viewers);
  ++sessions_;
  publisher.set_live(gate_open_);
}

void Room::attach(ViewerSession& viewer) {
  streams_[viewer.identity().stream].viewers.push_back(&viewer);
  bandwidths_[viewer.identity().participant].add(viewer);
  ++sessions_;
}

void Room::attach(PlayerSource& player, MediaListener& news, MediaTime now) {
  player_news_ = &news;
  players_.push_back(&player);
  for (std::size_t i = 0; i < player.track_count(); ++i) {
    for (const auto& tap : taps_) tap->on_track_started(player.track(i), now.wall);
  }
}

void Room::detach(const PlayerSource& player, MediaTime now) {
  if (std::erase(players_, &player) == 0) return;
  for (std::size_t i = 0; i < player.track_count(); ++i) {
    for (const auto& tap : taps_) tap->on_track_ended(player.track(i).number, now.wall);
  }
}

void Room::detach(const MediaSession& session, MediaTime now) {
  if (const auto shared = bandwidths_.find(session.identity().participant); shared != bandwidths_.end()) {
    shared->second.remove(session);
    if (shared->second.empty()) bandwidths_.erase(shared);
  }
  const auto found = streams_.find(session.identity().stream);
  if (found == streams_.end()) return;
  Stream& stream = found->second;
  sessions_ -= std::erase_if(stream.viewers, [&](const ViewerSession* viewer) { return viewer == &session; });
  if (stream.publisher == &session) {
    for (const auto& track : stream.publisher->tracks()) {
      if (!stream.publisher->is_recorded(*track)) continue;
      for (const auto& tap : taps_) tap->on_track_ended(track->info().number, now.wall);
    }
    std::exchange(stream.publisher, nullptr)->set_audience(nullptr);
    --sessions_;
  }
  if (stream.publisher == nullptr && stream.viewers.empty()) streams_.erase(found);
}

PublisherSession* Room::publisher_of(const StreamKey& stream) const {
  const auto found = streams_.find(stream);
  return found == streams_.end() ? nullptr : found->second.publisher;
}

ViewerSession* Room::viewer_of(const std::string& participant, const StreamKey& stream) const {
  const auto streams = streams_.find(stream);
  if (streams == streams_.end()) return nullptr;
  const auto& viewers = streams->second.viewers;
  const auto found = std::ranges::find_if(
      viewers, [&](const ViewerSession* viewer) { return viewer->identity().participant == participant; });
  return found == viewers.end() ? nullptr : *found;
}

bool Room::request_keyframe(const StreamKey& stream, MediaTime now) {
  PublisherSession* publisher = publisher_of(stream);
  if (publisher == nullptr) return false;
  if (gate_open_) publisher->request_keyframe(now);
  return true;
}

void Room::on_track_started(PublisherSession& /*publisher*/, const IncomingTrack& track, MediaTime now) {
  for (const auto& tap : taps_) tap->on_track_started(track.info(), now.wall);
}

void Room::on_track_ended(PublisherSession& /*publisher*/, const IncomingTrack& track, MediaTime now) {
  for (const auto& tap : taps_) tap->on_track_ended(track.info().number, now.wall);
}

std::optional<KeptPacket> Room::on_packet(PublisherSession& publisher, const IncomingTrack& track,
                                          const MediaPacket& packet, MediaTime now) {
  if (!gate_open_) return std::nullopt;
  const KeptPacket kept = packet.recorded ? show_to_taps(track.info(), packet, now) : KeptPacket{};
  if (publisher.audience() == nullptr || publisher.audience()->empty()) return std::nullopt;
  if (!held_.empty() && held(publisher.identity().participant)) return std::nullopt;
  for (ViewerSession* viewer : *publisher.audience()) {
    if (held_.empty() || !held(viewer->identity().participant)) viewer->forward(track.info(), packet, now);
  }
  return kept;
}

KeptPacket Room::show_to_taps(const TrackInfo& track, const MediaPacket& packet, MediaTime now) {
  if (taps_.empty()) return {};
  TapPacket seen;
  seen.track = track.number;
  seen.arrival = now.wall;
  seen.extended_sequence = packet.sequence;
  seen.timestamp = packet.header.timestamp;
  seen.marker = packet.header.marker;
  seen.rotation = packet.rotation;
  seen.keyframe_start = packet.keyframe_start;
  seen.rtp = packet.rtp;
  seen.payload = packet.header.payload;
  KeptPacket result;
  for (const auto& tap : taps_) {
    const KeptPacket kept = tap->on_packet(seen);
    if (result.keeper == nullptr) result = kept;
  }
  return result;
}

PlayerSource* Room::player_of(const StreamKey& stream) const {
  const auto found = std::ranges::find(players_, stream, &PlayerSource::stream);
  return found == players_.end() ? nullptr : *found;
}

std::optional<KeptPacket> Room::on_player_packet(PlayerSource& player, const TrackInfo& track,
                                                 const MediaPacket& packet, MediaTime now) {
  if (!gate_open_) return std::nullopt;
  const KeptPacket kept = show_to_taps(track, packet, now);
  const auto found = streams_.find(player.stream());
  if (found == streams_.end()) return std::nullopt;
  for (ViewerSession* viewer : found->second.viewers) {
    if (player.audience() == PlayerAudience::held_only && !held(viewer->identity().participant)) continue;
    viewer->forward(track, packet, now);
  }
  return kept;
}

void Room::on_player_report(PlayerSource& /*player*/, const TapSenderReport& report, MediaTime /*now*/) {
  if (!gate_open_) return;
  for (const auto& tap : taps_) tap->on_sender_report(report);
}

void Room::on_player_state(const PlayerEvent& event) { player_news_->on_player(event); }

bool Room::held(const std::string& participant) const { return std::ranges::find(held_, participant) != held_.end(); }

void Room::set_hold(const std::string& participant, bool held, MediaTime now) {
  if (this->held(participant) == held) return;
  if (held && held_.size() >= kMaxSessions) return;  // nobody beyond it has a session
  if (held) {
    held_.push_back(participant);
  } else {
    std::erase(held_, participant);
  }
  // Who was cut off begins again with a keyframe, on both ways.
  for (const auto& [key, stream] : streams_) {
    if (player_of(key) != nullptr) continue;
    for (ViewerSession* viewer : stream.viewers) {
      if (viewer->identity().participant != participant && key.participant != participant) continue;
      viewer->pause();
      if (!held) request_keyframe(key, now);
    }
  }
}

void Room::on_sender_report(PublisherSession& publisher, const IncomingTrack& track, MediaTime /*now*/) {
  if (!gate_open_ || !track.last_report() || !publisher.is_recorded(track)) return;
  for (const auto& tap : taps_) tap->on_sender_report(*track.last_report());
}

void Room::on_keyframe_wanted(ViewerSession& viewer, std::uint8_t layer, MediaTime now) {
  PublisherSession* publisher = publisher_of(viewer.identity().stream);
  if (publisher != nullptr && gate_open_) publisher->request_keyframe(now, layer);
}

std::optional<SourceTime> Room::source_time(const ViewerSession& viewer, Kind kind, TrackNumber number,
                                            WallTime now) const {
  if (const PlayerSource* player = player_of(viewer.identity().stream)) {
    const TrackInfo* played = player->track(kind);
    const auto timestamp = player->timestamp_at(kind, now);
    if (played == nullptr || !timestamp) return std::nullopt;
    return SourceTime{played->number, *timestamp};
  }
  const PublisherSession* publisher = publisher_of(viewer.identity().stream);
  const IncomingTrack* track = publisher == nullptr ? nullptr : publisher->track(kind, number);
  if (track == nullptr) return std::nullopt;
  const auto timestamp = track->clock().timestamp_at(now, publisher->clock());
  if (!timestamp) return std::nullopt;
  return SourceTime{track->info().number, *timestamp};
}

std::optional<MediaPacket> Room::sent_before(const ViewerSession& viewer, Kind kind, TrackNumber number,
                                             std::uint64_t sequence, MediaTime now) const {
  if (const PlayerSource* player = player_of(viewer.identity().stream)) {
    const TrackInfo* played = player->track(kind);
    if (played == nullptr || played->number != number) return std::nullopt;
    return player->recall(kind, sequence, now);
  }
  const PublisherSession* publisher = publisher_of(viewer.identity().stream);
  const IncomingTrack* track = publisher == nullptr ? nullptr : publisher->track(kind, number);
  return track == nullptr || number == 0 ? std::nullopt : track->recall(sequence, now);
}

PictureView Room::picture_of(const ViewerSession& viewer, SteadyTime now) const {
  const PublisherSession* publisher = publisher_of(viewer.identity().stream);
  return publisher == nullptr || !gate_open_ ? PictureView{} : publisher->picture(now);
}

ViewerBandwidth* Room::bandwidth_of(const ViewerSession& viewer) {
  const auto found = bandwidths_.find(viewer.identity().participant);
  return found == bandwidths_.end() ? nullptr : &found->second;
}

}  // namespace tw::media
