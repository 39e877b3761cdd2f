#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

/// Outcomes that are given later: put off until the company's deadline, listed for whoever owes them.
class OpenOutcomes {
 public:
  static constexpr std::size_t kMostListed = 200;

  explicit OpenOutcomes(Core& core) : core_(core) {}

  /// Ends the conversation if it still runs (hung_up). When the deadline passes without an outcome, the timeline and
  /// the integrator are told; it can still be given. `outcome.already_given`, `outcome.already_deferred`,
  /// `outcome.not_allowed`, `interview.not_yours` (409).
  [[nodiscard]] Result<AgentInterview> defer(const Caller& caller, const std::string& interview);
  /// What this user owes, the most urgent first.
  [[nodiscard]] Result<std::vector<OpenOutcomeView>> list(const Caller& caller);

 private:
  Core& core_;
};

}  // namespace tw::service
