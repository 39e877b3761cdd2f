#include "service/transfers.hpp"

#include "service/view_builder.hpp"
#include "service/work.hpp"
#include "store/accounts/queues.hpp"
#include "store/accounts/users.hpp"
#include "store/agents.hpp"

namespace tw::service {
namespace {

tl::unexpected<Error> target_unknown() {
  return fail(ErrorKind::not_found, "transfer.target_unknown", "There is no such agent or queue.");
}

/// Runs `change(Work&, record)` on an interview that the caller may see, and answers with what they see then.
template <class Change>
Result<AgentInterview> on_call(Core& core, const Caller& caller, const std::string& interview, Change&& change) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  const auto done = transact(core, [&](Work& work) -> Result<InterviewId> {
    auto record = visible_interview(work.sql(), caller, interview);
    if (!record) return tl::unexpected(record.error());
    Result<domain::Events> events = change(work, *record);
    if (!events) return tl::unexpected(events.error());
    return record->state.id;
  });
  if (!done) return tl::unexpected(done.error());
  return core.database().read([&](store::Connection& connection) -> Result<AgentInterview> {
    const auto record = store::interviews::find(connection, caller.tenant, *done);
    if (!record) return interview_unknown();
    return build_agent_interview(core, connection, caller, *record);
  });
}

/// A colleague who can be rung now. The caller themselves is left to the rules, which know the better answer.
Result<AgentId> free_agent(Work& work, const Caller& caller, const std::string& text) {
  const auto id = AgentId::parse(text);
  const auto user = id ? store::find_user(work.sql(), caller.tenant, *id) : std::nullopt;
  if (!user || !user->enabled) return target_unknown();
  if (*id != caller.user() && !work.agent(caller.tenant, *id).may_be_rung()) {
    return fail(ErrorKind::conflict, "transfer.agent_unavailable", "This agent cannot be rung now.");
  }
  return *id;
}

/// A queue in which somebody could be rung sooner or later.
Result<QueueId> served_queue(Work& work, const Caller& caller, const std::string& text) {
  const auto id = QueueId::parse(text);
  const auto queue = id ? store::admin_queue(work.sql(), caller.tenant, *id) : std::nullopt;
  if (!queue || !queue->enabled) return target_unknown();
  if (store::agents::online_besides(work.sql(), caller.tenant, *id, caller.user()) == 0) {
    return fail(ErrorKind::conflict, "transfer.nobody_online", "Nobody else of this queue is online.");
  }
  return *id;
}

}  // namespace

Result<TransferTargets> Transfers::targets(const Caller& caller) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  return core_.database().read([&](store::Connection& connection) -> Result<TransferTargets> {
    TransferTargets targets;
    for (const auto& colleague : store::agents::colleagues(connection, caller.tenant, caller.user(), kMostTargets)) {
      targets.agents.push_back(
          {colleague.agent.id, colleague.display_name, colleague.agent.may_be_rung(), colleague.agent.presence});
    }
    for (const auto& queue : store::admin_queues(connection, caller.tenant)) {
      if (!queue.enabled) continue;
      targets.queues.push_back({queue.id, queue.name,
                                store::agents::online_besides(connection, caller.tenant, queue.id, caller.user()),
                                static_cast<std::int64_t>(waiting_line(connection, caller.tenant, queue.id).size())});
    }
    return targets;
  });
}

Result<AgentInterview> Transfers::start(const Caller& caller, const std::string& interview, const NewTransfer& wanted) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  if (wanted.agent.empty() == wanted.queue.empty()) {
    return fail(ErrorKind::unprocessable, "transfer.target_invalid", "Name either an agent or a queue.");
  }
  if (core_.draining()) {
    return fail(ErrorKind::unavailable, "server.draining", "The server is about to stop; finish the call here.");
  }
  return on_call(core_, caller, interview, [&](Work& work, store::InterviewRecord& record) -> Result<domain::Events> {
    domain::command::StartTransfer command{caller.user(), std::nullopt, std::nullopt, wanted.note};
    const bool mine = record.state.status == domain::Status::talking && record.state.agent == caller.user();
    if (!mine || !wanted.agent.empty()) command.target = caller.user();  // refused by the rules unless replaced below
    if (mine && !wanted.agent.empty()) {
      auto agent = free_agent(work, caller, wanted.agent);
      if (!agent) return tl::unexpected(agent.error());
      command.target = std::move(*agent);
    }
    if (mine && !wanted.queue.empty()) {
      auto queue = served_queue(work, caller, wanted.queue);
      if (!queue) return tl::unexpected(queue.error());
      command.queue = std::move(*queue);
    }
    return work.apply(record, command);
  });
}

Result<AgentInterview> Transfers::cancel(const Caller& caller, const std::string& interview) {
  return on_call(core_, caller, interview, [&](Work& work, store::InterviewRecord& record) {
    return work.apply(record, domain::command::CancelTransfer{caller.user()});
  });
}

Result<AgentInterview> Transfers::hold(const Caller& caller, const std::string& interview) {
  return on_call(core_, caller, interview, [&](Work& work, store::InterviewRecord& record) {
    return work.apply(record, domain::command::Hold{caller.user()});
  });
}

Result<AgentInterview> Transfers::resume(const Caller& caller, const std::string& interview) {
  return on_call(core_, caller, interview, [&](Work& work, store::InterviewRecord& record) {
    return work.apply(record, domain::command::Resume{caller.user()});
  });
}

}  // namespace tw::service
