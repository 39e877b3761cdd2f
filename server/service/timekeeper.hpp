#pragma once

#include <optional>

#include "base/clock.hpp"

namespace tw::service {

class Core;

/// Executes deadlines that have come: rings, waits, absences, expired links. Deadlines are columns, so that a restart
/// forgets none. No polling: run_due() tells WakeUps when the next is due.
class Timekeeper {
 public:
  explicit Timekeeper(Core& core) : core_(core) {}

  /// Everything due now. When the next is due; nullopt when nothing waits. Any thread, one at a time.
  std::optional<WallTime> run_due();

 private:
  Core& core_;
};

}  // namespace tw::service
