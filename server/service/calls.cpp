#include "service/calls.hpp"

#include "base/log.hpp"
#include "service/media_tokens.hpp"
#include "service/presence_book.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"

namespace tw::service {
namespace {

using domain::Status;

void complain(const char* what, const Result<void>& done) {
  if (!done) log::error("presence could not be stored", {{"what", what}, {"code", done.error().code}});
}

}  // namespace

Result<AgentInterview> Calls::agent_interview(const Caller& caller, const std::string& interview) {
  if (auto allowed = require(caller, {CallerKind::agent, CallerKind::administrator}); !allowed) {
    return tl::unexpected(allowed.error());
  }
  return core_.database().read([&](store::Connection& connection) -> Result<AgentInterview> {
    const auto record = visible_interview(connection, caller, interview);
    if (!record) return tl::unexpected(record.error());
    const bool with_another = record->state.agent && record->state.agent != caller.user();
    if (with_another && !caller.is_administrator()) {
      return fail(ErrorKind::conflict, "interview.not_yours", "Another agent conducts this interview.");
    }
    return build_agent_interview(core_, connection, caller, *record);
  });
}

Result<MediaGrant> MediaAccess::authorize(std::string_view token) {
  const auto claims = read_media_token(token, core_.now(), core_.media_key());
  const auto invalid = [] { return fail(ErrorKind::unauthenticated, "auth.invalid", "The media token is not valid."); };
  if (!claims) return invalid();
  return core_.database().read([&](store::Connection& connection) -> Result<MediaGrant> {
    const auto record = store::interviews::find(connection, claims->tenant, claims->interview);
    if (!record) return invalid();
    const domain::Interview& s = record->state;
    if (s.status == Status::ended) return fail(ErrorKind::gone, "interview.ended", "The interview has ended.");
    if (s.status != Status::ringing && s.status != Status::talking) {
      return fail(ErrorKind::conflict, "interview.not_ringing", "Media begins when an agent is rung.");
    }
    if (claims->side == kAgentSide && (!s.agent || s.agent->str() != claims->agent)) return invalid();
    return MediaGrant{claims->tenant, claims->interview, claims->side};
  });
}

std::vector<IceServerView> MediaAccess::ice_servers(const MediaGrant& grant) const {
  return ice_servers_for(core_.settings().ice_servers, grant.side, core_.now());
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
}

void Connections::agent_socket_closed(const Caller& user) {
  core_.presence().agent_socket(user.user(), -1);
  agent_changed(user.tenant, user.user());
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
             if (record->state.status == Status::ringing && !page) {
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
  if (!core_.presence().media_session(*interview, event.participant, event.session, event.publisher, event.state)) {
    return;
  }
  const auto found = core_.database().read([&](store::Connection& connection) -> Result<store::InterviewRecord> {
    const auto tenant = store::interviews::tenant_of(connection, *interview);
    auto record = tenant ? store::interviews::find(connection, *tenant, *interview) : std::nullopt;
    if (!record) return interview_unknown();
    return std::move(*record);
  });
  if (!found) return;
  if (event.participant == kCustomerSide) return customer_changed(found->tenant, *interview);
  if (found->state.agent) agent_changed(found->tenant, *found->state.agent);
}

void Connections::media_quality(const media::SessionQuality& quality) {
  const auto interview = InterviewId::parse(quality.room);
  if (!interview || !quality.publisher) return;
  core_.presence().quality(*interview, quality.participant,
                           {quality.round_trip_ms, quality.loss_fraction * 100.0, quality.bitrate_bps});
}

void Connections::page_quality(const Caller& caller, const QualityView& quality) {
  if (caller.kind != CallerKind::customer) return;
  core_.presence().quality(caller.interview, kCustomerSide, quality);
  core_.ports().notifier.interview_changed(caller.tenant, caller.interview);
}

}  // namespace tw::service
