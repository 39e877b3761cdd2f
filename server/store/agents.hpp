#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/agent.hpp"
#include "domain/routing.hpp"
#include "store/database.hpp"

namespace tw::store::agents {

/// Where an agent stands; offline and idle when nothing was stored yet.
[[nodiscard]] domain::Agent find(Connection& connection, const TenantId& tenant, const AgentId& agent);
void save(Transaction& transaction, const TenantId& tenant, const domain::Agent& agent);

/// Those who may be rung now, with their queues. Disabled users are none.
[[nodiscard]] std::vector<domain::IdleAgent> idle(Connection& connection, const TenantId& tenant);
/// How many who serve the queue are online, idle or not.
[[nodiscard]] std::int64_t online(Connection& connection, const TenantId& tenant, const QueueId& queue);

struct Key {
  TenantId tenant;
  AgentId agent;
};
[[nodiscard]] std::vector<Key> due(Connection& connection, WallTime now, std::size_t limit);
[[nodiscard]] std::optional<WallTime> first_deadline(Connection& connection);
/// After a start no page is connected; they have until then to come back.
void disconnect_all(Transaction& transaction, WallTime absent_until);

/// Name shown to customers; empty for an unknown user.
[[nodiscard]] std::string display_name(Connection& connection, const TenantId& tenant, const AgentId& agent);
/// Those online who serve this queue, without one of them.
[[nodiscard]] std::int64_t online_besides(Connection& connection, const TenantId& tenant, const QueueId& queue,
                                          const AgentId& besides);
struct Colleague {
  domain::Agent agent;
  std::string display_name;
};
/// Enabled users who are not offline, without one of them, by name.
[[nodiscard]] std::vector<Colleague> colleagues(Connection& connection, const TenantId& tenant, const AgentId& besides,
                                                std::size_t limit);
struct ServedQueue {
  QueueId id;
  std::string name;
};
/// The enabled queues of a user, by number.
[[nodiscard]] std::vector<ServedQueue> queues_of(Connection& connection, const TenantId& tenant, const AgentId& agent);
[[nodiscard]] bool serves(Connection& connection, const TenantId& tenant, const AgentId& agent, const QueueId& queue);

}  // namespace tw::store::agents
