#pragma once

#include <cstdint>

#include "base/result.hpp"

namespace tw::processing {

/// What a processor process may use of the machine. A job that needs more is broken or hostile.
struct SandboxLimits {
  std::uint64_t address_space_bytes =
      std::uint64_t{3} * 1024 * 1024 * 1024;  ///< two 4096² decoders, x264 and fonts fit
  /// Of the process's whole life; the server's wall-clock limits are tighter.
  std::uint64_t cpu_seconds = std::uint64_t{8} * 3600;
  std::uint64_t file_bytes = std::uint64_t{64} * 1024 * 1024 * 1024;  ///< a composed day fits
  std::uint64_t open_files = 64;
};

/// Gives up what a processor does not need, for good: rlimits, no core dumps, no_new_privs, and a seccomp filter that
/// allows files, memory, threads and time. Sockets, new programs and reaching into other processes end the process;
/// everything else unknown fails with EPERM. Files that are needed only for preparing must be read before.
[[nodiscard]] Result<void> enter_sandbox(const SandboxLimits& limits = {});

}  // namespace tw::processing
