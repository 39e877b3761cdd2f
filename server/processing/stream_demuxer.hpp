#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "processing/sealed_avio.hpp"

namespace tw::processing {

/// The packets of one kind of media of a sealed stream file, one after the other.
class StreamDemuxer {
 public:
  [[nodiscard]] static Result<std::unique_ptr<StreamDemuxer>> open(const std::filesystem::path& path, SecretKey key,
                                                                   AVMediaType type);
  ~StreamDemuxer();
  StreamDemuxer(const StreamDemuxer&) = delete;
  StreamDemuxer& operator=(const StreamDemuxer&) = delete;

  /// Those of the kind that was asked for; there may be none.
  [[nodiscard]] const std::vector<AVStream*>& streams() const { return streams_; }
  /// Valid until the next call; null at the end.
  [[nodiscard]] Result<AVPacket*> next();

 private:
  StreamDemuxer() = default;
  [[nodiscard]] Result<void> read_head(AVMediaType type);

  std::unique_ptr<SealedInput> input_;
  AVFormatContext* demuxer_ = nullptr;
  std::vector<AVStream*> streams_;
  PacketPtr packet_;
};

}  // namespace tw::processing
