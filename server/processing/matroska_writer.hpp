#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "processing/recording_facts.hpp"
#include "processing/sealed_avio.hpp"
#include "processing/track_assembler.hpp"

namespace tw::processing {

/// Puts frames as they are into a sealed Matroska file.
class MatroskaWriter {
 public:
  [[nodiscard]] static Result<std::unique_ptr<MatroskaWriter>> create(const std::filesystem::path& path, SecretKey key,
                                                                      Random& random,
                                                                      const std::vector<StreamFacts>& streams,
                                                                      WallTime start);
  ~MatroskaWriter();
  MatroskaWriter(const MatroskaWriter&) = delete;
  MatroskaWriter& operator=(const MatroskaWriter&) = delete;

  /// What nobody can be shown (before the start, doubled sound) is left out.
  [[nodiscard]] Result<void> write(media::Codec codec, std::int64_t position_us, const MediaFrame& frame);
  /// How far sound lies behind picture in the file, against where both were captured; milliseconds. nullopt where it
  /// lacks one of them.
  [[nodiscard]] std::optional<double> av_offset_ms() const;
  /// Length of what was written, in milliseconds.
  [[nodiscard]] Result<std::int64_t> finish();

 private:
  struct Stream {
    media::Codec codec = media::Codec::opus;
    int index = 0;
    std::int64_t last_ms = -1;
    std::vector<float> lateness_ms;  ///< of each frame against its capture
  };
  MatroskaWriter() = default;
  [[nodiscard]] Result<void> add_stream(const StreamFacts& facts);

  std::unique_ptr<SealedOutput> output_;
  AVFormatContext* muxer_ = nullptr;
  std::vector<Stream> streams_;
  PacketPtr packet_;
  std::int64_t end_ms_ = 0;
};

}  // namespace tw::processing
