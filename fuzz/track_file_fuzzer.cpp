// Prepared tracks that a player plays, as they come from the processor that decoded a foreign file: read, checked, cut
// into packets.
#include <algorithm>
#include <array>

#include "fuzz/fuzz_input.hpp"
#include "media/player/frame_packetizer.hpp"
#include "media/player/player_media.hpp"
#include "media/player/track_file.hpp"

namespace {

using namespace tw;
using media::Codec;

void cut(const media::PlayerTrack& track) {
  std::array<std::uint8_t, media::FramePacketizer::kMaxPayloadBytes> payload{};
  media::FramePacketizer packetizer(track.codec);
  for (const media::PlayerFrame& frame : track.frames) {
    std::size_t sent = 0;
    std::size_t packets = 0;
    for (packetizer.begin(track.bytes_of(frame)); !packetizer.done(); ++packets) {
      const std::size_t bytes = packetizer.next(payload);
      fuzz::require(bytes <= payload.size());
      fuzz::require(packets <= frame.bytes);  // it comes to an end
      sent += bytes;
    }
    // Opus beyond a packet is refused when it is prepared; everything else arrives whole.
    fuzz::require(track.codec != Codec::vp8 || sent == frame.bytes + packets * 4);
    fuzz::require(track.codec == Codec::opus || sent > 0);
  }
}

/// Written again it reads as the same frames.
void write_again(const media::PlayerTrack& track) {
  Bytes file;
  media::TrackFileWriter writer(track.codec, [&file](ByteView bytes) -> Result<void> {
    file.insert(file.end(), bytes.begin(), bytes.end());
    return {};
  });
  for (const media::PlayerFrame& frame : track.frames)
    fuzz::require(writer.add(frame.time, frame.keyframe, track.bytes_of(frame)).has_value());
  fuzz::require(writer.frames() == track.frames.size());
  const auto again = media::read_track_file(file, track.codec);
  fuzz::require(again.has_value() && again->frames.size() == track.frames.size());
  for (std::size_t i = 0; i < track.frames.size(); ++i) {
    const media::PlayerFrame& frame = track.frames[i];
    fuzz::require(again->frames[i].time == frame.time && again->frames[i].keyframe == frame.keyframe);
    fuzz::require(std::ranges::equal(again->bytes_of(again->frames[i]), track.bytes_of(frame)));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const Codec codec : {Codec::opus, Codec::vp8, Codec::h264}) {
    auto track = media::read_track_file(Bytes(data, data + size), codec);
    if (!track) continue;
    fuzz::require(track->frames.size() <= media::kMaxTrackFrames);
    for (const auto& frame : track->frames) fuzz::require(frame.offset + std::size_t{frame.bytes} <= size);
    if (!track->frames.empty()) write_again(*track);
    const bool sound = codec == Codec::opus;
    auto media = sound ? media::PlayerMedia::make(std::move(*track), std::nullopt)
                       : media::PlayerMedia::make(std::nullopt, std::move(*track));
    if (!media) continue;
    fuzz::require(media->duration() <= media::PlayerMedia::kMaxDuration);
    for (const int at_ms : {-1, 0, 1, 999, 600'000, 2'000'000'000}) {
      const auto entry = media->entry_before(std::chrono::milliseconds(at_ms));
      fuzz::require(entry >= std::chrono::milliseconds(0) && entry <= media->duration());
    }
    cut(sound ? *media->sound() : *media->picture());
  }
  return 0;
}
