#include "store/accounts/queues.hpp"

namespace tw::store {
namespace {

const std::string kSelect =
    "SELECT q.id, q.number, q.name, q.enabled, q.created_at, "
    "(SELECT COUNT(*) FROM interviews i WHERE i.tenant_id = q.tenant_id AND i.queue_id = q.id AND i.status IN "
    "('queued', 'ringing')), "
    "(SELECT COUNT(*) FROM user_queues uq JOIN users u ON u.tenant_id = uq.tenant_id AND u.id = uq.user_id "
    "JOIN agent_states s ON s.tenant_id = uq.tenant_id AND s.agent_id = uq.user_id "
    "WHERE uq.tenant_id = q.tenant_id AND uq.queue_id = q.id AND u.enabled = 1 AND s.presence = 'online' AND "
    "s.connected = 1) "
    "FROM queues q WHERE q.tenant_id = :tenant ";

AdminQueueRow to_queue(const Row& row) {
  return {row.id<QueueId>(0), row.i64(1), row.text(2), row.flag(3), row.time(4), row.i64(5), row.i64(6)};
}

}  // namespace

std::vector<AdminQueueRow> admin_queues(Connection& connection, const TenantId& tenant) {
  std::vector<AdminQueueRow> queues;
  for (const Row& row : connection.query(kSelect + "ORDER BY q.number", {{"tenant", tenant}}))
    queues.push_back(to_queue(row));
  return queues;
}

std::optional<AdminQueueRow> admin_queue(Connection& connection, const TenantId& tenant, const QueueId& id) {
  const auto row = connection.first(kSelect + "AND q.id = :id", {{"tenant", tenant}, {"id", id}});
  return row ? std::optional(to_queue(*row)) : std::nullopt;
}

bool is_queue_name_taken(Connection& connection, const TenantId& tenant, const std::string& name) {
  return connection
      .first("SELECT 1 FROM queues WHERE tenant_id = :tenant AND name = :name", {{"tenant", tenant}, {"name", name}})
      .has_value();
}

bool was_queue_used(Connection& connection, const TenantId& tenant, const QueueId& id) {
  return connection
      .first("SELECT 1 FROM interviews WHERE tenant_id = :tenant AND queue_id = :id LIMIT 1",
             {{"tenant", tenant}, {"id", id}})
      .has_value();
}

void add_queue(Transaction& transaction, const TenantId& tenant, const AdminQueueRow& row) {
  transaction.execute(
      "INSERT INTO queues (tenant_id, id, number, name, enabled, created_at) VALUES (:tenant, :id, :number, :name, "
      ":enabled, :at)",
      {{"tenant", tenant},
       {"id", row.id},
       {"number", row.number},
       {"name", row.name},
       {"enabled", row.enabled},
       {"at", row.created_at}});
}

void change_queue(Transaction& transaction, const TenantId& tenant, const AdminQueueRow& row) {
  transaction.execute("UPDATE queues SET name = :name, enabled = :enabled WHERE tenant_id = :tenant AND id = :id",
                      {{"name", row.name}, {"enabled", row.enabled}, {"tenant", tenant}, {"id", row.id}});
}

void remove_queue(Transaction& transaction, const TenantId& tenant, const QueueId& id) {
  transaction.execute("DELETE FROM queues WHERE tenant_id = :tenant AND id = :id", {{"tenant", tenant}, {"id", id}});
}

}  // namespace tw::store
