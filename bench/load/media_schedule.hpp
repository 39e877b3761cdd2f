#pragma once

#include <array>
#include <cstdint>
#include <random>

#include "base/clock.hpp"
#include "media/media_types.hpp"

namespace tw::bench {

/// A packet that is due: what of, and its RTP facts.
struct DuePacket {
  media::Kind kind = media::Kind::audio;
  std::uint32_t timestamp = 0;
  bool marker = false;
  bool frame_start = false;
  bool keyframe = false;
  std::uint32_t frame = 0;
};

/// What one publisher sends and when, whatever becomes of it (an open loop): Opus 50 packets/s; video 30 frames/s of 8
/// packets, in bursts of 3, 3 and 2 that are 5 ms apart; a keyframe every 2 s and when asked.
class MediaSchedule {
 public:
  static constexpr std::size_t kAudioBytes = 80;
  static constexpr std::size_t kVideoBytes = 1100;
  static constexpr std::chrono::microseconds kAudioEvery{20'000};
  static constexpr std::chrono::microseconds kFrameEvery{33'333};
  static constexpr std::chrono::microseconds kBurstEvery{5'000};
  static constexpr unsigned kPacketsAFrame = 8;
  static constexpr unsigned kPacketsABurst = 3;
  static constexpr std::uint32_t kFramesAKeyframe = 60;
  static constexpr double kPacketsASecond = 50.0 + 30.0 * kPacketsAFrame;

  /// Publishers begin at random points of their first frame, as people do.
  MediaSchedule(SteadyTime begin, std::minstd_rand& random);

  [[nodiscard]] SteadyTime next() const { return next_audio_ < next_video_ ? next_audio_ : next_video_; }
  /// The packet that is due at `next()`, and moves on.
  DuePacket take();
  void want_keyframe() { keyframe_wanted_ = true; }

 private:
  DuePacket take_audio();
  DuePacket take_video();

  SteadyTime next_audio_;
  SteadyTime frame_begin_;
  SteadyTime next_video_;
  std::uint32_t audio_packet_ = 0;
  std::uint32_t frame_ = 0;
  unsigned packet_of_frame_ = 0;
  bool keyframe_ = true;
  bool keyframe_wanted_ = false;
};

/// Fills payloads: a sound that no decoder minds, pictures with the VP8 payload descriptor (RFC 7741 section 4.2) and
/// frame tag (RFC 6386 section 9.1) that a server looks at. The rest is noise.
class PayloadWriter {
 public:
  explicit PayloadWriter(std::minstd_rand& random);

  /// The payload of `packet`, valid until the next call; its end is free for a Stamp.
  [[nodiscard]] std::span<std::uint8_t> write(const DuePacket& packet);

 private:
  std::array<std::uint8_t, MediaSchedule::kVideoBytes> bytes_{};
};

}  // namespace tw::bench
