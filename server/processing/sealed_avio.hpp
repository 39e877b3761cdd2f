#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "crypto/sealed_file.hpp"
#include "processing/ffmpeg_handles.hpp"

namespace tw::processing {

struct AvioFree {
  void operator()(AVIOContext* context) const;
};
using AvioPtr = std::unique_ptr<AVIOContext, AvioFree>;

/// A sealed file that FFmpeg reads; no plain byte reaches a disk.
class SealedInput {
 public:
  [[nodiscard]] static Result<std::unique_ptr<SealedInput>> open(const std::filesystem::path& path, SecretKey key);
  [[nodiscard]] AVIOContext* context() { return context_.get(); }

 private:
  explicit SealedInput(SealedFileReader reader);
  static int read(void* self, std::uint8_t* out, int most);
  static std::int64_t seek(void* self, std::int64_t offset, int whence);

  SealedFileReader reader_;
  std::uint64_t position_ = 0;
  AvioPtr context_;
};

/// A sealed file that FFmpeg writes. It comes under its own name only when it is whole: until `finish` it is called
/// NAME.part, so that a job that was cut can simply be run again.
class SealedOutput {
 public:
  /// Replaces what an earlier run left half-written.
  [[nodiscard]] static Result<std::unique_ptr<SealedOutput>> create(const std::filesystem::path& path, SecretKey key,
                                                                    Random& random);
  ~SealedOutput();
  SealedOutput(const SealedOutput&) = delete;
  SealedOutput& operator=(const SealedOutput&) = delete;

  [[nodiscard]] AVIOContext* context() { return context_.get(); }
  /// Makes `muxer` write here, and lets it read back what it wrote (MP4's faststart moves the data behind the index).
  void attach(AVFormatContext* muxer);
  /// Flushes, seals, renames. The first thing that went wrong while writing, if anything did.
  [[nodiscard]] Result<void> finish();

 private:
  struct Cursor {
    SealedOutput* file = nullptr;
    std::uint64_t position = 0;
  };
  SealedOutput(std::filesystem::path path, SealedFileWriter writer);
  static int write(void* cursor, std::uint8_t* bytes, int count);
  static int read(void* cursor, std::uint8_t* out, int most);
  static std::int64_t seek(void* cursor, std::int64_t offset, int whence);
  static int open_again(AVFormatContext* muxer, AVIOContext** out, const char* url, int flags, AVDictionary** options);
  static int close_again(AVFormatContext* muxer, AVIOContext* context);
  int keep(const Result<void>& result);

  std::filesystem::path path_;
  SealedFileWriter writer_;
  std::optional<Error> error_;
  bool finished_ = false;
  Cursor write_cursor_;
  Cursor read_cursor_;
  AvioPtr context_;
};

struct FileDigest {
  std::uint64_t bytes = 0;
  std::string sha256;
};
/// Size and SHA-256 of the plain bytes of a sealed file.
[[nodiscard]] Result<FileDigest> digest_of(const std::filesystem::path& path, SecretKey key);

}  // namespace tw::processing
