#include "media/player/player_media.hpp"

#include <algorithm>
#include <utility>

#include "base/byte_order.hpp"
#include "media/player/frame_packetizer.hpp"

namespace tw::media {
namespace {

using std::chrono::milliseconds;

auto malformed(const char* what) {
  return fail(ErrorKind::invalid, "player_media.malformed",
              std::string("Prepared media cannot be played: ") + what + "; prepare it again.");
}

/// A picture's last frame is shown this long.
constexpr std::uint32_t kLastPictureTicks = 90'000 / 25;

bool nal_units_fill(ByteView frame) {
  std::size_t at = 0;
  while (at < frame.size()) {
    if (frame.size() - at < kNalLengthBytes) return false;
    const std::size_t bytes = load_be<std::uint32_t>(frame.data() + at);
    at += kNalLengthBytes;
    if (bytes == 0 || bytes > frame.size() - at) return false;
    at += bytes;
  }
  return at > 0;
}

Result<void> check(const PlayerTrack& track) {
  const std::size_t longest =
      track.codec == Codec::opus ? PlayerMedia::kMaxSoundFrameBytes : PlayerMedia::kMaxFrameBytes;
  if (track.frames.empty()) return malformed("a track has no frames");
  std::uint32_t time = 0;
  for (const PlayerFrame& frame : track.frames) {
    if (frame.bytes == 0 || frame.bytes > longest) return malformed("a frame has no size, or too much of it");
    if (std::uint64_t{frame.offset} + frame.bytes > track.data.size()) return malformed("a frame lies outside");
    if (frame.time < time) return malformed("time runs backwards");
    time = frame.time;
    if (track.codec == Codec::h264 && !nal_units_fill(track.bytes_of(frame)))
      return malformed("NAL units do not fill their frame");
  }
  if (track.codec != Codec::opus && !track.frames.front().keyframe)
    return malformed("the picture begins without a keyframe");
  return {};
}

milliseconds end_of(const PlayerTrack& track) {
  const std::uint32_t last = track.codec == Codec::opus ? PlayerMedia::kSoundFrameTicks : kLastPictureTicks;
  return milliseconds((std::uint64_t{track.frames.back().time} + last) * 1'000 / clock_rate_of(track.codec));
}

}  // namespace

Result<PlayerMedia> PlayerMedia::make(std::optional<PlayerTrack> sound, std::optional<PlayerTrack> picture) {
  if (!sound && !picture) return malformed("it has neither sound nor picture");
  if (sound && sound->codec != Codec::opus) return malformed("its sound is not Opus");
  if (picture && picture->codec == Codec::opus) return malformed("its picture is no picture");
  PlayerMedia media;
  for (const auto* track : {&sound, &picture}) {
    if (!*track) continue;
    if (auto checked = check(**track); !checked) return tl::unexpected(checked.error());
    media.duration_ = std::max(media.duration_, end_of(**track));
  }
  media.sound_ = std::move(sound);
  media.picture_ = std::move(picture);
  if (media.duration_ > kMaxDuration || media.bytes() > kMaxBytes) {
    return fail(ErrorKind::too_large, "player_media.too_long", "Prepared media is longer than a player holds.");
  }
  return media;
}

std::size_t PlayerMedia::bytes() const {
  std::size_t bytes = 0;
  for (const auto* track : {&sound_, &picture_}) {
    if (*track) bytes += (*track)->data.size() + (*track)->frames.size() * sizeof(PlayerFrame);
  }
  return bytes;
}

milliseconds PlayerMedia::entry_before(milliseconds position) const {
  const PlayerTrack& track = picture_ ? *picture_ : *sound_;
  const std::uint32_t rate = clock_rate_of(track.codec);
  const auto bounded = std::clamp(position, milliseconds{0}, duration_);
  const auto ticks = static_cast<std::uint32_t>(bounded.count() * rate / 1'000);
  auto frame = std::ranges::upper_bound(track.frames, ticks, {}, &PlayerFrame::time);
  while (frame != track.frames.begin()) {
    --frame;
    if (track.codec != Codec::opus && !frame->keyframe) continue;
    return milliseconds(std::uint64_t{frame->time} * 1'000 / rate);
  }
  return milliseconds{0};
}

}  // namespace tw::media
