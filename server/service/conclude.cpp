#include "service/conclude.hpp"

#include "service/view_builder.hpp"
#include "service/work.hpp"

namespace tw::service {

Result<AgentInterview> Conclude::conclude(const Caller& caller, const std::string& interview,
                                          const NewOutcome& outcome) {
  if (auto allowed = require_user(caller); !allowed) {
    return tl::unexpected(allowed.error());
  }
  const auto done = transact(core_, [&](Work& work) -> Result<InterviewId> {
    auto record = visible_interview(work.sql(), caller, interview);
    if (!record) return tl::unexpected(record.error());
    auto concluded = work.apply(*record, domain::command::Conclude{caller.user(), outcome.kind, outcome.reason});
    if (!concluded) return tl::unexpected(concluded.error());
    return record->state.id;
  });
  if (!done) return tl::unexpected(done.error());
  return core_.database().read([&](store::Connection& connection) -> Result<AgentInterview> {
    const auto record = store::interviews::find(connection, caller.tenant, *done);
    if (!record) return interview_unknown();
    return build_agent_interview(core_, connection, caller, *record);
  });
}

}  // namespace tw::service
