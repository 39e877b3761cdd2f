#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/encoding.hpp"
#include "base/result.hpp"
#include "media/media_types.hpp"

namespace tw::media {

/// One frame of prepared media: where it lies in its track's bytes and when it is due.
struct PlayerFrame {
  std::uint32_t time = 0;    ///< ticks of the track's clock since the beginning, never falling
  std::uint32_t offset = 0;  ///< into PlayerTrack::data
  std::uint32_t bytes = 0;
  bool keyframe = false;  ///< decodes by itself; sound always does
};

/// One medium of what a player plays. Opus: one packet of 20 ms a frame. VP8: one frame as the encoder gave it.
/// H.264: the NAL units of one picture, each behind its length in four bytes, big-endian, parameter sets with every
/// keyframe.
struct PlayerTrack {
  Codec codec = Codec::opus;
  std::vector<PlayerFrame> frames;
  Bytes data;

  [[nodiscard]] ByteView bytes_of(const PlayerFrame& frame) const {
    return ByteView(data).subspan(frame.offset, frame.bytes);
  }
};

[[nodiscard]] constexpr std::uint32_t clock_rate_of(Codec codec) { return codec == Codec::opus ? 48'000 : 90'000; }

/// Media that a player plays: compressed frames in memory, ready to be cut into packets. Nothing in it is decoded here,
/// and everything was checked when it was made, so that playing it trusts it. Immutable; shared between rooms.
class PlayerMedia {
 public:
  /// Ten minutes at the bit rate that the preparation keeps to (1.2 Mbit/s and sound), and room for keyframes.
  static constexpr std::size_t kMaxBytes = std::size_t{160} * 1024 * 1024;
  static constexpr std::chrono::minutes kMaxDuration{10};
  /// A keyframe of 1280×720 is 30–150 KB.
  static constexpr std::size_t kMaxFrameBytes = std::size_t{1024} * 1024;
  /// RFC 6716 section 3.2: the longest Opus frame.
  static constexpr std::size_t kMaxSoundFrameBytes = 1275;
  static constexpr std::uint32_t kSoundFrameTicks = 960;  ///< 20 ms at 48 kHz

  /// At least one of the two. `player_media.malformed` (invalid) where a frame lies outside of its data, time falls, a
  /// picture does not begin with a keyframe or NAL units do not fill their frame; `player_media.too_long` (too_large).
  [[nodiscard]] static Result<PlayerMedia> make(std::optional<PlayerTrack> sound, std::optional<PlayerTrack> picture);

  [[nodiscard]] const std::optional<PlayerTrack>& sound() const { return sound_; }
  [[nodiscard]] const std::optional<PlayerTrack>& picture() const { return picture_; }
  [[nodiscard]] std::chrono::milliseconds duration() const { return duration_; }
  [[nodiscard]] std::size_t bytes() const;
  /// Where playing can begin when `position` is asked for: the keyframe at or before it, or the sound frame where there
  /// is no picture.
  [[nodiscard]] std::chrono::milliseconds entry_before(std::chrono::milliseconds position) const;

 private:
  PlayerMedia() = default;
  std::optional<PlayerTrack> sound_;
  std::optional<PlayerTrack> picture_;
  std::chrono::milliseconds duration_{0};
};

}  // namespace tw::media
