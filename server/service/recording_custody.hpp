#pragma once

#include <string>

#include "base/result.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

/// What administrators decide about a recording: whether it is held, and that it is deleted. Everybody else gets
/// `auth.wrong_role` (403). Each decision is in the audit log with its reason, and on the timeline.
class RecordingCustody {
 public:
  static constexpr std::size_t kMostReasonCharacters = 200;

  explicit RecordingCustody(Core& core) : core_(core) {}

  /// Nobody deletes it until the hold is lifted. Another reason takes the place of the one before; the same changes
  /// nothing. `recording.unknown` (404), `recording.deleted` (410).
  [[nodiscard]] Result<RecordingView> hold(const Caller& caller, const std::string& interview,
                                           const std::string& reason);
  /// `recording.not_held` (404), `recording.deleted` (410).
  [[nodiscard]] Result<RecordingView> lift_hold(const Caller& caller, const std::string& interview,
                                                const std::string& reason);
  /// For good: see erase_recording.
  [[nodiscard]] Result<RecordingView> remove(const Caller& caller, const std::string& interview,
                                             const std::string& reason);

 private:
  Core& core_;
};

}  // namespace tw::service
