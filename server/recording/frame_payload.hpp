#pragma once

#include "base/encoding.hpp"
#include "media/media_types.hpp"

namespace tw::recording {

/// Appends what one RTP payload carries of a frame: VP8 without its descriptor (RFC 7741), H264 NAL units in Annex B
/// (RFC 6184: single, STAP-A, FU-A). Packets must come in sequence. False when the payload is malformed.
[[nodiscard]] bool append_frame_payload(media::Codec codec, ByteView payload, Bytes& frame);

}  // namespace tw::recording
