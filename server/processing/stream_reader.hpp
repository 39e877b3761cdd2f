#pragma once

#include <filesystem>
#include <map>
#include <memory>

#include "processing/sealed_avio.hpp"

namespace tw::processing {

/// Reads and decodes the pictures or the sound of one sealed stream file, frame after frame. What cannot be decoded is
/// passed over: one damaged picture must not cost the composed file.
class StreamReader {
 public:
  [[nodiscard]] static Result<std::unique_ptr<StreamReader>> open(const std::filesystem::path& path, SecretKey key,
                                                                  AVMediaType type);
  ~StreamReader();
  StreamReader(const StreamReader&) = delete;
  StreamReader& operator=(const StreamReader&) = delete;

  /// The next frame into `frame`, with its position; false at the end.
  [[nodiscard]] Result<bool> next(AVFrame* frame, std::int64_t& position_us);

 private:
  StreamReader() = default;
  [[nodiscard]] Result<void> read_head(AVMediaType type);
  [[nodiscard]] bool take_decoded(AVFrame* frame, std::int64_t& position_us);

  std::unique_ptr<SealedInput> input_;
  AVFormatContext* demuxer_ = nullptr;
  std::map<int, CodecPtr> decoders_;
  PacketPtr packet_;
};

}  // namespace tw::processing
