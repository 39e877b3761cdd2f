#pragma once

#include <string>

#include "base/result.hpp"
#include "domain/words.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

/// The agent's desk. Callers are users (agents, and administrators who serve queues); others get `auth.wrong_role`.
/// Interviews of queues that the user does not serve answer `interview.unknown` (404).
class Desk {
 public:
  explicit Desk(Core& core) : core_(core) {}

  [[nodiscard]] Result<DeskState> state(const Caller& caller);
  /// `agent.in_call` (409) for going offline while talking. Going away, busy or offline hands a ring on.
  [[nodiscard]] Result<DeskState> set_presence(const Caller& caller, domain::Presence presence);
  /// Exactly one caller wins: `interview.already_answered` (409); `interview.not_ringing` (409) when it is not rung at
  /// this desk; `interview.ended` (409); `recording.unavailable` (503) when it cannot be recorded: the ring goes on
  /// then; `server.draining`, `recording.disk_full` (503).
  [[nodiscard]] Result<AgentInterview> answer(const Caller& caller, const std::string& interview);
  /// `interview.not_ringing` (409).
  [[nodiscard]] Result<DeskState> decline(const Caller& caller, const std::string& interview);
  /// Takes a waiting customer and talks at once. `interview.not_waiting`, `interview.already_answered`, `agent.busy`,
  /// `agent.not_online` (409), and as answer().
  [[nodiscard]] Result<AgentInterview> take(const Caller& caller, const std::string& interview);
  /// `interview.not_talking`, `interview.not_yours` (409).
  [[nodiscard]] Result<AgentInterview> hang_up(const Caller& caller, const std::string& interview);
  /// `agent.not_wrapping_up` (409).
  [[nodiscard]] Result<DeskState> finish_wrap_up(const Caller& caller);

 private:
  [[nodiscard]] Result<AgentInterview> connect(const Caller& caller, const std::string& interview, bool take);
  Core& core_;
};

}  // namespace tw::service
