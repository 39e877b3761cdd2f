#pragma once

#include <map>
#include <memory>

#include "processing/stream_demuxer.hpp"

namespace tw::processing {

/// Decodes the pictures of one sealed stream file, one after the other. What cannot be decoded is passed over: one
/// damaged picture must not cost the composed file. Pictures may change their size at any keyframe.
class PictureReader {
 public:
  [[nodiscard]] static Result<std::unique_ptr<PictureReader>> open(const std::filesystem::path& path, SecretKey key);

  /// The next picture into `frame`, with its position; false at the end.
  [[nodiscard]] Result<bool> next(AVFrame* frame, std::int64_t& position_us);

 private:
  PictureReader() = default;
  [[nodiscard]] bool take_decoded(AVFrame* frame, std::int64_t& position_us);

  struct Decoder {
    CodecPtr codec;
    AVRational time_base{1, 1000};
  };
  std::unique_ptr<StreamDemuxer> demuxer_;
  std::map<int, Decoder> decoders_;
};

}  // namespace tw::processing
