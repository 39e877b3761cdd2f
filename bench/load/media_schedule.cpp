#include "load/media_schedule.hpp"

#include <algorithm>
#include <utility>

#include "base/byte_order.hpp"

namespace tw::bench {
namespace {

constexpr std::uint32_t kAudioTicks = 960;   // 20 ms at 48 kHz
constexpr std::uint32_t kVideoTicks = 3000;  // a thirtieth of a second at 90 kHz

}  // namespace

MediaSchedule::MediaSchedule(SteadyTime begin, std::minstd_rand& random)
    : next_audio_(begin + std::chrono::microseconds(random() % kAudioEvery.count())),
      frame_begin_(begin + std::chrono::microseconds(random() % kFrameEvery.count())),
      next_video_(frame_begin_) {}

DuePacket MediaSchedule::take() { return next_audio_ < next_video_ ? take_audio() : take_video(); }

DuePacket MediaSchedule::take_audio() {
  next_audio_ += kAudioEvery;
  return {.kind = media::Kind::audio, .timestamp = audio_packet_++ * kAudioTicks, .marker = false};
}

DuePacket MediaSchedule::take_video() {
  const DuePacket packet{.kind = media::Kind::video,
                         .timestamp = frame_ * kVideoTicks,
                         .marker = packet_of_frame_ + 1 == kPacketsAFrame,
                         .frame_start = packet_of_frame_ == 0,
                         .keyframe = keyframe_,
                         .frame = frame_};
  if (++packet_of_frame_ == kPacketsAFrame) {
    packet_of_frame_ = 0;
    frame_begin_ += kFrameEvery;
    keyframe_ = ++frame_ % kFramesAKeyframe == 0 || std::exchange(keyframe_wanted_, false);
  }
  next_video_ = frame_begin_ + kBurstEvery * (packet_of_frame_ / kPacketsABurst);
  return packet;
}

PayloadWriter::PayloadWriter(std::minstd_rand& random) {
  std::ranges::generate(bytes_, [&random] { return static_cast<std::uint8_t>(random() >> 8); });
}

std::span<std::uint8_t> PayloadWriter::write(const DuePacket& packet) {
  if (packet.kind == media::Kind::audio) {
    bytes_[0] = 0x78;  // RFC 6716 section 3.1: CELT, full band, 20 ms, mono, one frame
    return std::span(bytes_).first(MediaSchedule::kAudioBytes);
  }
  // X and S; I, L and T; a 15-bit picture id; TL0PICIDX; TID 0.
  const auto picture = static_cast<std::uint16_t>(0x8000 | (packet.frame & 0x7FFF));
  bytes_[0] = static_cast<std::uint8_t>(0x80 | (packet.frame_start ? 0x10 : 0));
  bytes_[1] = 0xE0;
  store_be<std::uint16_t>(bytes_.data() + 2, picture);
  bytes_[4] = static_cast<std::uint8_t>(packet.frame);
  bytes_[5] = 0;
  if (packet.frame_start) {
    constexpr std::array<std::uint8_t, 10> kKeyframe{0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x00, 0x05, 0xD0, 0x02};
    std::ranges::copy(kKeyframe, bytes_.begin() + 6);  // shown, 1280 × 720
    if (!packet.keyframe) bytes_[6] |= 1;
  }
  return bytes_;
}

}  // namespace tw::bench
