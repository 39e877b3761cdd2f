#include "domain/agent.hpp"

namespace tw::domain {
namespace {

void become_idle(Agent& agent, WallTime now) {
  agent.activity = Activity::idle;
  agent.interview.reset();
  agent.idle_since = now;
}

}  // namespace

void follow(Agent& agent, const Interview& before, const Interview& after, WallTime now) {
  if (after.agent == agent.id || after.rings_at(agent.id)) {
    agent.activity = after.rings_at(agent.id) ? Activity::ringing : Activity::talking;
    agent.interview = after.id;
    return;
  }
  if (before.transfer && before.transfer->target == agent.id && agent.interview == before.id) {
    const WallTime idle_since = agent.idle_since;
    become_idle(agent, now);
    if (after.status == Status::ended) agent.idle_since = idle_since;
    return;
  }
  if (before.agent != agent.id || agent.interview != before.id) return;
  const bool handed_over = after.kept() || after.status == Status::talking;
  if (before.status == Status::talking && (after.status == Status::ended || handed_over)) {
    agent.activity = Activity::wrapping_up;
    return;
  }
  // A customer who left while it rang costs the agent nothing; one who did not answer goes to the end of the line.
  const WallTime idle_since = agent.idle_since;
  const bool customer_left = before.status == Status::ringing && after.status == Status::ended;
  become_idle(agent, now);
  if (customer_left) agent.idle_since = idle_since;
}

Result<void> set_presence(Agent& agent, Presence presence, WallTime now) {
  if (presence == Presence::offline && agent.activity == Activity::talking) {
    return fail(ErrorKind::conflict, "agent.in_call", "Finish the call before going offline.");
  }
  const bool was_online = agent.presence == Presence::online;
  agent.presence = presence;
  if (!was_online && presence == Presence::online && agent.activity == Activity::idle) agent.idle_since = now;
  return {};
}

Result<void> may_take(const Agent& agent, const InterviewId& interview) {
  if (agent.presence == Presence::offline) {
    return fail(ErrorKind::conflict, "agent.not_online", "Set yourself online first.");
  }
  if (agent.activity == Activity::idle) return {};
  if (agent.activity == Activity::ringing && agent.interview == interview) return {};
  return fail(ErrorKind::conflict, "agent.busy", "Finish the other interview first.");
}

Result<void> finish_wrap_up(Agent& agent, WallTime now) {
  if (agent.activity != Activity::wrapping_up) {
    return fail(ErrorKind::conflict, "agent.not_wrapping_up", "There is no interview to wrap up.");
  }
  become_idle(agent, now);
  return {};
}

void set_connected(Agent& agent, bool connected, WallTime now, const Timing& timing) {
  if (agent.connected == connected && (connected || agent.absent_until)) return;
  agent.connected = connected;
  agent.absent_until.reset();
  if (!connected && agent.presence != Presence::offline) agent.absent_until = now + timing.agent_absence;
}

bool expire_absence(Agent& agent, WallTime now) {
  if (!agent.absent_until || *agent.absent_until > now) return false;
  agent.absent_until.reset();
  // A call's own deadline of the same length decides about talking; that interview then frees the agent.
  agent.presence = Presence::offline;
  if (agent.activity == Activity::wrapping_up) become_idle(agent, now);
  return true;
}

}  // namespace tw::domain
