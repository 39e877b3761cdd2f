#include "service/open_outcomes.hpp"

#include <algorithm>

#include "domain/outcome_rules.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"
#include "store/accounts/outcome_rules.hpp"
#include "store/customers.hpp"

namespace tw::service {

Result<AgentInterview> OpenOutcomes::defer(const Caller& caller, const std::string& interview) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  const auto done = transact(core_, [&](Work& work) -> Result<InterviewId> {
    auto record = visible_interview(work.sql(), caller, interview);
    if (!record) return tl::unexpected(record.error());
    const WallTime until = work.now() + store::outcome_deadline(work.sql(), caller.tenant);
    auto deferred = work.apply(*record, domain::command::Defer{caller.user(), until});
    if (!deferred) return tl::unexpected(deferred.error());
    return record->state.id;
  });
  if (!done) return tl::unexpected(done.error());
  return core_.database().read([&](store::Connection& connection) -> Result<AgentInterview> {
    const auto record = store::interviews::find(connection, caller.tenant, *done);
    if (!record) return interview_unknown();
    return build_agent_interview(core_, connection, caller, *record);
  });
}

Result<std::vector<OpenOutcomeView>> OpenOutcomes::list(const Caller& caller) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  return core_.database().read([&](store::Connection& connection) -> Result<std::vector<OpenOutcomeView>> {
    store::InterviewSelection selection;
    selection.limit = kMostListed;
    selection.deferred_by = caller.user();
    const auto lead = domain::reminder_lead(store::outcome_deadline(connection, caller.tenant));
    std::vector<OpenOutcomeView> views;
    for (const auto& record : store::interviews::select(connection, caller.tenant, selection)) {
      const domain::Interview& s = record.state;
      const auto customer = store::customers::find(connection, caller.tenant, record.customer);
      views.push_back({s.id, record.business_id, customer ? customer->nick_name : std::string(), s.ended_at,
                       *s.outcome_until, *s.outcome_until - lead, s.outcome_overdue});
    }
    std::ranges::sort(views, {}, &OpenOutcomeView::until);
    return views;
  });
}

}  // namespace tw::service
