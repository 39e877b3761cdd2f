#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "media/media_types.hpp"

namespace tw::recording {

/// One decodable picture as it was received.
struct Keyframe {
  media::Codec codec = media::Codec::vp8;
  Bytes frame;  ///< a VP8 frame, or H264 in Annex B with the parameter sets that came with it
  media::Rotation rotation = media::Rotation::none;
  WallTime captured_at;  ///< arrival of its first packet
};

/// Largest encoded keyframe that is kept: far above a 1080p one.
constexpr std::size_t kMaxKeyframeBytes = std::size_t{4} * 1024 * 1024;
/// Packets of one picture that are collected at most.
constexpr std::size_t kMaxKeyframePackets = 4096;

/// Puts together the next keyframe of a participant's camera for whoever waits for one; while nobody does, a packet
/// costs one look at a number and no lock. Thread-safe: packets come from the room's worker, waiting happens on others.
class KeyframeKeeper final : public media::PacketTap {
 public:
  void on_track_started(const media::TrackInfo& track, WallTime at) override;
  media::KeptPacket on_packet(const media::TapPacket& packet) override;
  void on_sender_report(const media::TapSenderReport&) override {}
  void on_track_ended(media::TrackNumber track, WallTime at) override;

  /// From now on keyframes of this stream are collected, until `take` returns.
  void expect(const media::StreamKey& stream);
  /// Waits for the first whole keyframe whose first packet came after `expect`. nullopt when none came in time.
  [[nodiscard]] std::optional<Keyframe> take(const media::StreamKey& stream, std::chrono::milliseconds patience);

 private:
  struct Piece {
    Bytes payload;
    bool marker = false;
  };
  /// A picture whose packets are coming in, in whatever order.
  struct Assembly {
    std::uint32_t timestamp = 0;
    std::optional<std::uint64_t> first;  ///< sequence number of its first packet
    Keyframe keyframe;
    std::map<std::uint64_t, Piece> pieces;
    std::size_t bytes = 0;
  };
  struct Wanted {
    int waiters = 0;
    std::optional<Assembly> assembly;
    std::optional<Keyframe> found;
  };
  void look_at(const media::TapPacket& packet);
  void collect(Wanted& wanted, const media::TrackInfo& track, const media::TapPacket& packet);
  static std::optional<Bytes> complete(const Assembly& assembly);

  std::atomic<int> waiting_{0};
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::map<media::TrackNumber, media::TrackInfo> tracks_;
  std::map<media::StreamKey, Wanted> wanted_;
};

}  // namespace tw::recording
