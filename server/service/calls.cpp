#include "service/calls.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "service/presence_book.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"
#include "store/agents.hpp"
#include "store/guests.hpp"
#include "store/supervisors.hpp"

namespace tw::service {
namespace {

using domain::Status;

void complain(const char* what, const Result<void>& done) {
  if (!done) log::error("presence could not be stored", {{"what", what}, {"code", done.error().code}});
}

}  // namespace

Result<AgentInterview> Calls::agent_interview(const Caller& caller, const std::string& interview) {
  if (auto allowed = require_user(caller); !allowed) {
    return tl::unexpected(allowed.error());
  }
  return core_.database().read([&](store::Connection& connection) -> Result<AgentInterview> {
    const auto record = visible_interview(connection, caller, interview);
    if (!record) return tl::unexpected(record.error());
    const domain::Interview& s = record->state;
    const bool with_another = s.agent && s.agent != caller.user() && !s.rings_at(caller.user());
    // Whoever handed it over still wraps it up.
    const bool wraps_up = store::agents::find(connection, caller.tenant, caller.user()).interview == s.id;
    if (with_another && !wraps_up && !caller.is_administrator()) {
      return fail(ErrorKind::conflict, "interview.not_yours", "Another agent conducts this interview.");
    }
    return build_agent_interview(core_, connection, caller, *record);
  });
}

Result<AgentInterview> Calls::set_orientation(const Caller& caller, const std::string& interview,
                                              const std::string& orientation) {
  if (auto allowed = require_user(caller); !allowed) {
    return tl::unexpected(allowed.error());
  }
  return transact(core_, [&](Work& work) -> Result<AgentInterview> {
    auto record = visible_interview(work.sql(), caller, interview);
    if (!record) return tl::unexpected(record.error());
    if (record->state.status != Status::talking) {
      return fail(ErrorKind::conflict, "interview.not_talking", "Only a call that runs is shown.");
    }
    if (record->state.agent != caller.user()) {
      return fail(ErrorKind::conflict, "interview.not_yours", "Another agent conducts this interview.");
    }
    if (orientation_of(work.sql(), caller.tenant, record->state.id) != orientation) {
      store::interviews::set_orientation(work.sql(), caller.tenant, record->state.id, orientation);
      const boost::json::object data{{"orientation", orientation}, {"agentId", caller.id}};
      if (auto noted = work.note(*record, {"orientation_asked", boost::json::serialize(data)}); !noted) {
        return tl::unexpected(noted.error());
      }
    }
    return build_agent_interview(core_, work.sql(), caller, *record);
  });
}

void Connections::customer_socket_opened(const Caller& customer) {
  core_.presence().customer_socket(customer.interview, +1);
  customer_changed(customer.tenant, customer.interview);
}

void Connections::customer_socket_closed(const Caller& customer) {
  core_.presence().customer_socket(customer.interview, -1);
  customer_changed(customer.tenant, customer.interview);
}

void Connections::agent_socket_opened(const Caller& user) {
  core_.presence().agent_socket(user.user(), +1);
  agent_changed(user.tenant, user.user());
  supervisions_changed(user.tenant, user.user());
}

void Connections::agent_socket_closed(const Caller& user) {
  core_.presence().agent_socket(user.user(), -1);
  agent_changed(user.tenant, user.user());
  supervisions_changed(user.tenant, user.user());
}

void Connections::guest_socket_opened(const Caller& guest) {
  core_.presence().guest_socket(GuestId::trusted(guest.id), +1);
  guest_changed(guest.tenant, guest.interview, GuestId::trusted(guest.id));
}

void Connections::guest_socket_closed(const Caller& guest) {
  core_.presence().guest_socket(GuestId::trusted(guest.id), -1);
  guest_changed(guest.tenant, guest.interview, GuestId::trusted(guest.id));
}

/// The deadline of the customer's absence starts or stops; the other side sees the connection either way.
void Connections::customer_changed(const TenantId& tenant, const InterviewId& interview) {
  complain("customer", transact(core_, [&](Work& work) -> Result<void> {
             auto record = work.interview(tenant, interview);
             if (!record) return tl::unexpected(record.error());
             if (record->state.status == Status::ended) {
               core_.presence().interview_ended(interview);
               return {};
             }
             const domain::Command command = core_.presence().customer_present(interview)
                                                 ? domain::Command{domain::command::CustomerBack{}}
                                                 : domain::Command{domain::command::CustomerGone{}};
             if (auto applied = work.apply(*record, command); !applied) return tl::unexpected(applied.error());
             work.effects.interviews_changed.emplace(tenant, interview);
             return {};
           }));
}

void Connections::agent_changed(const TenantId& tenant, const AgentId& agent) {
  complain("agent", transact(core_, [&](Work& work) -> Result<void> {
             const domain::Agent before = work.agent(tenant, agent);
             domain::Agent after = before;
             const bool page = core_.presence().agent_has_page(agent);
             domain::set_connected(after, page, work.now(), work.timing());
             work.save_agent(tenant, before, after);
             if (!after.interview) return {};
             auto record = work.interview(tenant, *after.interview);
             if (!record) return tl::unexpected(record.error());
             if (record->state.rings_at(agent) && !page) {
               auto withdrawn = work.apply(*record, domain::command::WithdrawRing{agent});
               return withdrawn ? Result<void>{} : tl::unexpected(withdrawn.error());
             }
             if (record->state.status != Status::talking || record->state.agent != agent) return {};
             const domain::Command command = core_.presence().agent_present(agent, record->state.id)
                                                 ? domain::Command{domain::command::AgentBack{}}
                                                 : domain::Command{domain::command::AgentGone{}};
             if (auto applied = work.apply(*record, command); !applied) return tl::unexpected(applied.error());
             work.effects.interviews_changed.emplace(tenant, record->state.id);
             return {};
           }));
}

void Connections::media_session(const media::SessionEvent& event) {
  const auto interview = InterviewId::parse(event.room);
  if (!interview) return;
  const auto part = domain::part_of(event.participant);
  if (!part) return;
  const auto change = core_.presence().media_session(*interview, event.participant, event.session, event.stream.name,
                                                     event.publisher, event.state);
  if (!change.shown) return;
  const auto found = core_.database().read([&](store::Connection& connection) -> Result<store::InterviewRecord> {
    const auto tenant = store::interviews::tenant_of(connection, *interview);
    auto record = tenant ? store::interviews::find(connection, *tenant, *interview) : std::nullopt;
    if (!record) return interview_unknown();
    return std::move(*record);
  });
  if (!found) return;
  if (change.screen_started || change.screen_stopped) {
    note_screen(core_, *interview, event.participant, change.screen_started);
  }
  switch (*part) {
    case domain::Part::customer: return customer_changed(found->tenant, *interview);
    case domain::Part::agent:
      if (found->state.agent) agent_changed(found->tenant, *found->state.agent);
      return;
    case domain::Part::guest: return guest_changed(found->tenant, *interview, GuestId::trusted(event.participant));
    case domain::Part::supervisor:
      return supervisor_changed(found->tenant, *interview, SupervisorId::trusted(event.participant));
    case domain::Part::player: return core_.ports().notifier.interview_changed(found->tenant, *interview);
  }
}

void Connections::media_published(const InterviewId& interview, const std::string& participant,
                                  const std::string& session, const StreamView& stream) {
  core_.presence().media_published(interview, participant, session, stream);
}

/// A guest who is not there for long has left; until then their place is kept. Nobody else's call depends on it.
void Connections::guest_changed(const TenantId& tenant, const InterviewId& interview, const GuestId& guest) {
  complain("guest", transact(core_, [&](Work& work) -> Result<void> {
             auto row = store::guests::find(work.sql(), tenant, guest);
             if (!row || row->status != domain::GuestStatus::joined) return {};
             const bool present = core_.presence().guest_present(interview, guest);
             if (present) row->absent_until.reset();
             if (!present && !row->absent_until) {
               row->absent_until = work.now() + work.timing().customer_absence;
               work.effects.wake_at = row->absent_until;
             }
             store::guests::update(work.sql(), *row);
             work.effects.interviews_changed.emplace(tenant, interview);
             return {};
           }));
}

void Connections::supervisor_changed(const TenantId& tenant, const InterviewId& interview,
                                     const SupervisorId& supervisor) {
  complain("supervisor", transact(core_, [&](Work& work) -> Result<void> {
             auto row = store::supervisors::find(work.sql(), tenant, supervisor);
             if (!row || row->ended_at) return {};
             const bool present = core_.presence().supervisor_present(interview, supervisor, row->user);
             if (present) row->absent_until.reset();
             if (!present && !row->absent_until) {
               row->absent_until = work.now() + work.timing().agent_absence;
               work.effects.wake_at = row->absent_until;
             }
             store::supervisors::update(work.sql(), *row);
             work.effects.interviews_changed.emplace(tenant, interview);
             // A publisher that was admitted just before its mode ended.
             work.effects.rights_changed.emplace(interview, supervisor);
             return {};
           }));
}

void Connections::supervisions_changed(const TenantId& tenant, const AgentId& user) {
  const auto sessions = core_.database().read([&](store::Connection& connection) {
    return Result<std::vector<store::SupervisorRow>>(store::supervisors::of_user(connection, tenant, user));
  });
  if (!sessions) return;
  for (const auto& session : *sessions) supervisor_changed(tenant, session.interview, session.id);
}

void Connections::customer_page(const Caller& caller, bool visible, const std::string& camera) {
  if (caller.kind != CallerKind::customer) return;
  const auto settles = core_.presence().customer_page(caller.interview, visible, camera, core_.now());
  if (settles) core_.ports().wake_ups.wake_at(*settles);
  core_.ports().notifier.interview_changed(caller.tenant, caller.interview);
}

void Connections::customer_device(const Caller& caller, const std::string& device, const std::string& state) {
  if (caller.kind != CallerKind::customer) return;
  complain("device", transact(core_, [&](Work& work) -> Result<void> {
             auto record = work.interview(caller.tenant, caller.interview);
             if (!record) return tl::unexpected(record.error());
             if (!record->state.in_room()) return {};
             const auto news = core_.presence().customer_device(caller.interview, device, state, work.now());
             work.effects.interviews_changed.emplace(caller.tenant, caller.interview);
             if (news == PresenceBook::DeviceNews::none) return {};
             const bool back = news == PresenceBook::DeviceNews::back;
             const boost::json::object data{{"device", device}, {"state", state}};
             return work.note(*record,
                              {back ? "customer_device_back" : "customer_device_lost", boost::json::serialize(data)});
           }));
}

void Connections::media_quality(const media::SessionQuality& quality) {
  const auto interview = InterviewId::parse(quality.room);
  const auto part = domain::part_of(quality.participant);
  if (!interview || !part) return;
  const double loss_percent = quality.loss_fraction * 100.0;
  if (quality.publisher) {
    core_.presence().quality(*interview, quality.participant,
                             {quality.round_trip_ms, loss_percent, quality.bitrate_bps});
  }
  const auto change = core_.presence().network(*interview,
                                               {quality.participant, quality.session, quality.publisher,
                                                quality.round_trip_ms, loss_percent, quality.bitrate_bps / 1'000},
                                               core_.ports().clock.steady_now());
  // Whether a supervisor listens is nothing that an interview's record tells by their network.
  if (change.turn && *part != domain::Part::supervisor) note_network(*interview, *change.turn);
  if (change.tell) core_.ports().notifier.networks_changed(*interview, *change.tell);
}

void Connections::note_network(const InterviewId& interview, const NetworkTurn& turn) {
  complain("network", transact(core_, [&](Work& work) -> Result<void> {
             const auto tenant = store::interviews::tenant_of(work.sql(), interview);
             if (!tenant) return interview_unknown();
             auto record = work.interview(*tenant, interview);
             if (!record) return tl::unexpected(record.error());
             if (record->state.status != Status::talking) return {};
             return work.note(*record,
                              {turn.poor ? "network_poor" : "network_recovered",
                               boost::json::serialize(boost::json::object{{"participant", turn.participant}})});
           }));
}

void Connections::page_quality(const Caller& caller, const QualityView& quality) {
  if (caller.kind != CallerKind::customer) return;
  core_.presence().quality(caller.interview, kCustomerSide, quality);
  core_.ports().notifier.interview_changed(caller.tenant, caller.interview);
}

}  // namespace tw::service
