#include "service/desk.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "service/presence_book.hpp"
#include "service/recording_start.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"
#include "store/agents.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;

/// The interview, if it is one of the queues that this user serves or conducts.
Result<store::InterviewRecord> served_interview(Work& work, const Caller& caller, const std::string& id) {
  auto record = visible_interview(work.sql(), caller, id);
  if (!record) return record;
  const domain::Interview& s = record->state;
  const bool theirs = s.agent == caller.user() || s.last_agent == caller.user() || s.rings_at(caller.user());
  if (!theirs && !store::agents::serves(work.sql(), caller.tenant, caller.user(), record->state.queue)) {
    return interview_unknown();
  }
  return record;
}

Result<AgentInterview> read_agent_interview(Core& core, const Caller& caller, const InterviewId& id) {
  return core.database().read([&](store::Connection& connection) -> Result<AgentInterview> {
    const auto record = store::interviews::find(connection, caller.tenant, id);
    if (!record) return interview_unknown();
    return build_agent_interview(core, connection, caller, *record);
  });
}

struct Claim {
  InterviewId interview;
  std::optional<PlannedPart> planned;  ///< empty for one who took a running conversation over: it is recorded already
};

/// First half of an answer: the interview is claimed for this agent, and nobody else can have it.
Result<Claim> claim(Core& core, const Caller& caller, const std::string& id, bool take, const SecretKey& tenant_key) {
  const Result<void> may_begin = core.may_begin();
  return transact(core, [&](Work& work) -> Result<Claim> {
    auto record = served_interview(work, caller, id);
    if (!record) return tl::unexpected(record.error());
    // A conversation that runs is no beginning: whoever takes it over may, whatever disk and server say.
    if (!record->state.in_room() && !may_begin) return tl::unexpected(may_begin.error());
    if (take) {
      // The interview's own state speaks first: whoever comes second hears that, not that they are busy.
      const bool waits = record->state.status == domain::Status::queued;
      const domain::Agent agent = work.agent(caller.tenant, caller.user());
      if (auto may = domain::may_take(agent, record->state.id); waits && !may) return tl::unexpected(may.error());
    }
    const domain::Command command = take ? domain::Command{domain::command::ClaimTake{caller.user()}}
                                         : domain::Command{domain::command::ClaimAnswer{caller.user()}};
    if (auto claimed = work.apply(*record, command); !claimed) return tl::unexpected(claimed.error());
    if (record->state.status == domain::Status::talking) {
      if (!core.presence().agent_has_page(caller.user())) {
        if (auto gone = work.apply(*record, domain::command::AgentGone{}); !gone) return tl::unexpected(gone.error());
      }
      return Claim{record->state.id, std::nullopt};
    }
    return Claim{record->state.id, plan_part(work, *record, tenant_key)};
  });
}

/// Second half when the recording runs: the talk begins.
Result<void> begin_talk(Core& core, const Caller& caller, const PlannedPart& planned, WallTime at) {
  const InterviewId& id = planned.recording.interview;
  return transact(core, [&](Work& work) -> Result<void> {
    auto record = work.interview(caller.tenant, id);
    if (!record) return tl::unexpected(record.error());
    const json::object data{{"agentId", caller.id},
                            {"recordingPath", planned.recording.path},
                            {"recordingName", planned.recording.name},
                            {"part", planned.part.part}};
    auto answered = work.apply(*record, domain::command::Answered{caller.user(), at, json::serialize(data)});
    if (!answered) return tl::unexpected(answered.error());
    if (auto noted = note_part_started(work, *record, planned, at, "interrupted"); !noted) return noted;
    // A side without a page or media is absent from the beginning.
    if (!core.presence().agent_present(caller.user(), id)) {
      if (auto gone = work.apply(*record, domain::command::AgentGone{}); !gone) return tl::unexpected(gone.error());
    }
    if (!core.presence().customer_present(id)) {
      if (auto gone = work.apply(*record, domain::command::CustomerGone{}); !gone) return tl::unexpected(gone.error());
    }
    return {};
  });
}

/// Second half when it does not: the ring goes on. True when the interview has ended meanwhile.
bool give_back(Core& core, const Caller& caller, const PlannedPart& planned, const Error& error) {
  const auto ended = transact(core, [&](Work& work) -> Result<bool> {
    abandon_part(work, planned);
    auto record = work.interview(caller.tenant, planned.recording.interview);
    if (!record) return tl::unexpected(record.error());
    auto failed = work.apply(*record, domain::command::AnswerFailed{caller.user(), error.code});
    if (!failed) return tl::unexpected(failed.error());
    return record->state.status == domain::Status::ended;
  });
  if (!ended) log::error("a claim could not be given back; its deadline will", {{"code", ended.error().code}});
  return ended && *ended;
}

}  // namespace

Result<DeskState> Desk::state(const Caller& caller) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  return core_.database().read(
      [&](store::Connection& connection) -> Result<DeskState> { return build_desk_state(core_, connection, caller); });
}

Result<DeskState> Desk::set_presence(const Caller& caller, domain::Presence presence) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  const auto done = transact(core_, [&](Work& work) -> Result<void> {
    const domain::Agent before = work.agent(caller.tenant, caller.user());
    domain::Agent after = before;
    if (auto set = domain::set_presence(after, presence, work.now()); !set) return set;
    // Who says "online" without a page open would never hear it ring: the deadline of absence takes it back.
    if (!core_.presence().agent_has_page(after.id)) {
      domain::set_connected(after, false, work.now(), work.timing());
    }
    work.save_agent(caller.tenant, before, after);
    if (presence == domain::Presence::online || after.activity != domain::Activity::ringing) return {};
    auto record = work.interview(caller.tenant, *after.interview);
    if (!record) return tl::unexpected(record.error());
    auto withdrawn = work.apply(*record, domain::command::WithdrawRing{caller.user()});
    if (!withdrawn) return tl::unexpected(withdrawn.error());
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return state(caller);
}

Result<AgentInterview> Desk::connect(const Caller& caller, const std::string& interview, bool take) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  const auto tenant_key = core_.ports().tenant_keys.of(caller.tenant);
  if (!tenant_key) return tl::unexpected(tenant_key.error());
  const auto claimed = claim(core_, caller, interview, take, *tenant_key);
  if (!claimed) return tl::unexpected(claimed.error());
  const std::optional<PlannedPart>& planned = claimed->planned;
  if (!planned) return read_agent_interview(core_, caller, claimed->interview);

  const auto started = start_part(core_, *planned);
  const InterviewId& id = planned->recording.interview;
  const auto talking = started ? begin_talk(core_, caller, *planned, *started) : Result<void>{};
  if (!started || !talking) {
    // The disk, the store, or a customer who left in these milliseconds: nobody may be connected.
    core_.ports().rooms.stop_part(id, planned->part.part);
    const Error& error = started ? talking.error() : started.error();
    if (give_back(core_, caller, *planned, error)) {
      core_.ports().rooms.close(id);
      return fail(ErrorKind::conflict, "interview.ended", "The customer has left.");
    }
    if (started) return tl::unexpected(error);
    return fail(ErrorKind::unavailable, "recording.unavailable",
                "The recording could not be started, so the call was not connected; check the disk.");
  }
  return read_agent_interview(core_, caller, id);
}

Result<AgentInterview> Desk::answer(const Caller& caller, const std::string& interview) {
  return connect(caller, interview, false);
}
Result<AgentInterview> Desk::take(const Caller& caller, const std::string& interview) {
  return connect(caller, interview, true);
}

Result<DeskState> Desk::decline(const Caller& caller, const std::string& interview) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  const auto done = transact(core_, [&](Work& work) -> Result<void> {
    auto record = served_interview(work, caller, interview);
    if (!record) return tl::unexpected(record.error());
    auto declined = work.apply(*record, domain::command::Decline{caller.user()});
    if (!declined) return tl::unexpected(declined.error());
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return state(caller);
}

Result<AgentInterview> Desk::hang_up(const Caller& caller, const std::string& interview) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  const auto done = transact(core_, [&](Work& work) -> Result<InterviewId> {
    auto record = served_interview(work, caller, interview);
    if (!record) return tl::unexpected(record.error());
    auto ended = work.apply(*record, domain::command::HangUp{caller.user()});
    if (!ended) return tl::unexpected(ended.error());
    return record->state.id;
  });
  if (!done) return tl::unexpected(done.error());
  return read_agent_interview(core_, caller, *done);
}

Result<DeskState> Desk::finish_wrap_up(const Caller& caller) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  const auto done = transact(core_, [&](Work& work) -> Result<void> {
    const domain::Agent before = work.agent(caller.tenant, caller.user());
    domain::Agent after = before;
    if (auto finished = domain::finish_wrap_up(after, work.now()); !finished) return finished;
    work.save_agent(caller.tenant, before, after);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return state(caller);
}

}  // namespace tw::service
