#pragma once

#include <string>

#include "base/result.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

struct NewTransfer {
  std::string agent;  ///< exactly one of the two is given
  std::string queue;
  std::string note;
};

/// The agent hands the conversation over, or puts it on hold. Callers are users; interviews that they may not see
/// answer `interview.unknown` (404).
class Transfers {
 public:
  static constexpr std::size_t kMostTargets = 500;  ///< colleagues shown; a page searches in them

  explicit Transfers(Core& core) : core_(core) {}

  /// Everybody of the tenant who is not offline, and its enabled queues.
  [[nodiscard]] Result<TransferTargets> targets(const Caller& caller);
  /// `transfer.target_invalid` (422), `transfer.target_unknown` (404), `transfer.agent_unavailable`,
  /// `transfer.nobody_online`, `transfer.running`, `transfer.to_self`, `interview.not_talking`, `interview.not_yours`
  /// (409), `server.draining` (503).
  [[nodiscard]] Result<AgentInterview> start(const Caller& caller, const std::string& interview,
                                             const NewTransfer& wanted);
  /// `transfer.not_running` (409) when the other has answered or declined meanwhile.
  [[nodiscard]] Result<AgentInterview> cancel(const Caller& caller, const std::string& interview);
  /// `interview.not_talking`, `interview.not_yours` (409). Repeating changes nothing.
  [[nodiscard]] Result<AgentInterview> hold(const Caller& caller, const std::string& interview);
  [[nodiscard]] Result<AgentInterview> resume(const Caller& caller, const std::string& interview);

 private:
  Core& core_;
};

}  // namespace tw::service
