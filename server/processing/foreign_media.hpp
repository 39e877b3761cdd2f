#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "processing/sealed_avio.hpp"

namespace tw::processing {

/// A file that somebody uploaded or that was downloaded: anything may be in it. Only containers and codecs of a list
/// are opened, nothing but the file itself is read, sizes and counts are limited.
class ForeignMedia {
 public:
  static constexpr unsigned kMaxStreams = 16;
  /// Head of the file that is looked at to find out what it is.
  static constexpr std::int64_t kProbeBytes = std::int64_t{8} * 1024 * 1024;
  /// A file in which nothing can be decoded for so many packets is given up.
  static constexpr unsigned kMaxBadPackets = 2'000;

  /// `media_item.not_media` where it is none of the known kinds, or damaged; `media_item.nothing_to_play`.
  [[nodiscard]] static Result<std::unique_ptr<ForeignMedia>> open(const std::filesystem::path& path, SecretKey key);
  ~ForeignMedia();
  ForeignMedia(const ForeignMedia&) = delete;
  ForeignMedia& operator=(const ForeignMedia&) = delete;

  [[nodiscard]] bool has_sound() const { return sound_ != nullptr; }
  [[nodiscard]] bool has_picture() const { return picture_ != nullptr; }
  /// As the file says; 0 when it does not.
  [[nodiscard]] std::int64_t duration_ms() const;
  [[nodiscard]] double frames_per_second() const;
  /// By which the picture has to be turned clockwise: 0, 90, 180 or 270.
  [[nodiscard]] int turn_degrees() const;

  struct Frame {
    bool picture = false;
    AVFrame* frame = nullptr;  ///< lives until the next call
    std::int64_t time_us = 0;  ///< since the medium's beginning
  };
  /// nullptr in `frame` at the end.
  [[nodiscard]] Result<Frame> next();

 private:
  ForeignMedia() = default;
  [[nodiscard]] Result<void> read_head();
  [[nodiscard]] Result<CodecPtr> decoder_of(const AVStream* stream);
  [[nodiscard]] bool take_decoded(Frame& out);

  std::unique_ptr<SealedInput> input_;
  AVFormatContext* demuxer_ = nullptr;
  AVStream* sound_ = nullptr;
  AVStream* picture_ = nullptr;
  CodecPtr sound_decoder_;
  CodecPtr picture_decoder_;
  PacketPtr packet_ = make_packet();
  FramePtr frame_ = make_frame();
  std::int64_t begin_us_ = 0;
  bool draining_ = false;
  unsigned bad_packets_ = 0;
  bool decoded_something_ = false;
};

}  // namespace tw::processing
