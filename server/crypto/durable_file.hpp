#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "base/encoding.hpp"
#include "base/result.hpp"

/// Small files that must be there whole after a power cut, or not at all.
namespace tw {

/// A file descriptor that is closed with its owner.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor() { close(); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  int release();
  void close();

 private:
  int fd_ = -1;
};

/// "Cannot <what> <file name>: <what the system says>"; a full disk is `unavailable`, all else `internal`.
[[nodiscard]] tl::unexpected<Error> io_failure(std::string code, std::string_view what,
                                               const std::filesystem::path& path, int error);

/// Makes the names in a folder durable. False with errno set when the system refuses.
[[nodiscard]] bool sync_folder(const std::filesystem::path& folder);

/// Writes beside the target with this mode, syncs, and puts it in place in one step. `file.io`.
[[nodiscard]] Result<void> write_file_durably(const std::filesystem::path& path, std::string_view content, mode_t mode);
/// `file.missing` (not_found), `file.io`, `file.too_large`.
[[nodiscard]] Result<std::string> read_small_file(const std::filesystem::path& path, std::size_t most_bytes);

}  // namespace tw
