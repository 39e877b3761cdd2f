#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "domain/agent.hpp"
#include "domain/interview.hpp"
#include "domain/people.hpp"
#include "service/caller.hpp"
#include "service/core.hpp"
#include "store/database.hpp"
#include "store/interviews.hpp"

namespace tw::service {

/// What has to happen once a transaction is committed: rooms, news for pages, wake-ups. Collected inside, performed
/// outside, because rooms and sockets must never be waited for with the database's lock held.
struct Effects {
  std::set<InterviewId> rooms_to_open;
  std::set<InterviewId> recordings_to_stop;
  std::set<InterviewId> agents_to_disconnect;
  std::set<std::pair<InterviewId, std::string>> people_to_disconnect;  ///< guests and supervisors who are out
  std::set<std::pair<InterviewId, SupervisorId>> rights_changed;       ///< close what they may publish no longer
  std::set<std::pair<InterviewId, std::string>> to_hold;
  std::set<std::pair<InterviewId, std::string>> to_resume;
  std::set<InterviewId> rooms_to_close;
  std::set<std::pair<TenantId, InterviewId>> interviews_changed;
  std::set<std::pair<TenantId, QueueId>> queues_changed;
  std::set<std::pair<TenantId, AgentId>> desks_changed;
  std::optional<WallTime> wake_at;
  bool outbox_written = false;
  bool jobs_written = false;
};
void perform(Core& core, const Effects& effects);
/// Closes what this supervisor publishes and may not in their present mode.
void close_forbidden(Core& core, const InterviewId& interview, const SupervisorId& supervisor);

/// One command: a transaction in which interviews are changed by the domain's rules, with everything that follows from
/// it in the same transaction: timeline, agents, recording parts, outbox, jobs, and whoever is to be rung now.
class Work {
 public:
  Work(Core& core, store::Transaction& transaction);

  [[nodiscard]] Core& core() { return core_; }
  [[nodiscard]] store::Transaction& sql() { return sql_; }
  [[nodiscard]] WallTime now() const { return now_; }
  [[nodiscard]] const domain::Timing& timing() const { return timing_; }

  /// `interview.unknown` (404).
  [[nodiscard]] Result<store::InterviewRecord> interview(const TenantId& tenant, const InterviewId& id);
  [[nodiscard]] Result<domain::Events> apply(store::InterviewRecord& record, const domain::Command& command);
  /// Entries of the timeline that no command brings (a photo was taken, a recording is ready).
  [[nodiscard]] Result<void> note(store::InterviewRecord& record, const domain::Event& event);
  /// A photo was made or given up, and its row says so: one that ended meanwhile tells its exit once none is left.
  void photo_settled(const store::InterviewRecord& record) { tell_exit(record); }
  [[nodiscard]] domain::Agent agent(const TenantId& tenant, const AgentId& id);
  /// Stores the agent if it differs from `before`, and lets waiting customers be rung there.
  void save_agent(const TenantId& tenant, const domain::Agent& before, const domain::Agent& after);
  /// Whoever waits is rung at whoever is idle. Called at the end of every command that could have made either.
  [[nodiscard]] Result<void> route();

  Effects effects;

 private:
  void follow_agents(const store::InterviewRecord& record, const domain::Interview& before);
  void follow_room(const store::InterviewRecord& record, const domain::Interview& before);
  void follow_people(const store::InterviewRecord& record, const domain::Interview& before);
  void follow_recording(store::InterviewRecord& record, const domain::Interview& before);
  void tell_outbox(const store::InterviewRecord& record, const domain::Interview& before, const domain::Events& events);
  void give_receipt(store::InterviewRecord& record);
  void tell_exit(const store::InterviewRecord& record);
  [[nodiscard]] Result<void> store_record(store::InterviewRecord& record, const domain::Events& events);
  void wake_at(const std::optional<WallTime>& when);

  Core& core_;
  store::Transaction& sql_;
  WallTime now_;
  domain::Timing timing_;
  std::set<TenantId> to_route_;
};

/// A screen began or ceased to be shared: a line of the timeline.
void note_screen(Core& core, const InterviewId& interview, const std::string& participant, bool started);

/// Runs `command(Work&)` in one transaction, rings whoever can be rung, commits, then performs the effects.
template <class Command>
auto transact(Core& core, Command&& command) -> std::invoke_result_t<Command, Work&> {
  Effects effects;
  auto result = core.database().write([&](store::Transaction& transaction) -> std::invoke_result_t<Command, Work&> {
    Work work(core, transaction);
    auto done = command(work);
    if (!done) return done;
    if (auto routed = work.route(); !routed) return tl::unexpected(routed.error());
    effects = std::move(work.effects);
    return done;
  });
  if (result) perform(core, effects);
  return result;
}

/// The one answer for ids that are malformed, unknown, another tenant's or of a queue that is not served.
[[nodiscard]] tl::unexpected<Error> interview_unknown();
[[nodiscard]] Result<InterviewId> parse_interview_id(const std::string& text);
[[nodiscard]] bool may_see(store::Connection& connection, const Caller& caller, const store::InterviewRecord& record);
/// The user who conducts the interview, or did last: `interview.not_talking` (409) when nobody has yet,
/// `interview.not_yours` (409) for others.
[[nodiscard]] Result<void> require_conductor(const store::InterviewRecord& record, const Caller& caller);
/// The interview as this caller may see it: API keys and administrators all of the tenant; agents those of their queues
/// and their own; customers and guests the one of their session.
[[nodiscard]] Result<store::InterviewRecord> visible_interview(store::Connection& connection, const Caller& caller,
                                                               const std::string& id);

}  // namespace tw::service
