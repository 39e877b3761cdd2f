#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/encoding.hpp"
#include "base/result.hpp"

/// The few things that the recorder asks of a disk, so that tests can put a disk underneath that fills, fails or
/// forgets what was not synced.
namespace tw::recording {

/// A file that only grows.
class AppendFile {
 public:
  virtual ~AppendFile() = default;
  /// All of `bytes` or none: what a failed write left behind is cut off again. `disk.full` (unavailable),
  /// `disk.failed`.
  [[nodiscard]] virtual Result<void> append(ByteView bytes) = 0;
  /// fdatasync(2). After a failure the file must not be trusted any more; it is never tried again, because the kernel
  /// may have dropped the pages that it could not write.
  [[nodiscard]] virtual Result<void> sync() = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  /// With its parents, mode 0700, each entry synced in its parent.
  [[nodiscard]] virtual Result<void> make_folder(const std::filesystem::path& folder) = 0;
  /// A new file, mode 0600; `disk.failed` when it exists. Its entry is durable only after sync_folder.
  [[nodiscard]] virtual Result<std::unique_ptr<AppendFile>> create(const std::filesystem::path& file) = 0;
  [[nodiscard]] virtual Result<void> sync_folder(const std::filesystem::path& folder) = 0;
  virtual void remove(const std::filesystem::path& file) = 0;
  /// What an unprivileged process could still write there; 0 when it cannot be told.
  [[nodiscard]] virtual std::uint64_t free_bytes(const std::filesystem::path& folder) = 0;
};

/// The machine's. Files do not grow while less than `floor_bytes` are free (`disk.full`): those belong to the database,
/// so that a call can still be concluded when recordings have filled the disk.
class PosixFileSystem final : public FileSystem {
 public:
  explicit PosixFileSystem(std::uint64_t floor_bytes = 0) : floor_bytes_(floor_bytes) {}
  [[nodiscard]] Result<void> make_folder(const std::filesystem::path& folder) override;
  [[nodiscard]] Result<std::unique_ptr<AppendFile>> create(const std::filesystem::path& file) override;
  [[nodiscard]] Result<void> sync_folder(const std::filesystem::path& folder) override;
  void remove(const std::filesystem::path& file) override;
  [[nodiscard]] std::uint64_t free_bytes(const std::filesystem::path& folder) override;

 private:
  std::uint64_t floor_bytes_;
};

}  // namespace tw::recording
