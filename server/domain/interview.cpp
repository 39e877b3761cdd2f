#include "domain/interview.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cassert>

namespace tw::domain {
namespace {

namespace json = boost::json;
using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

Event event(std::string kind, const json::object& data = {}) { return {std::move(kind), json::serialize(data)}; }

tl::unexpected<Error> refuse(std::string code, std::string message) {
  return fail(ErrorKind::conflict, std::move(code), std::move(message));
}
tl::unexpected<Error> has_ended() { return refuse("interview.ended", "The interview has ended."); }
tl::unexpected<Error> wrong_state() {
  return refuse("interview.wrong_state", "The interview has moved on; read its state again.");
}

/// Applies one command. A class, so that the rules read as verbs of the interview they change.
class Decision {
 public:
  Decision(Interview& interview, WallTime now, const Timing& timing) : i_(interview), now_(now), timing_(timing) {}

  Result<Events> operator()(const command::Enter& c) {
    if (ended()) return has_ended();
    const bool first = i_.status == Status::created;
    if (first) i_.status = Status::entered;
    add({first ? "entered" : "device_changed", c.data_json});
    return done();
  }

  Result<Events> operator()(const command::Consent& c) {
    if (ended()) return has_ended();
    if (i_.status != Status::entered) return i_.consent_given && c.accepted ? done() : wrong_state();
    if (!c.accepted) {
      add({"consent_refused", c.data_json});
      end(EndReason::consent_refused);
      return done();
    }
    if (i_.consent_given) return done();
    i_.consent_given = true;
    add({"consent_given", c.data_json});
    return done();
  }

  Result<Events> operator()(const command::GivePlace& c) {
    if (ended()) return has_ended();
    if (!i_.consent_given) return consent_required();
    if (c.policy == PlacePolicy::off)
      return refuse("place.not_asked", "This company does not ask where customers are.");
    if (c.policy == PlacePolicy::required && c.status != PlaceStatus::given) return place_required();
    i_.place = c.status;
    add({"place_" + std::string(to_text(c.status)), c.data_json});
    return done();
  }

  Result<Events> operator()(const command::JoinQueue& c) {
    if (ended()) return has_ended();
    if (i_.status == Status::created) return wrong_state();
    if (i_.status != Status::entered) return done();
    if (!i_.consent_given) return consent_required();
    if (!i_.place && c.policy != PlacePolicy::off) {
      return refuse("place.missing", "Give the place, or that it is refused, before joining the queue.");
    }
    if (c.policy == PlacePolicy::required && *i_.place != PlaceStatus::given) return place_required();
    i_.queued_at = now_;
    wait();
    add(event("queued", {{"queueId", i_.queue.str()}}));
    return done();
  }

  Result<Events> operator()(const command::Ring& c) {
    if (ended()) return has_ended();
    if (i_.status != Status::queued) return not_waiting();
    i_.status = Status::ringing;
    i_.agent = c.agent;
    i_.ringing_since = now_;
    i_.ring_until = now_ + timing_.ring_timeout;
    add(event("ringing", {{"agentId", c.agent.str()}}));
    return done();
  }

  Result<Events> operator()(const command::Decline& c) {
    if (ended()) return has_ended();
    if (is_target(c.agent)) {
      fail_transfer("declined");
      return done();
    }
    if (!rung_at(c.agent) || i_.answering) return not_ringing();
    add(event("declined", {{"agentId", c.agent.str()}}));
    end_ring(true);
    return done();
  }

  Result<Events> operator()(const command::WithdrawRing& c) {
    if (is_target(c.agent)) {
      fail_transfer("gone");
      return done();
    }
    if (!rung_at(c.agent) || i_.answering) return done();
    add(event("ring_withdrawn", {{"agentId", c.agent.str()}}));
    end_ring(false);
    return done();
  }

  Result<Events> operator()(const command::ClaimAnswer& c) {
    if (ended()) return has_ended();
    if (is_target(c.agent)) {
      take_over(c.agent);
      return done();
    }
    if (i_.answering || i_.status == Status::talking) return already_answered();
    if (!rung_at(c.agent)) return not_ringing();
    claim();
    return done();
  }

  Result<Events> operator()(const command::ClaimTake& c) {
    if (ended()) return has_ended();
    if (i_.answering || i_.status == Status::talking) return already_answered();
    if (rung_at(c.agent)) {  // a click on the waiting list while it rings here is an answer
      claim();
      return done();
    }
    if (i_.status != Status::queued) return not_waiting();
    i_.status = Status::ringing;
    i_.agent = c.agent;
    i_.ringing_since = now_;
    add(event("taken", {{"agentId", c.agent.str()}}));
    claim();
    return done();
  }

  Result<Events> operator()(const command::Answered& c) {
    if (ended()) return has_ended();
    if (!rung_at(c.agent) || !i_.answering) return not_ringing();
    i_.status = Status::talking;
    i_.last_agent = c.agent;
    if (!i_.answered_at) i_.answered_at = c.at;
    i_.talking_since = c.at;
    i_.returning = false;
    leave_queue();
    add({"answered", c.data_json});
    return done();
  }

  Result<Events> operator()(const command::AnswerFailed& c) {
    if (ended() || !rung_at(c.agent) || !i_.answering) return done();
    add(event("answer_failed", {{"agentId", c.agent.str()}, {"code", c.code}}));
    release_claim();
    return done();
  }

  Result<Events> operator()(const command::Leave&) {
    if (ended()) return has_ended();
    end(i_.status == Status::talking || i_.returning ? EndReason::hung_up : EndReason::left_queue);
    return done();
  }

  Result<Events> operator()(const command::HangUp& c) {
    if (i_.status != Status::talking) return ended() ? not_talking() : wrong_state_of_call();
    if (i_.agent != c.agent) return not_yours();
    end(EndReason::hung_up);
    return done();
  }

  Result<Events> operator()(const command::Conclude& c) {
    const bool talking = i_.status == Status::talking;
    if (!talking && !ended()) return outcome_not_allowed();
    if (!i_.last_agent) return outcome_not_allowed();
    if (i_.last_agent != c.agent) return not_yours();
    if (i_.outcome) return refuse("outcome.already_given", "The interview has its outcome; it cannot be changed.");
    if (c.kind != OutcomeKind::passed && c.reason.empty()) {
      return fail(ErrorKind::unprocessable, "outcome.reason_required", "Give a reason with this outcome.");
    }
    i_.outcome = c.kind;
    i_.outcome_reason = c.kind == OutcomeKind::passed ? std::string() : c.reason;
    i_.outcome_at = now_;
    i_.outcome_until.reset();
    i_.outcome_overdue = false;
    json::object data{{"outcome", to_text(c.kind)}, {"agentId", c.agent.str()}};
    if (!i_.outcome_reason.empty()) data["reason"] = i_.outcome_reason;
    add(event("concluded", data));
    if (talking) end(EndReason::concluded);
    return done();
  }

  Result<Events> operator()(const command::Defer& c) {
    const bool talking = i_.status == Status::talking;
    if ((!talking && !ended()) || !i_.last_agent) return outcome_not_allowed();
    if (i_.last_agent != c.agent) return not_yours();
    if (i_.outcome) return refuse("outcome.already_given", "The interview has its outcome; it cannot be changed.");
    if (i_.outcome_until) return refuse("outcome.already_deferred", "The outcome has been put off once already.");
    i_.outcome_until = c.until;
    add(event("outcome_deferred", {{"agentId", c.agent.str()}, {"until", to_rfc3339(c.until)}}));
    if (talking) end(EndReason::hung_up);
    return done();
  }

  Result<Events> operator()(const command::StartTransfer& c) {
    if (i_.status != Status::talking) return ended() ? not_talking() : wrong_state_of_call();
    if (i_.agent != c.agent) return not_yours();
    if (i_.transfer) return refuse("transfer.running", "The conversation is being handed over already.");
    if (c.target == c.agent) return refuse("transfer.to_self", "You conduct this conversation yourself.");
    assert(c.target.has_value() != c.queue.has_value());
    json::object data{{"fromAgentId", c.agent.str()}};
    if (c.target) data["agentId"] = c.target->str();
    if (c.queue) data["queueId"] = c.queue->str();
    if (!c.note.empty()) data["note"] = c.note;
    add(event("transfer_started", data));
    i_.transfer = Transfer{c.agent, c.target, now_, std::nullopt, c.note};
    if (c.target) {
      i_.transfer->until = now_ + timing_.ring_timeout;
      return done();
    }
    hold("transfer");
    end_talk();
    i_.queue = *c.queue;
    i_.returning = true;  // whoever was talked with already comes before all who wait
    wait();
    return done();
  }

  Result<Events> operator()(const command::CancelTransfer& c) {
    if (i_.status != Status::talking || !i_.transfer) {
      return refuse("transfer.not_running", "The conversation is not being handed over.");
    }
    if (i_.agent != c.agent) return not_yours();
    fail_transfer("cancelled");
    return done();
  }

  Result<Events> operator()(const command::Hold& c) {
    if (i_.status != Status::talking) return ended() ? not_talking() : wrong_state_of_call();
    if (i_.agent != c.agent) return not_yours();
    hold("agent");
    return done();
  }

  Result<Events> operator()(const command::Resume& c) {
    if (i_.status != Status::talking) return ended() ? not_talking() : wrong_state_of_call();
    if (i_.agent != c.agent) return not_yours();
    resume();
    return done();
  }

  Result<Events> operator()(const command::AgentGone&) {
    if (i_.status != Status::talking || i_.agent_absent_until) return done();
    i_.agent_absent_until = now_ + timing_.agent_absence;
    add(event("connection_lost", {{"side", "agent"}, {"agentId", i_.agent->str()}}));
    return done();
  }

  Result<Events> operator()(const command::AgentBack&) {
    if (i_.status != Status::talking || !i_.agent_absent_until) return done();
    i_.agent_absent_until.reset();
    add(event("connection_restored", {{"side", "agent"}, {"agentId", i_.agent->str()}}));
    return done();
  }

  Result<Events> operator()(const command::CustomerGone&) {
    if (!in_queue_or_call() || i_.customer_absent_until) return done();
    i_.customer_absent_until = now_ + timing_.customer_absence;
    add(event("connection_lost", {{"side", "customer"}}));
    return done();
  }

  Result<Events> operator()(const command::CustomerBack&) {
    if (!i_.customer_absent_until) return done();
    i_.customer_absent_until.reset();
    add(event("connection_restored", {{"side", "customer"}}));
    return done();
  }

  Result<Events> operator()(const command::HearQueueMusic& c) {
    if (!hears_queue_music() || i_.queue_music == c.media || i_.music_starts >= kMostMusicStarts) return done();
    end_queue_music();
    i_.queue_music = c.media;
    ++i_.music_starts;
    add(event("queue_music_started", {{"mediaId", c.media}, {"title", c.title}}));
    return done();
  }

  Result<Events> operator()(const command::StopQueueMusic&) {
    end_queue_music();
    return done();
  }

  Result<Events> operator()(const command::Interrupt&) {
    if (i_.status == Status::talking) return_to_queue();
    if (i_.kept()) {  // the room is gone; the place at the head of the queue is not
      fail_transfer("interrupted");
      resume();
    }
    return done();
  }

  Result<Events> operator()(const command::Tick&) {
    // One deadline can bring the next (a ring ends after the longest wait); each step leaves fewer of them.
    for (int step = 0; step < kMostStepsOfATick; ++step) {
      const auto deadline = i_.deadline();
      if (!deadline || *deadline > now_) return done();
      expire();
    }
    assert(false && "deadlines must end");
    return done();
  }

 private:
  static constexpr int kMostStepsOfATick = 8;

  [[nodiscard]] bool ended() const { return i_.status == Status::ended; }
  [[nodiscard]] bool in_queue_or_call() const {
    return i_.status == Status::queued || i_.status == Status::ringing || i_.status == Status::talking;
  }
  [[nodiscard]] bool rung_at(const AgentId& agent) const { return i_.status == Status::ringing && i_.agent == agent; }
  [[nodiscard]] bool is_target(const AgentId& agent) const { return i_.transfer && i_.transfer->target == agent; }
  [[nodiscard]] bool come(const std::optional<WallTime>& deadline) const { return deadline && *deadline <= now_; }

  void add(Event happened) { events_.push_back(std::move(happened)); }
  Result<Events> done() {
    if (!hears_queue_music()) end_queue_music();  // whatever ended the wait
    return std::move(events_);
  }

  void wait() {
    i_.status = Status::queued;
    i_.agent.reset();
    i_.waiting_since = now_;
    i_.wait_until = now_ + timing_.longest_wait;
  }

  /// A page plays it; in a room that stays open the music is the room's.
  [[nodiscard]] bool hears_queue_music() const {
    return i_.status == Status::queued && !i_.kept() && !i_.customer_absent_until;
  }
  void end_queue_music() {
    if (!i_.queue_music) return;
    add(event("queue_music_ended", {{"mediaId", *i_.queue_music}}));
    i_.queue_music.reset();
  }

  void hold(const char* why) {
    if (i_.held) return;
    i_.held = true;
    add(event("hold_started", {{"reason", why}}));
  }
  void resume() {
    if (!i_.held) return;
    i_.held = false;
    add(event("hold_ended"));
  }

  void fail_transfer(const char* why) {
    if (!i_.transfer) return;
    json::object data{{"fromAgentId", i_.transfer->from.str()}, {"reason", why}};
    if (i_.transfer->target) data["agentId"] = i_.transfer->target->str();
    add(event("transfer_failed", data));
    i_.transfer.reset();
  }

  /// The conversation goes on with another agent; the customer has been in the room all the time.
  void take_over(const AgentId& agent) {
    add(event("transfer_completed", {{"fromAgentId", i_.transfer->from.str()}, {"agentId", agent.str()}}));
    end_talk();
    leave_queue();
    i_.transfer.reset();
    i_.status = Status::talking;
    i_.agent = agent;
    i_.last_agent = agent;
    i_.talking_since = now_;
    i_.returning = false;
    resume();
  }

  void claim() {
    if (i_.kept()) return take_over(*i_.agent);
    i_.answering = true;
    i_.answer_until = now_ + kAnswerPatience;
  }

  /// Back to what it was before the claim: ringing, or waiting for one that was taken from the queue.
  void release_claim() {
    i_.answering = false;
    i_.answer_until.reset();
    if (!i_.ring_until) end_ring(false);
  }

  void end_ring(bool tried) {
    if (tried) {
      i_.tried.push_back(*i_.agent);
      i_.retry_at = now_ + kRetryPause;
    }
    i_.status = Status::queued;
    i_.agent.reset();
    i_.ringing_since.reset();
    i_.ring_until.reset();
    if (come(i_.wait_until)) end(tried ? EndReason::no_answer : EndReason::queue_timeout);
  }

  /// Nothing of ringing and waiting is left.
  void leave_queue() {
    i_.answering = false;
    i_.answer_until.reset();
    i_.ring_until.reset();
    i_.ringing_since.reset();
    i_.wait_until.reset();
    i_.waiting_since.reset();
    i_.retry_at.reset();
    i_.tried.clear();
  }

  void end_talk() {
    if (!i_.talking_since) return;
    i_.talked += std::max(microseconds{0}, now_ - *i_.talking_since);
    i_.talking_since.reset();
    i_.agent_absent_until.reset();
  }

  /// The agent is gone for good: the customer goes back to the head of the queue, in the same interview.
  void return_to_queue() {
    fail_transfer("agent_gone");
    resume();
    add(event("returned_to_queue", {{"agentId", i_.agent->str()}}));
    end_talk();
    i_.returning = true;
    wait();
  }

  void end(EndReason reason) {
    end_queue_music();
    fail_transfer("ended");
    resume();
    end_talk();
    leave_queue();
    i_.status = Status::ended;
    i_.end_reason = reason;
    i_.ended_at = now_;
    i_.agent.reset();
    i_.customer_absent_until.reset();
    add(event("ended", {{"endReason", to_text(reason)}}));
  }

  void expire() {
    switch (i_.status) {
      case Status::created:
      case Status::entered: return end(EndReason::expired);
      case Status::queued:
        if (come(i_.customer_absent_until)) return customer_lost();
        if (come(i_.wait_until)) return end(i_.tried.empty() ? EndReason::queue_timeout : EndReason::no_answer);
        i_.tried.clear();
        i_.retry_at.reset();
        return;
      case Status::ringing:
        if (i_.answering) {
          add(event("answer_failed", {{"agentId", i_.agent->str()}, {"code", "answer.timeout"}}));
          return release_claim();
        }
        if (come(i_.customer_absent_until)) return customer_lost();
        add(event("ring_timed_out", {{"agentId", i_.agent->str()}}));
        return end_ring(true);
      case Status::talking:
        if (come(i_.customer_absent_until)) return customer_lost();
        if (come(i_.agent_absent_until)) return return_to_queue();
        return fail_transfer("no_answer");
      case Status::ended:
        i_.outcome_overdue = true;
        add(event("outcome_overdue", {{"agentId", i_.last_agent->str()}, {"until", to_rfc3339(*i_.outcome_until)}}));
        return;
    }
  }

  /// One that was talked in has lost its connection, even while it waits for another agent.
  void customer_lost() { end(i_.last_agent ? EndReason::connection_lost : EndReason::left_queue); }

  static tl::unexpected<Error> consent_required() {
    return refuse("consent.required", "The customer must agree to the recording first.");
  }
  static tl::unexpected<Error> place_required() {
    return fail(ErrorKind::unprocessable, "place.required", "This company needs the place; it cannot be refused.");
  }
  static tl::unexpected<Error> not_waiting() {
    return refuse("interview.not_waiting", "The customer does not wait any longer.");
  }
  static tl::unexpected<Error> not_ringing() {
    return refuse("interview.not_ringing", "The interview does not ring at this desk any longer.");
  }
  static tl::unexpected<Error> already_answered() {
    return refuse("interview.already_answered", "The interview has been answered.");
  }
  static tl::unexpected<Error> not_talking() { return refuse("interview.not_talking", "The conversation is over."); }
  static tl::unexpected<Error> wrong_state_of_call() {
    return refuse("interview.not_talking", "Nobody talks in this interview now.");
  }
  static tl::unexpected<Error> not_yours() {
    return refuse("interview.not_yours", "Another agent conducts this interview.");
  }
  static tl::unexpected<Error> outcome_not_allowed() {
    return refuse("outcome.not_allowed", "An outcome needs a conversation first.");
  }

  Interview& i_;
  WallTime now_;
  const Timing& timing_;
  Events events_;
};

}  // namespace

std::optional<WallTime> Interview::deadline() const {
  std::optional<WallTime> first;
  const auto consider = [&](const std::optional<WallTime>& candidate) {
    if (candidate && (!first || *candidate < *first)) first = candidate;
  };
  switch (status) {
    case Status::created:
    case Status::entered: return expires_at;
    case Status::queued:
      consider(wait_until);
      consider(retry_at);
      consider(customer_absent_until);
      return first;
    case Status::ringing:
      if (answering) return answer_until;
      consider(ring_until);
      consider(customer_absent_until);
      return first;
    case Status::talking:
      if (transfer) consider(transfer->until);
      consider(agent_absent_until);
      consider(customer_absent_until);
      return first;
    case Status::ended: return outcome_overdue ? std::nullopt : outcome_until;
  }
  return std::nullopt;
}

std::optional<milliseconds> Interview::waited() const {
  if (!queued_at) return std::nullopt;
  const auto until = answered_at ? answered_at : ended_at;
  if (!until) return std::nullopt;
  return duration_cast<milliseconds>(*until - *queued_at);
}

std::optional<milliseconds> Interview::talked_until(WallTime now) const {
  if (!answered_at) return std::nullopt;
  microseconds sum = talked;
  if (talking_since) sum += std::max(microseconds{0}, now - *talking_since);
  return duration_cast<milliseconds>(sum);
}

Result<Events> apply(Interview& interview, const Command& command, WallTime now, const Timing& timing) {
  Interview changed = interview;
  auto events = std::visit(Decision(changed, now, timing), command);
  if (events) interview = std::move(changed);
  return events;
}

}  // namespace tw::domain
