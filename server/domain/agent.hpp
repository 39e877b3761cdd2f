#pragma once

#include <optional>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "domain/interview.hpp"
#include "domain/words.hpp"

namespace tw::domain {

/// Where an agent stands. What they say of themselves (presence) and what they do (activity) are apart.
struct Agent {
  AgentId id;
  Presence presence = Presence::offline;
  bool connected = false;  ///< a page of theirs is open
  Activity activity = Activity::idle;
  std::optional<InterviewId> interview;  ///< rung for, talked in or wrapped up
  WallTime idle_since;                   ///< order of ringing: who is idle longest comes first
  std::optional<WallTime> absent_until;

  [[nodiscard]] bool may_be_rung() const {
    return presence == Presence::online && connected && activity == Activity::idle;
  }
  friend bool operator==(const Agent&, const Agent&) = default;
};

/// What a change of an interview means for an agent whom it concerns, before or after.
void follow(Agent& agent, const Interview& before, const Interview& after, WallTime now);

/// `agent.in_call` (409) for going offline while talking.
[[nodiscard]] Result<void> set_presence(Agent& agent, Presence presence, WallTime now);
/// `agent.busy`, `agent.not_online` (409) when they cannot take a customer now. One who rings here may be taken.
[[nodiscard]] Result<void> may_take(const Agent& agent, const InterviewId& interview);
/// `agent.not_wrapping_up` (409).
[[nodiscard]] Result<void> finish_wrap_up(Agent& agent, WallTime now);
void set_connected(Agent& agent, bool connected, WallTime now, const Timing& timing);
/// The deadline of absence has come: offline, and wrapping up is over. False when it has not.
bool expire_absence(Agent& agent, WallTime now);

}  // namespace tw::domain
