#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/encoding.hpp"
#include "media/media_types.hpp"

namespace tw::media {

/// RTP header extensions that are understood, by their URI in a=extmap.
inline constexpr std::string_view kMidUri = "urn:ietf:params:rtp-hdrext:sdes:mid";
inline constexpr std::string_view kTransportSequenceUri =
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
inline constexpr std::string_view kAbsSendTimeUri = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
inline constexpr std::string_view kVideoOrientationUri = "urn:3gpp:video-orientation";
/// Which layer of simulcast a packet belongs to, and of which layer it is a retransmission (RFC 8852 section 3).
inline constexpr std::string_view kStreamIdUri = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
inline constexpr std::string_view kRepairedStreamIdUri = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";

/// The negotiated ids of one medium; 0 where an extension is not in use.
struct RtpExtensionIds {
  std::uint8_t mid = 0;
  std::uint8_t transport_sequence = 0;
  std::uint8_t abs_send_time = 0;
  std::uint8_t video_orientation = 0;
  std::uint8_t stream_id = 0;
  std::uint8_t repaired_stream_id = 0;
};

/// CVO's octet (3GPP TS 26.114 section 7.4.5): how far to turn clockwise for an upright picture. The flip bit is not
/// used.
[[nodiscard]] std::optional<Rotation> read_video_orientation(ByteView value);
[[nodiscard]] std::uint8_t video_orientation_octet(Rotation rotation);

/// abs-send-time: 6.18 fixed point seconds, 24 bits, wrapping every 64 s.
[[nodiscard]] std::uint32_t abs_send_time(std::chrono::microseconds time);

}  // namespace tw::media
