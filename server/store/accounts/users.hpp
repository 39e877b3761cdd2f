#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/database.hpp"

namespace tw::store {

struct UserRow {
  AgentId id;
  std::int64_t number = 0;
  std::string name;
  std::string display_name;
  std::string role;  ///< agent, administrator
  bool enabled = true;
  std::string password_hash;
  WallTime created_at;
  std::optional<WallTime> last_sign_in_at;
  bool can_supervise = false;
};
[[nodiscard]] std::optional<UserRow> find_user(Connection& connection, const TenantId& tenant, const AgentId& id);
[[nodiscard]] std::optional<UserRow> find_user_by_name(Connection& connection, const TenantId& tenant,
                                                       const std::string& name);
[[nodiscard]] std::vector<UserRow> users_of(Connection& connection, const TenantId& tenant);
void add_user(Transaction& transaction, const TenantId& tenant, const UserRow& row);
/// Everything but login name, number and time of creation.
void change_user(Transaction& transaction, const TenantId& tenant, const UserRow& row);
[[nodiscard]] std::int64_t count_users(Connection& connection, const TenantId& tenant);
[[nodiscard]] std::int64_t count_enabled_administrators(Connection& connection, const TenantId& tenant);

struct UserQueueRow {
  AgentId user;
  QueueId queue;
};
[[nodiscard]] std::vector<UserQueueRow> user_queues_of(Connection& connection, const TenantId& tenant);
[[nodiscard]] std::vector<QueueId> queues_of_user(Connection& connection, const TenantId& tenant, const AgentId& user);
void put_queues_of_user(Transaction& transaction, const TenantId& tenant, const AgentId& user,
                        const std::vector<QueueId>& queues);

/// The agent is answering or talking.
[[nodiscard]] bool is_in_call(Connection& connection, const TenantId& tenant, const AgentId& user);
/// No interview is routed to them any more.
void set_offline(Transaction& transaction, const TenantId& tenant, const AgentId& user);

}  // namespace tw::store
