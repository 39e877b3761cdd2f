#pragma once

#include <cstdint>
#include <span>

#include "base/encoding.hpp"
#include "media/media_types.hpp"

namespace tw::media {

/// Length in front of each NAL unit of a prepared H.264 frame.
constexpr std::size_t kNalLengthBytes = 4;

/// Cuts one frame of prepared media into RTP payloads, one at a time: Opus as it is (RFC 7587 section 4.2), VP8 behind
/// a payload descriptor with a 15-bit PictureID (RFC 7741 section 4.2), H.264 as single NAL units, STAP-A and FU-A
/// (RFC 6184 sections 5.6, 5.7.1 and 5.8). The frame outlives the cutting; nothing is allocated.
class FramePacketizer {
 public:
  /// With RTP header, extensions, SRTP trailer, UDP and IPv6 below 1,280 bytes, which every path carries.
  static constexpr std::size_t kMaxPayloadBytes = 1'160;

  explicit FramePacketizer(Codec codec) : codec_(codec) {}

  void begin(ByteView frame);
  [[nodiscard]] bool done() const { return at_ >= frame_.size() && unit_at_ >= unit_.size(); }
  /// Writes the next payload into `out` (at least kMaxPayloadBytes) and returns its length; 0 when the frame is done.
  [[nodiscard]] std::size_t next(std::span<std::uint8_t> out);

 private:
  [[nodiscard]] std::size_t next_vp8(std::span<std::uint8_t> out);
  [[nodiscard]] std::size_t next_h264(std::span<std::uint8_t> out);
  [[nodiscard]] std::size_t next_fragment(std::span<std::uint8_t> out);
  [[nodiscard]] std::size_t aggregate(std::span<std::uint8_t> out);
  [[nodiscard]] ByteView unit_behind(std::size_t at) const;

  const Codec codec_;
  ByteView frame_;
  std::size_t at_ = 0;
  ByteView unit_;  // the NAL unit that is being cut into fragments
  std::size_t unit_at_ = 0;
  std::size_t part_bytes_ = 0;  // of the packets that the frame or unit is cut into
  std::uint16_t picture_id_ = 0;
};

}  // namespace tw::media
