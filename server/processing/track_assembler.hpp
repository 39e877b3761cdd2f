#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/encoding.hpp"
#include "media/media_types.hpp"
#include "recording/journal_record.hpp"

namespace tw::processing {

/// A whole picture or one packet of sound, as the codec knows it.
struct MediaFrame {
  std::uint64_t first_sequence = 0;
  std::int64_t timestamp = 0;  ///< extended
  bool keyframe = false;
  media::Rotation rotation = media::Rotation::none;
  Bytes data;  ///< a VP8 frame, H264 in Annex B, or an Opus packet
};

/// One packet of a journal with what is known about it.
struct TrackPacket {
  recording::Packet packet;
  std::int64_t timestamp = 0;  ///< extended in order of arrival
  bool marker = false;
  [[nodiscard]] ByteView payload() const { return ByteView(packet.rtp).subspan(packet.payload_offset); }
};

/// Brings the packets of a track, which lie in order of arrival, into their own order and puts frames together. What a
/// loss made incomplete is left out, and after it every picture until one that decodes by itself.
class TrackAssembler {
 public:
  explicit TrackAssembler(media::Codec codec) : codec_(codec) {}

  /// Appends the frames that became complete.
  void push(TrackPacket packet, std::vector<MediaFrame>& out);
  /// The track has ended: what is held is all there will be.
  void finish(std::vector<MediaFrame>& out);

 private:
  void release(std::vector<MediaFrame>& out, bool all);
  void take(const TrackPacket& packet, bool gap_before, std::vector<MediaFrame>& out);
  void take_sound(const TrackPacket& packet, std::vector<MediaFrame>& out) const;
  void take_picture(const TrackPacket& packet, bool gap_before, std::vector<MediaFrame>& out);
  [[nodiscard]] bool begins_frame(const TrackPacket& packet) const;
  void end_picture(std::vector<MediaFrame>& out);

  media::Codec codec_;
  std::map<std::uint64_t, TrackPacket> held_;
  std::optional<std::uint64_t> next_sequence_;
  std::int64_t newest_arrival_us_ = 0;

  std::optional<MediaFrame> current_;
  bool current_broken_ = false;
  bool needs_keyframe_ = true;
  std::optional<std::uint16_t> last_picture_id_;
};

}  // namespace tw::processing
