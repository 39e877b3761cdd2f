#pragma once

#include <set>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/interview.hpp"

namespace tw::domain {

/// An agent who may be rung now.
struct IdleAgent {
  AgentId id;
  WallTime idle_since;
  std::set<QueueId> queues;
};

struct WaitingInterview {
  InterviewId id;
  QueueId queue;
  bool returning = false;
  WallTime since;
  std::vector<AgentId> tried;
};

/// Whose turn comes first: those who lost their agent, then by arrival.
[[nodiscard]] bool waits_before(const WaitingInterview& a, const WaitingInterview& b);

/// Who is to be rung for whom. First come, first served; of the agents who serve the queue and were not tried, the one
/// idle longest. Each agent and each interview at most once.
[[nodiscard]] std::vector<std::pair<InterviewId, AgentId>> assign(std::vector<WaitingInterview> waiting,
                                                                  std::vector<IdleAgent> idle);

}  // namespace tw::domain
