#pragma once

#include <cstddef>

#include "base/result.hpp"

namespace tw::service {

class Core;

/// Puts right what a crash (or a stop in the middle of calls) left behind. To be run once at start, before the first
/// request: rooms are opened again and a new part of the recording begins, with a declared gap; rings go back to the
/// queue; everybody counts as absent from now on until their page is back; recordings of ended interviews are composed.
class Recovery {
 public:
  explicit Recovery(Core& core) : core_(core) {}

  struct Report {
    std::size_t calls_resumed = 0;
    std::size_t rings_returned = 0;
    std::size_t recordings_recovered = 0;
  };
  [[nodiscard]] Result<Report> run();

 private:
  Core& core_;
};

/// The other end: once draining has taken its time, ends the parts of recordings that still run, so that their journals
/// are sealed. The interviews stay as they are; Recovery lets them go on after the restart.
class Shutdown {
 public:
  explicit Shutdown(Core& core) : core_(core) {}
  /// How many interviews are being talked in (or being answered) now: draining may end early at 0.
  [[nodiscard]] std::size_t running_calls();
  void seal_recordings();

 private:
  Core& core_;
};

}  // namespace tw::service
