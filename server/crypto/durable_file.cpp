#include "crypto/durable_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace tw {

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = other.release();
  }
  return *this;
}

int FileDescriptor::release() { return std::exchange(fd_, -1); }

void FileDescriptor::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

tl::unexpected<Error> io_failure(std::string code, std::string_view what, const std::filesystem::path& path,
                                 int error) {
  const bool full = error == ENOSPC || error == EDQUOT;
  return fail(full ? ErrorKind::unavailable : ErrorKind::internal, std::move(code),
              "Cannot " + std::string(what) + " " + path.filename().string() + ": " +
                  std::system_category().message(error) + ".");
}

bool sync_folder(const std::filesystem::path& folder) {
  const FileDescriptor descriptor(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return descriptor.is_open() && ::fsync(descriptor.get()) == 0;
}

Result<void> write_file_durably(const std::filesystem::path& path, std::string_view content, mode_t mode) {
  const std::filesystem::path beside = path.string() + ".new";
  ::unlink(beside.c_str());  // left by a crash
  FileDescriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!file.is_open()) return io_failure("file.io", "create", beside, errno);
  const auto give_up = [&](std::string_view what) {
    const int error = errno;
    ::unlink(beside.c_str());
    return io_failure("file.io", what, path, error);
  };
  if (::fchmod(file.get(), mode) != 0) return give_up("set the mode of");
  std::string_view left = content;
  while (!left.empty()) {
    const ssize_t written = ::write(file.get(), left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return give_up("write");
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0) return give_up("sync");
  file.close();
  if (::rename(beside.c_str(), path.c_str()) != 0) return give_up("put in place");
  if (!sync_folder(path.parent_path())) return io_failure("file.io", "sync the folder of", path, errno);
  return {};
}

Result<std::string> read_small_file(const std::filesystem::path& path, std::size_t most_bytes) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) {
    if (errno == ENOENT)
      return fail(ErrorKind::not_found, "file.missing", "There is no " + path.filename().string() + ".");
    return io_failure("file.io", "open", path, errno);
  }
  std::string content(most_bytes + 1, '\0');
  std::size_t filled = 0;
  while (filled < content.size()) {
    const ssize_t count = ::read(file.get(), content.data() + filled, content.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_failure("file.io", "read", path, errno);
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  if (filled > most_bytes)
    return fail(ErrorKind::too_large, "file.too_large", path.filename().string() + " is larger than it can be.");
  content.resize(filled);
  return content;
}

}  // namespace tw
