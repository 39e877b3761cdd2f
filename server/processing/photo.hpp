#pragma once

#include "processing/ffmpeg_handles.hpp"
#include "processing/jpeg.hpp"
#include "recording/processor.hpp"

namespace tw::processing {

/// Decodes, turns upright, encodes twice: as it is and with the mark at its bottom.
[[nodiscard]] Result<recording::PhotoResult> make_photo(const recording::PhotoJob& job);

/// The one picture in a keyframe.
[[nodiscard]] Result<FramePtr> decode_keyframe(media::Codec codec, ByteView frame);
/// Full-range RGB of a decoded picture, as it stands upright.
[[nodiscard]] Result<RgbPicture> upright_rgb(const AVFrame& frame, media::Rotation rotation);

}  // namespace tw::processing
