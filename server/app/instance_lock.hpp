#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace tw::app {

/// Two servers over one data folder would record over each other. The first holds a lock (flock(2)) that the kernel
/// releases with the process, however it ends.
class InstanceLock {
 public:
  /// `instance.already_running` when another process holds the lock.
  [[nodiscard]] static Result<InstanceLock> take(const std::filesystem::path& file);
  InstanceLock(InstanceLock&& other) noexcept;
  InstanceLock& operator=(InstanceLock&&) = delete;
  ~InstanceLock();

 private:
  explicit InstanceLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace tw::app
