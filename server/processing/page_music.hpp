#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "crypto/sealed_file.hpp"
#include "processing/ffmpeg_handles.hpp"

extern "C" {
#include <libavutil/audio_fifo.h>
}

namespace tw::processing {

struct AudioFifoFree {
  void operator()(AVAudioFifo* fifo) const { av_audio_fifo_free(fifo); }
};

/// Music for the pages of people who wait (recording::kPageMusicFile) while it is made: the beginning of a piece, with
/// a soft end where it is longer than a page fetches.
class PageMusic {
 public:
  /// Of 80 kbit/s: below recording::kMostPageMusicBytes. A piece is repeated anyway.
  static constexpr std::int64_t kMostSamples = std::int64_t{48'000} * 180;

  [[nodiscard]] static Result<std::unique_ptr<PageMusic>> make(const std::filesystem::path& folder,
                                                               const SecretKey& key, Random& random);
  /// 48 kHz stereo floats, interleaved; they follow each other without holes.
  [[nodiscard]] Result<void> add(const AVFrame& frame);
  /// Seals the file.
  [[nodiscard]] Result<void> finish();
  [[nodiscard]] std::uint64_t size_bytes() const { return size_bytes_; }

 private:
  explicit PageMusic(SealedFileWriter file) : file_(std::move(file)) {}
  [[nodiscard]] Result<void> encode(int samples);
  [[nodiscard]] Result<void> send(const AVFrame* frame);

  SealedFileWriter file_;
  CodecPtr encoder_;
  PacketPtr packet_ = make_packet();
  std::unique_ptr<AVAudioFifo, AudioFifoFree> waiting_;
  std::int64_t added_ = 0;
  std::int64_t encoded_ = 0;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace tw::processing
