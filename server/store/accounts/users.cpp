#include "store/accounts/users.hpp"

namespace tw::store {
namespace {

const std::string kSelect =
    "SELECT id, number, name, display_name, role, enabled, password_hash, created_at, last_sign_in_at, can_supervise "
    "FROM "
    "users ";

UserRow to_user(const Row& row) {
  return {row.id<AgentId>(0), row.i64(1),  row.text(2), row.text(3),     row.text(4),
          row.flag(5),        row.text(6), row.time(7), row.opt_time(8), row.flag(9)};
}

}  // namespace

std::optional<UserRow> find_user(Connection& connection, const TenantId& tenant, const AgentId& id) {
  const auto row =
      connection.first(kSelect + "WHERE tenant_id = :tenant AND id = :id", {{"tenant", tenant}, {"id", id}});
  return row ? std::optional(to_user(*row)) : std::nullopt;
}

std::optional<UserRow> find_user_by_name(Connection& connection, const TenantId& tenant, const std::string& name) {
  const auto row =
      connection.first(kSelect + "WHERE tenant_id = :tenant AND name = :name", {{"tenant", tenant}, {"name", name}});
  return row ? std::optional(to_user(*row)) : std::nullopt;
}

std::vector<UserRow> users_of(Connection& connection, const TenantId& tenant) {
  std::vector<UserRow> users;
  for (const Row& row : connection.query(kSelect + "WHERE tenant_id = :tenant ORDER BY number", {{"tenant", tenant}})) {
    users.push_back(to_user(row));
  }
  return users;
}

void add_user(Transaction& transaction, const TenantId& tenant, const UserRow& row) {
  transaction.execute(
      "INSERT INTO users (tenant_id, id, number, name, display_name, role, enabled, password_hash, created_at, "
      "can_supervise) VALUES (:tenant, :id, :number, :name, :display, :role, :enabled, :hash, :at, :supervise)",
      {{"tenant", tenant},
       {"id", row.id},
       {"number", row.number},
       {"name", row.name},
       {"display", row.display_name},
       {"role", row.role},
       {"enabled", row.enabled},
       {"hash", row.password_hash},
       {"at", row.created_at},
       {"supervise", row.can_supervise}});
}

void change_user(Transaction& transaction, const TenantId& tenant, const UserRow& row) {
  transaction.execute(
      "UPDATE users SET display_name = :display, role = :role, enabled = :enabled, password_hash = :hash, "
      "last_sign_in_at = :last, can_supervise = :supervise WHERE tenant_id = :tenant AND id = :id",
      {{"display", row.display_name},
       {"role", row.role},
       {"enabled", row.enabled},
       {"hash", row.password_hash},
       {"last", row.last_sign_in_at},
       {"supervise", row.can_supervise},
       {"tenant", tenant},
       {"id", row.id}});
}

std::int64_t count_users(Connection& connection, const TenantId& tenant) {
  return connection.first("SELECT COUNT(*) FROM users WHERE tenant_id = :tenant", {{"tenant", tenant}})->i64(0);
}

std::int64_t count_enabled_administrators(Connection& connection, const TenantId& tenant) {
  return connection
      .first("SELECT COUNT(*) FROM users WHERE tenant_id = :tenant AND role = 'administrator' AND enabled = 1",
             {{"tenant", tenant}})
      ->i64(0);
}

std::vector<UserQueueRow> user_queues_of(Connection& connection, const TenantId& tenant) {
  std::vector<UserQueueRow> rows;
  for (const Row& row : connection.query(
           "SELECT user_id, queue_id FROM user_queues WHERE tenant_id = :tenant ORDER BY user_id, queue_id",
           {{"tenant", tenant}})) {
    rows.push_back({row.id<AgentId>(0), row.id<QueueId>(1)});
  }
  return rows;
}

std::vector<QueueId> queues_of_user(Connection& connection, const TenantId& tenant, const AgentId& user) {
  std::vector<QueueId> queues;
  for (const Row& row : connection.query(
           "SELECT queue_id FROM user_queues WHERE tenant_id = :tenant AND user_id = :user ORDER BY queue_id",
           {{"tenant", tenant}, {"user", user}})) {
    queues.push_back(row.id<QueueId>(0));
  }
  return queues;
}

void put_queues_of_user(Transaction& transaction, const TenantId& tenant, const AgentId& user,
                        const std::vector<QueueId>& queues) {
  transaction.execute("DELETE FROM user_queues WHERE tenant_id = :tenant AND user_id = :user",
                      {{"tenant", tenant}, {"user", user}});
  for (const QueueId& queue : queues) {
    transaction.execute(
        "INSERT INTO user_queues (tenant_id, user_id, queue_id) VALUES (:tenant, :user, :queue) ON CONFLICT DO NOTHING",
        {{"tenant", tenant}, {"user", user}, {"queue", queue}});
  }
}

bool is_in_call(Connection& connection, const TenantId& tenant, const AgentId& user) {
  const Params who{{"tenant", tenant}, {"user", user}};
  return connection
             .first(
                 "SELECT 1 FROM interviews WHERE tenant_id = :tenant AND agent_id = :user AND "
                 "(status = 'talking' OR (status = 'ringing' AND answering = 1))",
                 who)
             .has_value() ||
         connection
             .first(
                 "SELECT 1 FROM agent_states WHERE tenant_id = :tenant AND agent_id = :user AND activity = 'talking'",
                 who)
             .has_value();
}

void set_offline(Transaction& transaction, const TenantId& tenant, const AgentId& user) {
  transaction.execute("UPDATE agent_states SET presence = 'offline' WHERE tenant_id = :tenant AND agent_id = :user",
                      {{"tenant", tenant}, {"user", user}});
}

}  // namespace tw::store
