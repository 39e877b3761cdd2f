#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

/// Supervisors listen unseen, whisper to the agent, or join. Callers are users with `canSupervise` and administrators;
/// others get `auth.wrong_role` (403). Each beginning, change and end is on the timeline and in the audit log.
class Supervision {
 public:
  static constexpr std::size_t kMostLive = 500;  ///< conversations listed

  explicit Supervision(Core& core) : core_(core) {}

  /// The tenant's conversations that run, the longest first.
  [[nodiscard]] Result<std::vector<LiveInterview>> live(const Caller& caller);
  /// A supervisor is in one conversation at a time: the session before ends. `interview.unknown` (404),
  /// `interview.not_talking`, `supervisor.own_call`, `supervisor.too_many`, `guest.room_full` (409).
  [[nodiscard]] Result<SupervisorState> start(const Caller& caller, const std::string& interview,
                                              domain::SupervisionMode mode);
  /// `supervisor.session_unknown` (404) for one that is none of the caller's or has ended, here and below.
  [[nodiscard]] Result<SupervisorState> state(const Caller& caller, const std::string& session);
  [[nodiscard]] Result<SupervisorState> change(const Caller& caller, const std::string& session,
                                               domain::SupervisionMode mode);
  [[nodiscard]] Result<void> end(const Caller& caller, const std::string& session);

  /// A session ends by itself. `only_absent`: only one whose absence has run out.
  [[nodiscard]] static Result<void> leave(Core& core, const TenantId& tenant, const SupervisorId& session,
                                          const char* reason, bool only_absent);

 private:
  Core& core_;
};

}  // namespace tw::service
