#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "processing/sealed_avio.hpp"
#include "recording/processor.hpp"

namespace tw::processing {

constexpr int kComposedWidth = 1280;
constexpr int kComposedHeight = 720;
constexpr int kComposedRate = 25;
constexpr std::int64_t kTickUs = 1'000'000 / kComposedRate;

/// Encodes pictures and sound into a sealed MP4 with its index in front: H.264 at a constant 25 pictures a second, AAC
/// at 48 kHz in one channel.
class ComposedWriter {
 public:
  /// Chapters lie in order within `length_ms` of the film.
  [[nodiscard]] static Result<std::unique_ptr<ComposedWriter>> create(const std::filesystem::path& path, SecretKey key,
                                                                      Random& random, WallTime start, unsigned threads,
                                                                      const std::vector<recording::Chapter>& chapters,
                                                                      std::int64_t length_ms);
  ~ComposedWriter();
  ComposedWriter(const ComposedWriter&) = delete;
  ComposedWriter& operator=(const ComposedWriter&) = delete;

  /// The next picture, for one tick. The frame's buffers can be used again afterwards.
  [[nodiscard]] Result<void> picture(AVFrame& frame);
  [[nodiscard]] Result<void> sound(std::span<const float> samples);
  /// Length of what was written, in milliseconds.
  [[nodiscard]] Result<std::int64_t> finish();

 private:
  ComposedWriter();
  [[nodiscard]] Result<void> open_video(unsigned threads);
  [[nodiscard]] Result<void> open_audio();
  void add_chapters(const std::vector<recording::Chapter>& chapters, std::int64_t length_ms);
  [[nodiscard]] Result<void> add_stream(AVCodecContext& codec, int& index);
  [[nodiscard]] Result<void> encode(AVCodecContext& codec, AVFrame* frame, int stream);
  [[nodiscard]] Result<void> encode_sound(std::size_t count);

  std::unique_ptr<SealedOutput> output_;
  AVFormatContext* muxer_ = nullptr;
  CodecPtr video_;
  CodecPtr audio_;
  int video_stream_ = 0;
  int audio_stream_ = 0;
  PacketPtr packet_;
  FramePtr sound_frame_;
  std::vector<float> waiting_;
  std::int64_t pictures_ = 0;
  std::int64_t samples_ = 0;
};

}  // namespace tw::processing
