#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "processing/stream_demuxer.hpp"

struct OpusDecoder;

namespace tw::processing {

/// What is lost for up to this long is made up by the decoder; longer silence is real or must be heard as a gap.
constexpr std::int64_t kConcealUpToUs = 120'000;

/// Decodes the sound of one sealed stream file into one channel at 48 kHz. Where packets are missing for a moment, the
/// copy of the last one that its successor carries is used (in-band FEC, RFC 6716 section 2.1.7), and what lies before
/// it is continued from the past (section 4.4), as a receiver in the call did.
class SoundReader {
 public:
  [[nodiscard]] static Result<std::unique_ptr<SoundReader>> open(const std::filesystem::path& path, SecretKey key);
  ~SoundReader();
  SoundReader(const SoundReader&) = delete;
  SoundReader& operator=(const SoundReader&) = delete;

  /// The next samples and where they begin; false at the end. What cannot be decoded is passed over.
  [[nodiscard]] Result<bool> next(std::vector<float>& samples, std::int64_t& position_us);
  /// How much was made up so far.
  [[nodiscard]] std::int64_t concealed_us() const { return concealed_us_; }

 private:
  SoundReader() = default;
  struct DecoderFree {
    void operator()(OpusDecoder* decoder) const;
  };
  [[nodiscard]] bool conceal(std::vector<float>& samples);
  [[nodiscard]] bool decode(std::vector<float>& samples);

  std::unique_ptr<StreamDemuxer> demuxer_;
  std::unique_ptr<OpusDecoder, DecoderFree> decoder_;
  AVPacket* held_ = nullptr;  ///< read, not decoded yet
  std::int64_t held_us_ = 0;
  std::int64_t end_us_ = -1;  ///< of what was decoded last; -1: nothing yet
  std::int64_t concealed_us_ = 0;
};

}  // namespace tw::processing
