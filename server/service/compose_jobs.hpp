#pragma once

#include <array>
#include <chrono>
#include <optional>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace tw::service {

class Core;

/// Makes the files of recordings after their calls. A job is a row: it survives a restart, is tried again with back-off
/// and, at last, leaves the recording `failed` with its journals untouched.
class ComposeJobs {
 public:
  static constexpr std::array<std::chrono::seconds, 5> kBackOff{std::chrono::seconds{5}, std::chrono::seconds{30},
                                                                std::chrono::minutes{2}, std::chrono::minutes{10},
                                                                std::chrono::hours{1}};

  /// How often a job looks again while the disk is full.
  static constexpr std::chrono::seconds kLookForRoom{10};

  explicit ComposeJobs(Core& core) : core_(core) {}

  /// Runs one job that is due, to its end. False when none was. Call it from a job thread until it gives false, then
  /// when Ports::jobs_written says so or at `next_at`. Several threads may call it.
  bool run_one();
  /// When the next job is due; nullopt when none waits.
  [[nodiscard]] std::optional<WallTime> next_at();

 private:
  Core& core_;
};

}  // namespace tw::service
