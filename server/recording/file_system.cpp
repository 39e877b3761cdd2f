#include "recording/file_system.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

namespace tw::recording {
namespace {

tl::unexpected<Error> disk_error(int number, const std::string& what) {
  const bool full = number == ENOSPC || number == EDQUOT;
  return fail(full ? ErrorKind::unavailable : ErrorKind::internal, full ? "disk.full" : "disk.failed",
              what + ": " + std::strerror(number));
}

class PosixAppendFile final : public AppendFile {
 public:
  PosixAppendFile(int descriptor, std::uint64_t floor_bytes) : descriptor_(descriptor), floor_bytes_(floor_bytes) {}
  ~PosixAppendFile() override { ::close(descriptor_); }
  PosixAppendFile(const PosixAppendFile&) = delete;
  PosixAppendFile& operator=(const PosixAppendFile&) = delete;

  Result<void> append(ByteView bytes) override {
    if (floor_bytes_ > 0 && !room_for(bytes.size())) return disk_error(ENOSPC, "A journal was not written");
    std::size_t done = 0;
    while (done < bytes.size()) {
      const auto count =
          ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done, length_ + static_cast<off_t>(done));
      if (count >= 0) {
        done += static_cast<std::size_t>(count);
      } else if (errno != EINTR) {
        const int number = errno;
        if (::ftruncate(descriptor_, length_) != 0)
          return disk_error(errno, "A journal could not be cut after a failed write");
        return disk_error(number, "A journal could not be written");
      }
    }
    length_ += static_cast<off_t>(bytes.size());
    return {};
  }

  Result<void> sync() override {
    if (::fdatasync(descriptor_) != 0) return disk_error(errno, "A journal could not be synced");
    return {};
  }

 private:
  [[nodiscard]] bool room_for(std::size_t bytes) const {
    struct statvfs space {};
    if (::fstatvfs(descriptor_, &space) != 0) return true;  // then the write itself tells
    return std::uint64_t{space.f_bavail} * space.f_frsize >= floor_bytes_ + bytes;
  }

  int descriptor_;
  std::uint64_t floor_bytes_;
  off_t length_ = 0;
};

}  // namespace

Result<void> PosixFileSystem::make_folder(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> missing;
  for (auto path = std::filesystem::absolute(folder); !std::filesystem::exists(path); path = path.parent_path()) {
    missing.push_back(path);
  }
  for (auto path = missing.rbegin(); path != missing.rend(); ++path) {
    std::error_code error;
    std::filesystem::create_directory(*path, error);
    if (error) return disk_error(error.value(), "A folder for recordings could not be made");
    std::filesystem::permissions(*path, std::filesystem::perms::owner_all, error);
    if (auto synced = sync_folder(path->parent_path()); !synced) return synced;
  }
  return {};
}

Result<std::unique_ptr<AppendFile>> PosixFileSystem::create(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return disk_error(errno, "A journal could not be made");
  return std::make_unique<PosixAppendFile>(descriptor, floor_bytes_);
}

Result<void> PosixFileSystem::sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return disk_error(errno, "A folder for recordings could not be opened");
  const int answer = ::fsync(descriptor);
  const int number = errno;
  ::close(descriptor);
  if (answer != 0) return disk_error(number, "A folder for recordings could not be synced");
  return {};
}

void PosixFileSystem::remove(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
}

std::uint64_t PosixFileSystem::free_bytes(const std::filesystem::path& folder) {
  std::error_code error;
  auto existing = std::filesystem::absolute(folder, error);
  while (!error && !std::filesystem::exists(existing, error) && existing.has_relative_path())
    existing = existing.parent_path();
  const auto space = std::filesystem::space(existing, error);
  return error ? 0 : space.available;
}

}  // namespace tw::recording
