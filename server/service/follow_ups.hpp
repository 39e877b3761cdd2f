#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

/// Several interviews of one business: another one after "needs supplement", and what there was before.
class FollowUps {
 public:
  static constexpr std::size_t kMostListed = 20;                ///< beside a call; the records have them all
  static constexpr std::chrono::seconds kLinkLife{7 * 86'400};  ///< a customer needs days to find a paper

  explicit FollowUps(Core& core) : core_(core) {}

  /// A new interview of the same business, customer and queue, and its link. While the follow-up of before has not
  /// ended, that one with a fresh link. Whoever gave the outcome. `follow_up.not_needed` (409) unless it is
  /// needs_supplement; `interview.not_yours` (409); `server.draining`, `recording.disk_full` (503).
  [[nodiscard]] Result<CreatedInterview> create(const Caller& caller, const std::string& interview);
  /// The others of the same business that this user may see, newest first.
  [[nodiscard]] Result<std::vector<InterviewView>> others(const Caller& caller, const std::string& interview);

 private:
  Core& core_;
};

}  // namespace tw::service
