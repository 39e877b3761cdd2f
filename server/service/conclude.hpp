#pragma once

#include <string>

#include "base/result.hpp"
#include "domain/words.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

struct NewOutcome {
  domain::OutcomeKind kind = domain::OutcomeKind::passed;
  std::string reason;  ///< empty when there is none; ignored for passed
};

/// The agent's decision.
class Conclude {
 public:
  explicit Conclude(Core& core) : core_(core) {}

  /// Ends the conversation if it still runs (concluded). `outcome.already_given`, `interview.not_yours`,
  /// `outcome.not_allowed` (409: nobody talked yet), `outcome.reason_required` (422).
  [[nodiscard]] Result<AgentInterview> conclude(const Caller& caller, const std::string& interview,
                                                const NewOutcome& outcome);

 private:
  Core& core_;
};

}  // namespace tw::service
