#pragma once

#include <chrono>

namespace tw::app {

/// SIGINT and SIGTERM as something that can be waited for. One at a time in a process; signals are handled from the
/// constructor on. Handlers, unlike a signal mask, are not inherited by the processes that we start.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  /// True when a signal came (each is taken once), false after `patience`. Negative: for ever.
  [[nodiscard]] bool wait(std::chrono::milliseconds patience);

 private:
  int descriptor_ = -1;
};

}  // namespace tw::app
