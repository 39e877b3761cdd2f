#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/database.hpp"

namespace tw::store {

/// A queue as its administrator sees it.
struct AdminQueueRow {
  QueueId id;
  std::int64_t number = 0;
  std::string name;
  bool enabled = true;
  WallTime created_at;
  std::int64_t waiting = 0;        ///< customers who wait or are being rung for
  std::int64_t agents_online = 0;  ///< enabled agents of it who are online with a page open
};
[[nodiscard]] std::vector<AdminQueueRow> admin_queues(Connection& connection, const TenantId& tenant);
[[nodiscard]] std::optional<AdminQueueRow> admin_queue(Connection& connection, const TenantId& tenant,
                                                       const QueueId& id);
[[nodiscard]] bool is_queue_name_taken(Connection& connection, const TenantId& tenant, const std::string& name);
/// An interview was made for it, whatever became of it.
[[nodiscard]] bool was_queue_used(Connection& connection, const TenantId& tenant, const QueueId& id);
void add_queue(Transaction& transaction, const TenantId& tenant, const AdminQueueRow& row);
/// Name and whether it is enabled.
void change_queue(Transaction& transaction, const TenantId& tenant, const AdminQueueRow& row);
void remove_queue(Transaction& transaction, const TenantId& tenant, const QueueId& id);

}  // namespace tw::store
