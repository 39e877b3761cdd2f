#include "domain/routing.hpp"

#include <algorithm>
#include <tuple>

namespace tw::domain {

bool waits_before(const WaitingInterview& a, const WaitingInterview& b) {
  return std::tuple(!a.returning, a.since, a.id) < std::tuple(!b.returning, b.since, b.id);
}

std::vector<std::pair<InterviewId, AgentId>> assign(std::vector<WaitingInterview> waiting,
                                                    std::vector<IdleAgent> idle) {
  std::sort(waiting.begin(), waiting.end(), waits_before);
  std::sort(idle.begin(), idle.end(), [](const IdleAgent& a, const IdleAgent& b) {
    return std::tie(a.idle_since, a.id) < std::tie(b.idle_since, b.id);
  });
  std::vector<std::pair<InterviewId, AgentId>> rings;
  for (const WaitingInterview& interview : waiting) {
    const auto agent = std::find_if(idle.begin(), idle.end(), [&](const IdleAgent& candidate) {
      return candidate.queues.contains(interview.queue) &&
             std::find(interview.tried.begin(), interview.tried.end(), candidate.id) == interview.tried.end();
    });
    if (agent == idle.end()) continue;
    rings.emplace_back(interview.id, agent->id);
    idle.erase(agent);
  }
  return rings;
}

}  // namespace tw::domain
