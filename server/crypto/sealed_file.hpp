#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/secret_key.hpp"

namespace tw {

/// A sealed file that can be read and written anywhere: chunks of 64 KiB of plain text, each with a fresh random nonce
/// and an AES-256-GCM tag, chunk number and file id in the additional data. The plain size is sealed in the header by
/// `finish`; a file that was not finished cannot be opened, and a truncated one is found out.
class SealedFileWriter {
 public:
  static constexpr std::size_t kChunkBytes = std::size_t{64} * 1024;

  /// Makes the file with mode 0600; fails when it exists. `sealed.io` with what the system said.
  [[nodiscard]] static Result<SealedFileWriter> create(const std::filesystem::path& path, SecretKey key,
                                                       Random& random);
  SealedFileWriter(SealedFileWriter&&) noexcept;
  SealedFileWriter& operator=(SealedFileWriter&&) noexcept;
  ~SealedFileWriter();

  /// Writes at the position, which moves on; the file grows where it must.
  [[nodiscard]] Result<void> write(ByteView bytes);
  /// At most the present size.
  [[nodiscard]] Result<void> seek(std::uint64_t position);
  /// What was written so far can be read back (MP4 faststart and Matroska need it).
  [[nodiscard]] Result<std::size_t> read(std::span<std::uint8_t> out);
  [[nodiscard]] std::uint64_t position() const;
  [[nodiscard]] std::uint64_t size() const;
  /// Seals the size, syncs file and folder. Nothing can be written afterwards.
  [[nodiscard]] Result<void> finish();

 private:
  struct State;
  explicit SealedFileWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Thread-compatible: one reader per thread.
class SealedFileReader {
 public:
  /// `sealed.io`, `sealed.not_finished`, `sealed.damaged`.
  [[nodiscard]] static Result<SealedFileReader> open(const std::filesystem::path& path, SecretKey key);
  SealedFileReader(SealedFileReader&&) noexcept;
  SealedFileReader& operator=(SealedFileReader&&) noexcept;
  ~SealedFileReader();

  [[nodiscard]] std::uint64_t size() const;
  /// Reads up to out.size() bytes from `offset`; less only at the end of the file. `sealed.damaged` when a chunk was
  /// changed.
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out);

 private:
  struct State;
  explicit SealedFileReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// A whole small object (a photo) in one go.
[[nodiscard]] Result<void> write_sealed(const std::filesystem::path& path, SecretKey key, ByteView plain,
                                        Random& random);
[[nodiscard]] Result<Bytes> read_sealed(const std::filesystem::path& path, SecretKey key, std::size_t most_bytes);

}  // namespace tw
