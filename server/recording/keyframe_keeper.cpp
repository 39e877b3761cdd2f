#include "recording/keyframe_keeper.hpp"

#include "recording/frame_payload.hpp"

namespace tw::recording {

void KeyframeKeeper::on_track_started(const media::TrackInfo& track, WallTime) {
  if (track.kind != media::Kind::video) return;
  const std::lock_guard lock(mutex_);
  tracks_[track.number] = track;
}

void KeyframeKeeper::on_track_ended(media::TrackNumber track, WallTime) {
  const std::lock_guard lock(mutex_);
  tracks_.erase(track);
}

media::KeptPacket KeyframeKeeper::on_packet(const media::TapPacket& packet) {
  if (waiting_.load(std::memory_order_acquire) != 0) look_at(packet);
  return {};
}

void KeyframeKeeper::look_at(const media::TapPacket& packet) {
  const std::lock_guard lock(mutex_);
  if (wanted_.empty() || packet.payload.empty()) return;  // padding carries nothing of a picture
  const auto track = tracks_.find(packet.track);
  if (track == tracks_.end()) return;
  const auto wanted = wanted_.find(track->second.stream);
  if (wanted == wanted_.end() || wanted->second.found) return;
  collect(wanted->second, track->second, packet);
}

void KeyframeKeeper::collect(Wanted& wanted, const media::TrackInfo& track, const media::TapPacket& packet) {
  auto& assembly = wanted.assembly;
  if (packet.keyframe_start && (!assembly || assembly->timestamp != packet.timestamp)) {
    // A newer keyframe replaces one that never became whole.
    assembly = Assembly{};
    assembly->timestamp = packet.timestamp;
    assembly->keyframe = {track.codec, {}, packet.rotation, packet.arrival};
  }
  if (!assembly || assembly->timestamp != packet.timestamp) return;
  if (packet.keyframe_start && (!assembly->first || packet.extended_sequence < *assembly->first))
    assembly->first = packet.extended_sequence;
  if (assembly->bytes + packet.payload.size() > kMaxKeyframeBytes || assembly->pieces.size() >= kMaxKeyframePackets) {
    assembly.reset();
    return;
  }
  assembly->bytes += packet.payload.size();
  assembly->pieces.try_emplace(packet.extended_sequence,
                               Piece{Bytes(packet.payload.begin(), packet.payload.end()), packet.marker});
  if (auto frame = complete(*assembly)) {
    wanted.found = std::move(assembly->keyframe);
    wanted.found->frame = std::move(*frame);
    assembly.reset();
    arrived_.notify_all();
  }
}

std::optional<Bytes> KeyframeKeeper::complete(const Assembly& assembly) {
  if (!assembly.first || assembly.pieces.empty() || !assembly.pieces.rbegin()->second.marker) return std::nullopt;
  Bytes frame;
  std::uint64_t next = *assembly.first;
  for (auto piece = assembly.pieces.find(next); piece != assembly.pieces.end(); ++piece, ++next) {
    if (piece->first != next) return std::nullopt;
    if (!append_frame_payload(assembly.keyframe.codec, piece->second.payload, frame)) return std::nullopt;
  }
  return frame;
}

void KeyframeKeeper::expect(const media::StreamKey& stream) {
  const std::lock_guard lock(mutex_);
  auto& wanted = wanted_[stream];
  ++wanted.waiters;
  waiting_.fetch_add(1, std::memory_order_release);
  wanted.found.reset();
  wanted.assembly.reset();
}

std::optional<Keyframe> KeyframeKeeper::take(const media::StreamKey& stream, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, patience, [&] { return wanted_[stream].found.has_value(); });
  auto wanted = wanted_.find(stream);
  auto found = wanted->second.found;
  if (--wanted->second.waiters <= 0) wanted_.erase(wanted);
  waiting_.fetch_sub(1, std::memory_order_release);
  return found;
}

}  // namespace tw::recording
