#include "service/accounts/admin_queues.hpp"

#include "service/accounts/rules.hpp"
#include "store/accounts/audit.hpp"
#include "store/accounts/queues.hpp"
#include "store/database.hpp"

namespace tw::service {
namespace {

AdminQueue to_view(const store::AdminQueueRow& row) {
  return {row.id, row.number, row.name, row.enabled, row.waiting, row.agents_online, row.created_at};
}

tl::unexpected<Error> in_use(std::string message) {
  return fail(ErrorKind::conflict, "queue.in_use", std::move(message));
}
tl::unexpected<Error> name_taken() {
  return fail(ErrorKind::conflict, "queue.name_taken", "There is a queue of this name; choose another one.");
}

/// The queue of this id, or what to answer.
Result<store::AdminQueueRow> find(store::Connection& connection, const TenantId& tenant, const std::string& id) {
  const auto queue_id = QueueId::parse(id);
  auto row = queue_id ? store::admin_queue(connection, tenant, *queue_id) : std::nullopt;
  if (!row) return not_found();
  return std::move(*row);
}

}  // namespace

AdminQueues::AdminQueues(AccountsContext context) : context_(context) {}

Result<std::vector<AdminQueue>> AdminQueues::list(const Caller& caller) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  return context_.database.read([&](store::Connection& connection) -> Result<std::vector<AdminQueue>> {
    std::vector<AdminQueue> queues;
    for (const auto& row : store::admin_queues(connection, caller.tenant)) queues.push_back(to_view(row));
    return queues;
  });
}

Result<AdminQueue> AdminQueues::create(const Caller& caller, const std::string& name) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  if (auto good = check_name("name", name); !good) return tl::unexpected(good.error());
  const WallTime now = context_.clock.wall_now();
  return context_.database.write([&](store::Transaction& transaction) -> Result<AdminQueue> {
    if (store::is_queue_name_taken(transaction, caller.tenant, name)) return name_taken();
    if (store::admin_queues(transaction, caller.tenant).size() >= static_cast<std::size_t>(kMostQueues)) {
      return fail(ErrorKind::conflict, "queue.too_many",
                  "There are as many queues as there may be; delete or rename one.");
    }
    const store::AdminQueueRow row{
        QueueId::make(now, context_.random), transaction.next_number(caller.tenant, "queue"), name, true, now, 0, 0};
    store::add_queue(transaction, caller.tenant, row);
    store::append_audit(transaction,
                        {caller.tenant, now, caller.actor(), "queue.created", row.id.str(), json_of({{"name", name}})},
                        context_.random);
    return to_view(row);
  });
}

Result<AdminQueue> AdminQueues::update(const Caller& caller, const std::string& id, const Change& change) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  if (change.name) {
    if (auto good = check_name("name", *change.name); !good) return tl::unexpected(good.error());
  }
  auto changed = context_.database.write([&](store::Transaction& transaction) -> Result<AdminQueue> {
    auto row = find(transaction, caller.tenant, id);
    if (!row) return tl::unexpected(row.error());
    if (change.name && *change.name != row->name) {
      if (store::is_queue_name_taken(transaction, caller.tenant, *change.name)) return name_taken();
      row->name = *change.name;
    }
    if (change.enabled && !*change.enabled && row->enabled && row->waiting > 0) {
      return in_use("Customers wait in the queue; disable it when nobody waits.");
    }
    row->enabled = change.enabled.value_or(row->enabled);
    store::change_queue(transaction, caller.tenant, *row);
    store::append_audit(transaction,
                        {caller.tenant, context_.clock.wall_now(), caller.actor(), "queue.changed", row->id.str(),
                         json_of({{"name", row->name}, {"enabled", row->enabled ? "true" : "false"}})},
                        context_.random);
    return to_view(*row);
  });
  if (changed) context_.notifier.queue_changed(caller.tenant, changed->id);
  return changed;
}

Result<void> AdminQueues::remove(const Caller& caller, const std::string& id) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return allowed;
  auto removed = context_.database.write([&](store::Transaction& transaction) -> Result<QueueId> {
    auto row = find(transaction, caller.tenant, id);
    if (!row) return tl::unexpected(row.error());
    if (store::was_queue_used(transaction, caller.tenant, row->id)) {
      return in_use("Interviews were made for the queue, and their records name it; disable it instead.");
    }
    store::remove_queue(transaction, caller.tenant, row->id);
    store::append_audit(transaction,
                        {caller.tenant, context_.clock.wall_now(), caller.actor(), "queue.deleted", row->id.str(),
                         json_of({{"name", row->name}})},
                        context_.random);
    return row->id;
  });
  if (!removed) return tl::unexpected(removed.error());
  context_.notifier.queue_changed(caller.tenant, *removed);
  return {};
}

}  // namespace tw::service
