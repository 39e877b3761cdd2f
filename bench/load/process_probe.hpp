#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace tw::bench {

/// What a process has used until now.
struct ProcessUse {
  std::chrono::nanoseconds cpu{};    ///< all its threads, those that ended included
  std::chrono::milliseconds user{};  ///< as the kernel splits `cpu`, in its coarse ticks
  std::chrono::milliseconds system{};
  std::uint64_t resident_bytes = 0;
};

/// nullopt when there is no such process.
[[nodiscard]] std::optional<ProcessUse> use_of(int pid);

}  // namespace tw::bench
