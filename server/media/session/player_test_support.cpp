#include "media/session/player_test_support.hpp"

#include <stdexcept>

#include "media/session/simulated_room_test_support.hpp"

namespace tw::media {
namespace {

void append(PlayerTrack& track, std::uint32_t time, bool keyframe, ByteView frame) {
  track.frames.push_back(
      {time, static_cast<std::uint32_t>(track.data.size()), static_cast<std::uint32_t>(frame.size()), keyframe});
  track.data.insert(track.data.end(), frame.begin(), frame.end());
}

}  // namespace

std::shared_ptr<const PlayerMedia> make_marked_media(std::chrono::seconds length, bool with_picture) {
  constexpr std::size_t kDescriptorBytes = 4;
  PlayerTrack sound{.codec = Codec::opus, .frames = {}, .data = {}};
  PlayerTrack picture{.codec = Codec::vp8, .frames = {}, .data = {}};
  for (std::uint32_t i = 0; i < length.count() * 50; ++i) append(sound, i * 960, true, Bytes{0xFC, 1, 2, 3});
  for (std::uint32_t i = 0; i < length.count() * kMarkedFramesPerSecond; ++i) {
    const bool keyframe = i % kMarkedFramesPerSecond == 0;
    const Bytes payload = make_vp8_payload({i, 0, 1}, keyframe);
    append(picture, i * 90'000 / kMarkedFramesPerSecond, keyframe, ByteView(payload).subspan(kDescriptorBytes));
  }
  auto media = with_picture ? PlayerMedia::make(std::move(sound), std::move(picture))
                            : PlayerMedia::make(std::move(sound), std::nullopt);
  if (!media) throw std::logic_error(media.error().message);
  return std::make_shared<const PlayerMedia>(std::move(*media));
}

}  // namespace tw::media
