#include "service/timekeeper.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "service/core.hpp"
#include "service/customer_photos.hpp"
#include "service/guests.hpp"
#include "service/presence_book.hpp"
#include "service/supervision.hpp"
#include "service/work.hpp"
#include "store/agents.hpp"
#include "store/guests.hpp"
#include "store/photos.hpp"
#include "store/supervisors.hpp"

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

bool expire_guest(Core& core, const store::guests::Key& key) {
  const auto done = Guests::leave(core, key.tenant, key.guest, "connection_lost", true);
  if (!done) log::error("a guest's absence could not be executed", {{"code", done.error().code}});
  return done.has_value();
}

bool expire_supervisor(Core& core, const store::supervisors::Key& key) {
  const auto done = Supervision::leave(core, key.tenant, key.session, "connection_lost", true);
  if (!done) log::error("a supervisor's absence could not be executed", {{"code", done.error().code}});
  return done.has_value();
}

/// The page went to the back, or came to the front, and stayed so.
void note_pages(Core& core) {
  for (const auto& change : core.presence().settled_pages(core.now())) {
    const auto done = transact(core, [&](Work& work) -> Result<bool> {
      const auto tenant = store::interviews::tenant_of(work.sql(), change.interview);
      if (!tenant) return false;
      auto record = work.interview(*tenant, change.interview);
      if (!record) return tl::unexpected(record.error());
      const bool running = record->state.status != domain::Status::ended;
      if (!running || (change.away && !record->state.in_room())) return false;
      const boost::json::object data{
          {"visible", change.page.visible}, {"camera", change.page.camera}, {"since", to_rfc3339(change.page.since)}};
      auto noted =
          work.note(*record, {change.away ? "customer_left_page" : "customer_returned", boost::json::serialize(data)});
      if (!noted) return tl::unexpected(noted.error());
      return true;
    });
    if (!done) log::error("a page's event could not be stored", {{"code", done.error().code}});
    if (change.away && (!done || !*done)) core.presence().departure_not_noted(change.interview);
  }
}

struct Due {
  std::vector<store::interviews::Key> interviews;
  std::vector<store::agents::Key> agents;
  std::vector<store::guests::Key> guests;
  std::vector<store::supervisors::Key> supervisors;
  std::vector<store::photos::Key> photos;
  [[nodiscard]] bool empty() const {
    return interviews.empty() && agents.empty() && guests.empty() && supervisors.empty() && photos.empty();
  }
};

}  // namespace

std::optional<WallTime> Timekeeper::run_due() {
  const WallTime now = core_.now();
  bool failed = false;
  note_pages(core_);
  while (!failed) {
    const auto due = core_.database().read([&](store::Connection& connection) -> Result<Due> {
      return Due{store::interviews::due(connection, now, kMostAtOnce), store::agents::due(connection, now, kMostAtOnce),
                 store::guests::due(connection, now, kMostAtOnce),
                 store::supervisors::due(connection, now, kMostAtOnce),
                 store::photos::due(connection, now, kMostAtOnce)};
    });
    failed = !due;
    if (!due || due->empty()) break;
    for (const auto& key : due->interviews) failed |= !tick_interview(core_, key);
    for (const auto& key : due->agents) failed |= !expire_agent(core_, key);
    for (const auto& key : due->guests) failed |= !expire_guest(core_, key);
    for (const auto& key : due->supervisors) failed |= !expire_supervisor(core_, key);
    for (const auto& key : due->photos) failed |= !CustomerPhotos::expire(core_, key);
  }
  std::optional<WallTime> next;
  if (failed) {
    next = core_.now() + kPauseAfterFailure;
  } else {
    const auto first = core_.database().read([&](store::Connection& connection) -> Result<std::optional<WallTime>> {
      std::optional<WallTime> earliest;
      for (const auto& deadline :
           {store::interviews::first_deadline(connection), store::agents::first_deadline(connection),
            store::guests::first_deadline(connection), store::supervisors::first_deadline(connection),
            store::photos::first_deadline(connection), core_.presence().next_page_settles()}) {
        if (deadline && (!earliest || *deadline < *earliest)) earliest = deadline;
      }
      return earliest;
    });
    next = first ? *first : std::optional(core_.now() + kPauseAfterFailure);
  }
  if (next) core_.ports().wake_ups.wake_at(*next);
  return next;
}

}  // namespace tw::service
