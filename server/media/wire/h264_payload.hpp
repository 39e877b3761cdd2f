#pragma once

#include <cstdint>
#include <optional>

#include "base/encoding.hpp"

namespace tw::media {

enum class H264Packetization { single, aggregate, fragment };

/// An H.264 RTP payload (RFC 6184 section 5): single NAL unit, STAP-A or FU-A. Other kinds are refused.
struct H264Payload {
  H264Packetization packetization = H264Packetization::single;
  bool idr = false;             ///< holds (a part of) an IDR slice, also inside STAP-A and FU-A
  bool parameter_sets = false;  ///< holds an SPS, also inside STAP-A
  bool fragment_start = false;
  bool fragment_end = false;

  /// Does a picture that decodes by itself begin here?
  [[nodiscard]] bool keyframe_start() const {
    return parameter_sets || (idr && (packetization != H264Packetization::fragment || fragment_start));
  }
  [[nodiscard]] static std::optional<H264Payload> parse(ByteView payload);
};

/// Appends the payload's NAL units with Annex B start codes; a fragment that is not the first appends only its bytes.
void append_annex_b(ByteView payload, const H264Payload& parsed, Bytes& out);

}  // namespace tw::media
