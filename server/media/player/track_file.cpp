#include "media/player/track_file.hpp"

#include <algorithm>
#include <array>

#include "base/byte_order.hpp"

namespace tw::media {
namespace {

constexpr std::array<std::uint8_t, 4> kMagic{'T', 'W', 'P', 'T'};
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHeadBytes = 8;
constexpr std::size_t kRecordHeadBytes = 8;
constexpr std::uint32_t kKeyframeBit = 0x80000000;

std::uint8_t number_of(Codec codec) { return codec == Codec::opus ? 0 : codec == Codec::vp8 ? 1 : 2; }

auto malformed() {
  return fail(ErrorKind::invalid, "player_media.malformed", "This is no prepared track; prepare the medium again.");
}

}  // namespace

Result<void> TrackFileWriter::add(std::uint32_t time, bool keyframe, ByteView frame) {
  if (frames_ == 0) {
    const std::array<std::uint8_t, kHeadBytes> head{kMagic[0], kMagic[1],         kMagic[2], kMagic[3],
                                                    kVersion,  number_of(codec_), 0,         0};
    if (auto done = write_(head); !done) return done;
  }
  bytes_ += kRecordHeadBytes + frame.size();
  if (frame.size() > PlayerMedia::kMaxFrameBytes || bytes_ > PlayerMedia::kMaxBytes) {
    return fail(ErrorKind::too_large, "player_media.too_long", "Prepared media is larger than a player holds.");
  }
  std::array<std::uint8_t, kRecordHeadBytes> head{};
  store_be<std::uint32_t>(head.data(), time);
  store_be<std::uint32_t>(head.data() + 4, static_cast<std::uint32_t>(frame.size()) | (keyframe ? kKeyframeBit : 0));
  if (auto done = write_(head); !done) return done;
  ++frames_;
  return write_(frame);
}

Result<PlayerTrack> read_track_file(Bytes file, Codec codec) {
  if (file.size() < kHeadBytes || !std::equal(kMagic.begin(), kMagic.end(), file.begin()) || file[4] != kVersion ||
      file[5] != number_of(codec)) {
    return malformed();
  }
  PlayerTrack track{.codec = codec, .frames = {}, .data = {}};
  std::size_t at = kHeadBytes;
  while (at < file.size()) {
    if (file.size() - at < kRecordHeadBytes) return malformed();
    const auto time = load_be<std::uint32_t>(file.data() + at);
    const auto length = load_be<std::uint32_t>(file.data() + at + 4);
    const std::uint32_t bytes = length & ~kKeyframeBit;
    at += kRecordHeadBytes;
    if (bytes == 0 || bytes > file.size() - at || track.frames.size() == kMaxTrackFrames) return malformed();
    track.frames.push_back({time, static_cast<std::uint32_t>(at), bytes, (length & kKeyframeBit) != 0});
    at += bytes;
  }
  track.data = std::move(file);
  return track;
}

}  // namespace tw::media
