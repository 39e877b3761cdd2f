#include "service/supervision.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "service/guest_room.hpp"
#include "service/presence_book.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"
#include "store/accounts/audit.hpp"
#include "store/agents.hpp"
#include "store/customers.hpp"
#include "store/supervisors.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;
using domain::Part;
using domain::SupervisionMode;
using store::SupervisorRow;

Result<void> supervisors_only(const Caller& caller) {
  if (caller.is_user() && (caller.can_supervise || caller.is_administrator())) return {};
  return fail(ErrorKind::forbidden, "auth.wrong_role", "This needs the right to supervise.");
}

const char* event_of(SupervisionMode mode) {
  switch (mode) {
    case SupervisionMode::listen: return "supervisor_listening";
    case SupervisionMode::whisper: return "supervisor_whispering";
    case SupervisionMode::join: break;
  }
  return "supervisor_joined";
}

/// Timeline and audit log say the same, in the transaction that they tell of.
Result<void> tell(Work& work, store::InterviewRecord& record, const SupervisorRow& session, const std::string& actor,
                  const char* event, const char* action, const json::object& more = {}) {
  json::object data{{"sessionId", session.id.str()},
                    {"userId", session.user.str()},
                    {"displayName", store::agents::display_name(work.sql(), session.tenant, session.user)}};
  for (const auto& member : more) data[member.key()] = member.value();
  store::append_audit(
      work.sql(),
      {session.tenant, work.now(), actor, action, session.id.str(),
       json::serialize(json::object{{"interview", session.interview.str()}, {"mode", domain::to_text(session.mode)}})},
      work.core().random());
  work.effects.desks_changed.emplace(session.tenant, session.user);
  return work.note(record, {event, json::serialize(data)});
}

Result<void> finish(Work& work, SupervisorRow session, const std::string& actor, const char* reason) {
  session.ended_at = work.now();
  session.absent_until.reset();
  store::supervisors::update(work.sql(), session);
  work.effects.people_to_disconnect.emplace(session.interview, session.id.str());
  auto record = work.interview(session.tenant, session.interview);
  if (!record) return tl::unexpected(record.error());
  return tell(work, *record, session, actor, "supervisor_left", "supervision.ended", {{"reason", reason}});
}

Result<SupervisorRow> own_session(store::Connection& connection, const Caller& caller, const std::string& text) {
  const auto id = SupervisorId::parse(text);
  auto session = id ? store::supervisors::find(connection, caller.tenant, *id) : std::nullopt;
  if (session && !session->ended_at && session->user == caller.user()) return std::move(*session);
  return fail(ErrorKind::not_found, "supervisor.session_unknown", "There is no such session.");
}

LiveInterview live_view(Core& core, store::Connection& connection, const store::InterviewRecord& record) {
  const domain::Interview& s = record.state;
  LiveInterview view;
  view.interview = s.id;
  view.business_id = record.business_id;
  if (const auto customer = store::customers::find(connection, record.tenant, record.customer)) {
    view.nick_name = customer->nick_name;
  }
  view.queue = s.queue;
  view.queue_name = queue_name(connection, record.tenant, s.queue);
  view.status = s.status;
  if (s.status == domain::Status::talking && s.agent) {
    view.agent = s.agent;
    view.agent_name = store::agents::display_name(connection, record.tenant, *s.agent);
  }
  view.answered_at = s.answered_at;
  view.voice_only = record.voice_only;
  view.held = s.held;
  view.transfer = build_transfer(connection, record);
  view.people = build_people(core, connection, record, {Part::supervisor, SupervisionMode::listen});
  for (const SupervisorRow& session : store::supervisors::in_interview(connection, record.tenant, s.id)) {
    view.supervisors.push_back(
        {session.id, store::agents::display_name(connection, record.tenant, session.user), session.mode});
  }
  return view;
}

Result<SupervisorState> read_state(Core& core, const Caller& caller, const SupervisorId& id) {
  return core.database().read([&](store::Connection& connection) -> Result<SupervisorState> {
    const auto session = own_session(connection, caller, id.str());
    if (!session) return tl::unexpected(session.error());
    const auto record = store::interviews::find(connection, caller.tenant, session->interview);
    if (!record) return interview_unknown();
    SupervisorState state;
    state.session = session->id;
    state.mode = session->mode;
    state.call = live_view(core, connection, *record);
    state.player = build_player(connection, caller.tenant, record->state.id);
    if (has_media(record->state)) {
      state.media = build_media_access(core, *record,
                                       {session->id.str(), {Part::supervisor, session->mode}, session->user.str()});
    }
    state.server_time = core.now();
    return state;
  });
}

/// Why this conversation cannot be supervised by the caller now.
Result<void> check_start(Work& work, const store::InterviewRecord& record, const Caller& caller) {
  const domain::Interview& s = record.state;
  if (!s.in_room()) {
    return fail(ErrorKind::conflict, "interview.not_talking", "Nobody talks in this interview now.");
  }
  if (s.agent == caller.user() || s.rings_at(caller.user())) {
    return fail(ErrorKind::conflict, "supervisor.own_call", "You conduct this conversation yourself.");
  }
  const auto inside = store::supervisors::in_interview(work.sql(), record.tenant, s.id);
  const auto others = std::count_if(inside.begin(), inside.end(),
                                    [&](const SupervisorRow& session) { return session.user != caller.user(); });
  if (static_cast<std::size_t>(others) >= domain::kMostSupervisors) {
    return fail(ErrorKind::conflict, "supervisor.too_many", "Two supervisors are in this conversation already.");
  }
  if (people_in_room(work.sql(), record, work.now(), false) >= domain::kMostPeople) return room_full();
  return {};
}

}  // namespace

Result<std::vector<LiveInterview>> Supervision::live(const Caller& caller) {
  if (auto allowed = supervisors_only(caller); !allowed) return tl::unexpected(allowed.error());
  return core_.database().read([&](store::Connection& connection) -> Result<std::vector<LiveInterview>> {
    std::vector<LiveInterview> views;
    for (const auto& record : store::interviews::in_room(connection, caller.tenant, kMostLive)) {
      views.push_back(live_view(core_, connection, record));
    }
    return views;
  });
}

Result<SupervisorState> Supervision::start(const Caller& caller, const std::string& interview, SupervisionMode mode) {
  if (auto allowed = supervisors_only(caller); !allowed) return tl::unexpected(allowed.error());
  const auto begun = transact(core_, [&](Work& work) -> Result<SupervisorId> {
    const auto id = parse_interview_id(interview);
    if (!id) return tl::unexpected(id.error());
    auto record = work.interview(caller.tenant, *id);
    if (!record) return tl::unexpected(record.error());
    if (auto may = check_start(work, *record, caller); !may) return tl::unexpected(may.error());
    for (const SupervisorRow& before : store::supervisors::of_user(work.sql(), caller.tenant, caller.user())) {
      if (auto ended = finish(work, before, caller.actor(), "moved"); !ended) return tl::unexpected(ended.error());
    }
    record = work.interview(caller.tenant, *id);  // leaving it just now has changed it
    if (!record) return tl::unexpected(record.error());
    SupervisorRow session;
    session.tenant = caller.tenant;
    session.id = SupervisorId::make(work.now(), core_.random());
    session.interview = *id;
    session.user = caller.user();
    session.mode = mode;
    session.started_at = work.now();
    if (!core_.presence().agent_has_page(caller.user())) {
      session.absent_until = work.now() + work.timing().agent_absence;
      work.effects.wake_at = session.absent_until;
    }
    store::supervisors::insert(work.sql(), session);
    auto told = tell(work, *record, session, caller.actor(), event_of(mode), "supervision.started");
    if (!told) return tl::unexpected(told.error());
    return session.id;
  });
  if (!begun) return tl::unexpected(begun.error());
  return read_state(core_, caller, *begun);
}

Result<SupervisorState> Supervision::state(const Caller& caller, const std::string& session) {
  if (auto allowed = supervisors_only(caller); !allowed) return tl::unexpected(allowed.error());
  const auto id = SupervisorId::parse(session);
  if (!id) return fail(ErrorKind::not_found, "supervisor.session_unknown", "There is no such session.");
  return read_state(core_, caller, *id);
}

Result<SupervisorState> Supervision::change(const Caller& caller, const std::string& session, SupervisionMode mode) {
  if (auto allowed = supervisors_only(caller); !allowed) return tl::unexpected(allowed.error());
  const auto changed = transact(core_, [&](Work& work) -> Result<SupervisorId> {
    auto row = own_session(work.sql(), caller, session);
    if (!row) return tl::unexpected(row.error());
    if (row->mode == mode) return row->id;
    row->mode = mode;
    store::supervisors::update(work.sql(), *row);
    work.effects.rights_changed.emplace(row->interview, row->id);
    auto record = work.interview(caller.tenant, row->interview);
    if (!record) return tl::unexpected(record.error());
    auto told = tell(work, *record, *row, caller.actor(), event_of(mode), "supervision.changed");
    if (!told) return tl::unexpected(told.error());
    return row->id;
  });
  if (!changed) return tl::unexpected(changed.error());
  return read_state(core_, caller, *changed);
}

Result<void> Supervision::end(const Caller& caller, const std::string& session) {
  if (auto allowed = supervisors_only(caller); !allowed) return allowed;
  return transact(core_, [&](Work& work) -> Result<void> {
    auto row = own_session(work.sql(), caller, session);
    if (!row) return tl::unexpected(row.error());
    return finish(work, *row, caller.actor(), "left");
  });
}

Result<void> Supervision::leave(Core& core, const TenantId& tenant, const SupervisorId& session, const char* reason,
                                bool only_absent) {
  return transact(core, [&](Work& work) -> Result<void> {
    const auto row = store::supervisors::find(work.sql(), tenant, session);
    if (!row || row->ended_at) return {};
    if (only_absent && !(row->absent_until && *row->absent_until <= work.now())) return {};
    return finish(work, *row, "system", reason);
  });
}

}  // namespace tw::service
