#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "processing/message.hpp"

namespace tw::processing {

/// A started processor process. It inherits nothing but its socket and standard error, and no environment but the
/// locale; it is ended and reaped, by its own process id, when the object goes.
class ChildProcess {
 public:
  /// `processor.unavailable`.
  [[nodiscard]] static Result<std::unique_ptr<ChildProcess>> start(const std::filesystem::path& program,
                                                                   const std::vector<std::string>& arguments);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  [[nodiscard]] MessageSocket& socket() { return socket_; }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  ChildProcess(pid_t pid, int fd) : pid_(pid), socket_(fd) {}
  pid_t pid_;
  MessageSocket socket_;
};

}  // namespace tw::processing
