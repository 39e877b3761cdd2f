#include "service/timekeeper.hpp"

#include "base/log.hpp"
#include "service/core.hpp"
#include "service/work.hpp"
#include "store/agents.hpp"

namespace tw::service {
namespace {

constexpr std::size_t kMostAtOnce = 100;               // of one read, so that a long list is worked off in pieces
constexpr std::chrono::seconds kPauseAfterFailure{1};  // a store that fails is not asked again in a loop

bool tick_interview(Core& core, const store::interviews::Key& key) {
  const auto done = transact(core, [&](Work& work) -> Result<void> {
    auto record = work.interview(key.tenant, key.id);
    if (!record) return tl::unexpected(record.error());
    auto ticked = work.apply(*record, domain::command::Tick{});
    if (!ticked) return tl::unexpected(ticked.error());
    return {};
  });
  if (!done) log::error("a deadline could not be executed", {{"interview", key.id.str()}, {"code", done.error().code}});
  return done.has_value();
}

bool expire_agent(Core& core, const store::agents::Key& key) {
  const auto done = transact(core, [&](Work& work) -> Result<void> {
    const domain::Agent before = work.agent(key.tenant, key.agent);
    domain::Agent after = before;
    (void)domain::expire_absence(after, work.now());
    work.save_agent(key.tenant, before, after);
    return {};
  });
  if (!done) log::error("an absence could not be executed", {{"agent", key.agent.str()}, {"code", done.error().code}});
  return done.has_value();
}

struct Due {
  std::vector<store::interviews::Key> interviews;
  std::vector<store::agents::Key> agents;
};

}  // namespace

std::optional<WallTime> Timekeeper::run_due() {
  const WallTime now = core_.now();
  bool failed = false;
  while (!failed) {
    const auto due = core_.database().read([&](store::Connection& connection) -> Result<Due> {
      return Due{store::interviews::due(connection, now, kMostAtOnce),
                 store::agents::due(connection, now, kMostAtOnce)};
    });
    failed = !due;
    if (!due || (due->interviews.empty() && due->agents.empty())) break;
    for (const auto& key : due->interviews) failed |= !tick_interview(core_, key);
    for (const auto& key : due->agents) failed |= !expire_agent(core_, key);
  }
  std::optional<WallTime> next;
  if (failed) {
    next = core_.now() + kPauseAfterFailure;
  } else {
    const auto first = core_.database().read([&](store::Connection& connection) -> Result<std::optional<WallTime>> {
      const auto interviews = store::interviews::first_deadline(connection);
      const auto agents = store::agents::first_deadline(connection);
      if (!interviews || (agents && *agents < *interviews)) return agents;
      return interviews;
    });
    next = first ? *first : std::optional(core_.now() + kPauseAfterFailure);
  }
  if (next) core_.ports().wake_ups.wake_at(*next);
  return next;
}

}  // namespace tw::service
