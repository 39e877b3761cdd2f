#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "crypto/sealed_file.hpp"
#include "media/player/track_file.hpp"
#include "processing/ffmpeg_handles.hpp"

namespace tw::processing {

/// One track of prepared media while it is made: an encoder and the sealed file behind it.
class PreparedTrack {
 public:
  /// Of a picture: even numbers, at most 1280×720 or 720×1280.
  struct Picture {
    int width = 0;
    int height = 0;
    int frames_per_second = 25;
  };
  [[nodiscard]] static Result<std::unique_ptr<PreparedTrack>> sound(const std::filesystem::path& folder,
                                                                    const SecretKey& key, Random& random,
                                                                    std::int64_t bits_per_second);
  [[nodiscard]] static Result<std::unique_ptr<PreparedTrack>> picture(media::Codec codec, const Picture& format,
                                                                      const std::filesystem::path& folder,
                                                                      const SecretKey& key, Random& random);

  /// Sound: 20 ms of 48 kHz stereo floats. Pictures: YUV 4:2:0 of the format's size. They follow each other without
  /// holes.
  [[nodiscard]] Result<void> add(AVFrame* frame);
  /// Seals the file; false when nothing was added and there is none.
  [[nodiscard]] Result<bool> finish();
  [[nodiscard]] std::int64_t frames() const { return added_; }
  /// Those in the file; an encoder gives the last ones at the end.
  [[nodiscard]] std::int64_t written() const { return static_cast<std::int64_t>(writer_.frames()); }
  [[nodiscard]] std::uint64_t size_bytes() const { return size_bytes_; }
  /// File names inside the folder.
  [[nodiscard]] static std::string name_of(media::Codec codec);

 private:
  PreparedTrack(media::Codec codec, SealedFileWriter file, std::filesystem::path path);
  [[nodiscard]] Result<void> take_packets();
  [[nodiscard]] Result<void> keep(const AVPacket& packet);

  const media::Codec codec_;
  SealedFileWriter file_;
  std::filesystem::path path_;
  media::TrackFileWriter writer_;
  CodecPtr encoder_;
  PacketPtr packet_ = make_packet();
  Bytes units_;
  std::int64_t ticks_per_frame_ = 960;
  std::int64_t keyframe_every_ = 0;
  std::int64_t added_ = 0;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace tw::processing
