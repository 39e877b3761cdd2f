#pragma once

#include <functional>

#include "media/player/player_media.hpp"

/// How prepared tracks are kept: a head of 8 bytes ("TWPT", version, codec, two zeros), then one record a frame: time
/// in ticks (u32), length with the keyframe bit (u32), the frame. Numbers in network byte order.
namespace tw::media {

/// Ten minutes of 20 ms, twice: a file of many tiny frames must not become a list much larger than itself.
constexpr std::size_t kMaxTrackFrames = 60'000;

/// Writes a track, frame after frame, into whatever takes bytes.
class TrackFileWriter {
 public:
  using Write = std::function<Result<void>(ByteView)>;

  TrackFileWriter(Codec codec, Write write) : codec_(codec), write_(std::move(write)) {}
  /// `frame` in the form of PlayerTrack. `player_media.too_long` beyond what a player holds.
  [[nodiscard]] Result<void> add(std::uint32_t time, bool keyframe, ByteView frame);
  [[nodiscard]] std::size_t frames() const { return frames_; }

 private:
  const Codec codec_;
  Write write_;
  std::size_t frames_ = 0;
  std::size_t bytes_ = 0;
};

/// A whole file read back; the track keeps `file` as its data. `player_media.malformed` for anything that is not one.
[[nodiscard]] Result<PlayerTrack> read_track_file(Bytes file, Codec codec);

}  // namespace tw::media
