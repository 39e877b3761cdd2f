#include "service/presence_book.hpp"

#include <algorithm>

#include "service/rooms.hpp"

namespace tw::service {

using domain::ConnectionState;
using media::SessionState;

bool PresenceBook::Side::media_alive() const {
  return std::any_of(sessions.begin(), sessions.end(), [](const auto& entry) {
    return entry.second.state == SessionState::connected || entry.second.state == SessionState::unstable;
  });
}

void PresenceBook::customer_socket(const InterviewId& interview, int change) {
  const std::lock_guard lock(mutex_);
  int& count = customer_sockets_[interview];
  count = std::max(0, count + change);
}

void PresenceBook::agent_socket(const AgentId& agent, int change) {
  const std::lock_guard lock(mutex_);
  int& count = agent_sockets_[agent];
  count = std::max(0, count + change);
  if (count == 0) agent_sockets_.erase(agent);
}

bool PresenceBook::media_session(const InterviewId& interview, const std::string& side, const std::string& session,
                                 bool publisher, SessionState state) {
  const std::lock_guard lock(mutex_);
  const SideKey key{interview, side};
  if (state == SessionState::closed) {
    const auto found = sides_.find(key);
    return found != sides_.end() && found->second.sessions.erase(session) > 0;
  }
  Side& stored = sides_[key];
  Media& media = stored.sessions[session];
  if (media.state == state && media.publisher == publisher) return false;
  media = {state, publisher};
  if (publisher && state == SessionState::connected) stored.had_media = true;
  return true;
}

void PresenceBook::quality(const InterviewId& interview, const std::string& side, const QualityView& quality) {
  const std::lock_guard lock(mutex_);
  sides_[{interview, side}].quality = quality;
}

void PresenceBook::forget_side(const InterviewId& interview, const std::string& side) {
  const std::lock_guard lock(mutex_);
  sides_.erase({interview, side});
}

void PresenceBook::interview_ended(const InterviewId& interview) {
  const std::lock_guard lock(mutex_);
  sides_.erase({interview, kCustomerSide});
  sides_.erase({interview, kAgentSide});
  const auto sockets = customer_sockets_.find(interview);
  if (sockets != customer_sockets_.end() && sockets->second == 0) customer_sockets_.erase(sockets);
}

const PresenceBook::Side* PresenceBook::find(const InterviewId& interview, const std::string& side) const {
  const auto found = sides_.find({interview, side});
  return found == sides_.end() ? nullptr : &found->second;
}

bool PresenceBook::customer_present(const InterviewId& interview) const {
  const std::lock_guard lock(mutex_);
  const auto sockets = customer_sockets_.find(interview);
  if (sockets != customer_sockets_.end() && sockets->second > 0) return true;
  const Side* side = find(interview, kCustomerSide);
  return side != nullptr && side->media_alive();
}

bool PresenceBook::agent_present(const AgentId& agent, const InterviewId& interview) const {
  const std::lock_guard lock(mutex_);
  if (agent_sockets_.contains(agent)) return true;
  const Side* side = find(interview, kAgentSide);
  return side != nullptr && side->media_alive();
}

bool PresenceBook::agent_has_page(const AgentId& agent) const {
  const std::lock_guard lock(mutex_);
  return agent_sockets_.contains(agent);
}

/// A page without media is connected while nothing was published yet. A closed page with media that still flow (a
/// reload, a killed browser) is told at once as unstable, and as lost as soon as its media fall silent too.
ConnectionState PresenceBook::judge(const Side* side, bool page, bool was_here) {
  bool connected = false;
  bool unstable = false;
  if (side != nullptr) {
    for (const auto& [session, media] : side->sessions) {
      if (!media.publisher) continue;
      connected |= media.state == SessionState::connected;
      unstable |= media.state == SessionState::unstable;
    }
  }
  if (connected) return page ? ConnectionState::connected : ConnectionState::unstable;
  if (unstable) return page ? ConnectionState::unstable : ConnectionState::lost;
  const bool had_media = side != nullptr && side->had_media;
  if (page && !had_media) return ConnectionState::connected;
  return page || had_media || was_here ? ConnectionState::lost : ConnectionState::absent;
}

ConnectionState PresenceBook::customer(const InterviewId& interview) const {
  const std::lock_guard lock(mutex_);
  const auto sockets = customer_sockets_.find(interview);
  const bool was_here = sockets != customer_sockets_.end();
  return judge(find(interview, kCustomerSide), was_here && sockets->second > 0, was_here);
}

ConnectionState PresenceBook::agent(const AgentId& agent, const InterviewId& interview) const {
  const std::lock_guard lock(mutex_);
  // An agent was here: somebody answered.
  return judge(find(interview, kAgentSide), agent_sockets_.contains(agent), true);
}

std::optional<QualityView> PresenceBook::customer_quality(const InterviewId& interview) const {
  const std::lock_guard lock(mutex_);
  const Side* side = find(interview, kCustomerSide);
  return side == nullptr ? std::nullopt : side->quality;
}

}  // namespace tw::service
