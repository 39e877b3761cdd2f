#include "service/work.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "domain/receipt.hpp"
#include "domain/routing.hpp"
#include "service/after_views.hpp"
#include "service/payloads.hpp"
#include "service/presence_book.hpp"
#include "service/view_builder.hpp"
#include "store/agents.hpp"
#include "store/guests.hpp"
#include "store/jobs.hpp"
#include "store/outbox.hpp"
#include "store/photos.hpp"
#include "store/recordings.hpp"
#include "store/supervisors.hpp"

namespace tw::service {
namespace {

using domain::Status;

/// Opens the room unless the interview has ended meanwhile: its closing could have come first.
void open_room(Core& core, const InterviewId& interview) {
  if (const auto opened = core.ports().rooms.open(interview); !opened) {
    log::error("room could not be opened", {{"interview", interview.str()}, {"code", opened.error().code}});
    return;
  }
  const auto ended = core.database().read([&](store::Connection& connection) -> Result<bool> {
    const auto row = connection.first("SELECT status FROM interviews WHERE id = :id", {{"id", interview}});
    return row && row->text(0) == "ended";
  });
  if (ended && *ended) core.ports().rooms.close(interview);
}

constexpr std::pair<const char*, const char*> kOutboxTypes[]{{"queued", "interview.queued"},
                                                             {"answered", "interview.answered"},
                                                             {"transfer_completed", "interview.transferred"},
                                                             {"concluded", "interview.concluded"},
                                                             {"outcome_deferred", "interview.outcome_deferred"},
                                                             {"outcome_overdue", "interview.outcome_overdue"},
                                                             {"ended", "interview.ended"}};

void complain(const char* what, const InterviewId& interview, const Result<void>& done) {
  if (done) return;
  log::error("somebody could not be put on hold or back",
             {{"interview", interview.str()}, {"what", what}, {"code", done.error().code}});
}

}  // namespace

void close_forbidden(Core& core, const InterviewId& interview, const SupervisorId& supervisor) {
  const auto found = core.database().read([&](store::Connection& connection) -> Result<domain::Party> {
    const auto tenant = store::interviews::tenant_of(connection, interview);
    const auto row = tenant ? store::supervisors::find(connection, *tenant, supervisor) : std::nullopt;
    return domain::Party{domain::Part::supervisor, row && !row->ended_at ? row->mode : domain::SupervisionMode::listen};
  });
  if (!found) return;
  for (const auto& [session, stream] : core.presence().publishers(interview, supervisor.str())) {
    if (domain::may_publish(*found, stream)) continue;
    core.ports().rooms.disconnect_session(interview, supervisor.str(), session);
  }
}

void perform(Core& core, const Effects& effects) {
  const Ports& ports = core.ports();
  for (const InterviewId& id : effects.recordings_to_stop) ports.rooms.stop_recording(id);
  for (const InterviewId& id : effects.agents_to_disconnect) {
    ports.rooms.disconnect(id, kAgentSide);
    if (core.presence().forget_side(id, kAgentSide)) note_screen(core, id, kAgentSide, false);
  }
  for (const auto& [id, who] : effects.people_to_disconnect) {
    ports.rooms.disconnect(id, who);
    if (core.presence().forget_side(id, who)) note_screen(core, id, who, false);
  }
  for (const auto& [id, who] : effects.rights_changed) close_forbidden(core, id, who);
  for (const auto& [id, who] : effects.to_hold) complain("hold", id, ports.rooms.hold(id, who));
  for (const auto& [id, who] : effects.to_resume) complain("resume", id, ports.rooms.resume(id, who));
  for (const InterviewId& id : effects.rooms_to_close) {
    ports.rooms.close(id);
    core.presence().interview_ended(id);
  }
  for (const InterviewId& id : effects.rooms_to_open) open_room(core, id);
  for (const auto& [tenant, id] : effects.interviews_changed) ports.notifier.interview_changed(tenant, id);
  for (const auto& [tenant, id] : effects.queues_changed) ports.notifier.queue_changed(tenant, id);
  for (const auto& [tenant, id] : effects.desks_changed) ports.notifier.desk_changed(tenant, id);
  if (effects.wake_at) ports.wake_ups.wake_at(*effects.wake_at);
  if (effects.outbox_written && ports.outbox_written) ports.outbox_written();
  if (effects.jobs_written && ports.jobs_written) ports.jobs_written();
}

Work::Work(Core& core, store::Transaction& transaction)
    : core_(core),
      sql_(transaction),
      now_(core.now()),
      timing_{core.settings().ring_timeout, core.settings().longest_wait, core.settings().agent_absence,
              core.settings().customer_absence} {}

void Work::wake_at(const std::optional<WallTime>& when) {
  if (when && (!effects.wake_at || *when < *effects.wake_at)) effects.wake_at = when;
}

Result<store::InterviewRecord> Work::interview(const TenantId& tenant, const InterviewId& id) {
  auto record = store::interviews::find(sql_, tenant, id);
  if (!record) return interview_unknown();
  return std::move(*record);
}

domain::Agent Work::agent(const TenantId& tenant, const AgentId& id) { return store::agents::find(sql_, tenant, id); }

void Work::save_agent(const TenantId& tenant, const domain::Agent& before, const domain::Agent& after) {
  if (before == after) return;
  store::agents::save(sql_, tenant, after);
  wake_at(after.absent_until);
  effects.desks_changed.emplace(tenant, after.id);
  if (before.may_be_rung() != after.may_be_rung() || before.presence != after.presence ||
      before.connected != after.connected) {
    to_route_.insert(tenant);
    for (const auto& queue : store::agents::queues_of(sql_, tenant, after.id)) {
      effects.queues_changed.emplace(tenant, queue.id);
    }
  }
}

Result<domain::Events> Work::apply(store::InterviewRecord& record, const domain::Command& command) {
  const domain::Interview before = record.state;
  auto events = domain::apply(record.state, command, now_, timing_);
  if (!events) return events;
  if (events->empty() && before == record.state) return events;
  if (before.status != Status::ended && record.state.status == Status::ended) give_receipt(record);
  if (auto stored = store_record(record, *events); !stored) return tl::unexpected(stored.error());
  follow_agents(record, before);
  follow_recording(record, before);
  follow_room(record, before);
  follow_people(record, before);
  tell_outbox(record, before, *events);
  wake_at(record.state.deadline());
  effects.interviews_changed.emplace(record.tenant, record.state.id);
  if (before.status != record.state.status || before.tried != record.state.tried) {
    to_route_.insert(record.tenant);
    effects.queues_changed.emplace(record.tenant, record.state.queue);
    effects.queues_changed.emplace(record.tenant, before.queue);
  }
  return events;
}

Result<void> Work::store_record(store::InterviewRecord& record, const domain::Events& events) {
  for (const domain::Event& event : events) {
    const auto entry = domain::append(record.timeline, now_, event);
    store::interviews::append_timeline(sql_, record.tenant, record.state.id, entry);
  }
  if (!store::interviews::update(sql_, record)) {
    return fail(ErrorKind::conflict, "interview.wrong_state", "The interview was changed meanwhile; read it again.");
  }
  return {};
}

Result<void> Work::note(store::InterviewRecord& record, const domain::Event& event) {
  if (auto stored = store_record(record, {event}); !stored) return stored;
  effects.interviews_changed.emplace(record.tenant, record.state.id);
  return {};
}

void Work::follow_agents(const store::InterviewRecord& record, const domain::Interview& before) {
  const auto target_of = [](const domain::Interview& i) { return i.transfer ? i.transfer->target : std::nullopt; };
  std::set<AgentId> concerned;
  for (const auto& id : {before.agent, record.state.agent, target_of(before), target_of(record.state)}) {
    if (id) concerned.insert(*id);
  }
  for (const AgentId& id : concerned) {
    const domain::Agent was = agent(record.tenant, id);
    domain::Agent is = was;
    domain::follow(is, before, record.state, now_);
    save_agent(record.tenant, was, is);
    effects.desks_changed.emplace(record.tenant, id);
  }
  const domain::Interview& after = record.state;
  const bool owed_changed =
      before.outcome_until != after.outcome_until || before.outcome_overdue != after.outcome_overdue;
  if (owed_changed && after.last_agent) effects.desks_changed.emplace(record.tenant, *after.last_agent);
}

void Work::follow_room(const store::InterviewRecord& record, const domain::Interview& before) {
  const domain::Interview& after = record.state;
  if (after.status == Status::ended) {
    if (before.status != Status::ended) effects.rooms_to_close.insert(after.id);
    return;
  }
  if (before.status != Status::ringing && after.status == Status::ringing) effects.rooms_to_open.insert(after.id);
  if (before.agent && before.agent != after.agent) effects.agents_to_disconnect.insert(after.id);
}

/// The others in the room: who hears music, and who is out because it is over or because they conduct it now.
void Work::follow_people(const store::InterviewRecord& record, const domain::Interview& before) {
  const domain::Interview& after = record.state;
  const bool over = after.status == Status::ended && before.status != Status::ended;
  const bool new_agent = after.agent && before.agent != after.agent;
  if (over || new_agent) {
    for (store::SupervisorRow& supervisor : store::supervisors::in_interview(sql_, record.tenant, after.id)) {
      if (!over && after.agent != supervisor.user) continue;
      supervisor.ended_at = now_;
      supervisor.absent_until.reset();
      store::supervisors::update(sql_, supervisor);
      effects.desks_changed.emplace(record.tenant, supervisor.user);
      if (!over) effects.people_to_disconnect.emplace(after.id, supervisor.id.str());
    }
  }
  if (over) return store::guests::end_all(sql_, record.tenant, after.id, now_);
  if (before.held == after.held) return;
  auto& sides = after.held ? effects.to_hold : effects.to_resume;
  sides.emplace(after.id, kCustomerSide);
  for (const store::GuestRow& guest : store::guests::of_interview(sql_, record.tenant, after.id)) {
    if (guest.status == domain::GuestStatus::joined) sides.emplace(after.id, guest.id.str());
  }
}

/// A stretch of talk has ended: its part of the recording too. With the interview's end the files are made.
void Work::follow_recording(store::InterviewRecord& record, const domain::Interview& before) {
  const bool talk_ended = before.in_room() && !record.state.in_room();
  const bool ended = before.status != Status::ended && record.state.status == Status::ended;
  if (!talk_ended && !ended) return;
  auto recording = store::recordings::of_interview(sql_, record.tenant, record.state.id);
  if (!recording) return;
  bool recorded = false;
  for (store::RecordingPartRow& part : store::recordings::parts(sql_, record.tenant, recording->id)) {
    if (part.status == "running") {
      part.status = "ended";
      part.ended_at = now_;
      store::recordings::put_part(sql_, record.tenant, recording->id, part);
    }
    recorded |= part.status == "ended" || part.status == "cut";
  }
  if (talk_ended) effects.recordings_to_stop.insert(record.state.id);
  if (!ended || !recorded) return;
  recording->status = "processing";
  store::recordings::update(sql_, *recording);
  store::jobs::add(sql_, record.tenant, kComposeJob, record.state.id, now_, core_.random());
  effects.jobs_written = true;
}

void Work::tell_outbox(const store::InterviewRecord& record, const domain::Interview& before,
                       const domain::Events& events) {
  for (const domain::Event& event : events) {
    for (const auto& [kind, type] : kOutboxTypes) {
      if (event.kind != kind) continue;
      const InterviewView view = build_interview(sql_, record, now_);
      store::append_outbox(sql_, {record.tenant, before.id, type, interview_payload(view), now_}, core_.random());
      effects.outbox_written = true;
    }
  }
  if (before.status != Status::ended && record.state.status == Status::ended) tell_exit(record);
}

/// Seventeen thousand millions of numbers a company: the first that is tried is as good as always new.
void Work::give_receipt(store::InterviewRecord& record) {
  constexpr int kMostTries = 16;
  for (int i = 0; i < kMostTries && record.receipt_number.empty(); ++i) {
    std::string number = domain::make_receipt_number(core_.random());
    if (!store::interviews::has_receipt(sql_, record.tenant, number)) record.receipt_number = std::move(number);
  }
  // An interview must be able to end whatever happens here.
  if (record.receipt_number.empty()) log::error("no receipt number was free", {{"interview", record.state.id.str()}});
}

/// Everything of A23 in one message: not before the last photo is made, so that none lacks its hash.
void Work::tell_exit(const store::InterviewRecord& record) {
  if (record.state.status != Status::ended) return;
  for (const store::PhotoRow& photo : store::photos::of_interview(sql_, record.tenant, record.state.id)) {
    if (photo.status == "pending") return;
  }
  InterviewView view = build_interview(sql_, record, now_);
  view.exit = build_exit(sql_, record, view);
  store::append_outbox(sql_, {record.tenant, record.state.id, "interview.exited", interview_payload(view), now_},
                       core_.random());
  effects.outbox_written = true;
}

Result<void> Work::route() {
  while (!to_route_.empty()) {
    const TenantId tenant = *to_route_.begin();
    to_route_.erase(to_route_.begin());
    const auto idle = store::agents::idle(sql_, tenant);
    if (idle.empty()) continue;
    std::vector<domain::WaitingInterview> waiting;
    for (const auto& record : store::interviews::in_status(sql_, tenant, Status::queued)) {
      const domain::Interview& s = record.state;
      waiting.push_back({s.id, s.queue, s.returning, s.waiting_since.value_or(s.created_at), s.tried});
    }
    for (const auto& [interview_id, agent_id] : domain::assign(waiting, idle)) {
      auto record = interview(tenant, interview_id);
      if (!record) return tl::unexpected(record.error());
      if (auto rung = apply(*record, domain::command::Ring{agent_id}); !rung) return tl::unexpected(rung.error());
    }
    // Rings have taken agents and customers away, never brought new ones: this tenant is done.
    to_route_.erase(tenant);
  }
  return {};
}

void note_screen(Core& core, const InterviewId& interview, const std::string& participant, bool started) {
  const auto done = transact(core, [&](Work& work) -> Result<void> {
    const auto tenant = store::interviews::tenant_of(work.sql(), interview);
    if (!tenant) return interview_unknown();
    auto record = work.interview(*tenant, interview);
    if (!record) return tl::unexpected(record.error());
    if (record->state.status == Status::ended) return {};
    return work.note(*record, {started ? "screen_started" : "screen_stopped",
                               boost::json::serialize(boost::json::object{{"participant", participant}})});
  });
  if (!done) log::error("a screen's event could not be stored", {{"code", done.error().code}});
}

tl::unexpected<Error> interview_unknown() {
  return fail(ErrorKind::not_found, "interview.unknown", "There is no such interview.");
}

Result<InterviewId> parse_interview_id(const std::string& text) {
  auto id = InterviewId::parse(text);
  if (!id) return interview_unknown();
  return std::move(*id);
}

bool may_see(store::Connection& connection, const Caller& caller, const store::InterviewRecord& record) {
  if (record.tenant != caller.tenant) return false;
  switch (caller.kind) {
    case CallerKind::api_key:
    case CallerKind::administrator: return true;
    case CallerKind::customer:
    case CallerKind::guest: return caller.interview == record.state.id;
    case CallerKind::agent: break;
  }
  const AgentId user = caller.user();
  const domain::Interview& s = record.state;
  return s.agent == user || s.last_agent == user || s.rings_at(user) ||
         store::agents::serves(connection, caller.tenant, user, s.queue);
}

Result<store::InterviewRecord> visible_interview(store::Connection& connection, const Caller& caller,
                                                 const std::string& id) {
  const auto parsed = parse_interview_id(id);
  if (!parsed) return tl::unexpected(parsed.error());
  auto record = store::interviews::find(connection, caller.tenant, *parsed);
  if (!record || !may_see(connection, caller, *record)) return interview_unknown();
  return std::move(*record);
}

Result<void> require_conductor(const store::InterviewRecord& record, const Caller& caller) {
  const domain::Interview& s = record.state;
  if (!s.last_agent) return fail(ErrorKind::conflict, "interview.not_talking", "Nobody has talked in it yet.");
  if (s.last_agent != caller.user())
    return fail(ErrorKind::conflict, "interview.not_yours", "Another agent conducts this interview.");
  return {};
}

}  // namespace tw::service
