#pragma once

#include "base/ids.hpp"
#include "recording/journal_copies.hpp"

namespace tw::service {

class Core;

/// What a disk does to a recording that runs, put where people see it: an entry of the interview's timeline, and the
/// desk of the agent who talks.
class RecordingAlarms {
 public:
  explicit RecordingAlarms(Core& core) : core_(core) {}
  /// Blocking (writes SQL): for a job thread, not for the thread that writes recordings.
  void copy_changed(const InterviewId& interview, const recording::CopyNews& news);

 private:
  Core& core_;
};

}  // namespace tw::service
