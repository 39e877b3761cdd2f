#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/people.hpp"
#include "store/database.hpp"

namespace tw::store {

/// A supervisor in a conversation, from beginning to listen until leaving.
struct SupervisorRow {
  TenantId tenant;
  SupervisorId id;
  InterviewId interview;
  AgentId user;
  domain::SupervisionMode mode = domain::SupervisionMode::listen;
  WallTime started_at;
  std::optional<WallTime> ended_at;
  std::optional<WallTime> absent_until;
};

namespace supervisors {

void insert(Transaction& transaction, const SupervisorRow& row);
/// Mode, end and absence.
void update(Transaction& transaction, const SupervisorRow& row);
[[nodiscard]] std::optional<SupervisorRow> find(Connection& connection, const TenantId& tenant, const SupervisorId& id);
/// Those that have not ended, in the order in which they came.
[[nodiscard]] std::vector<SupervisorRow> in_interview(Connection& connection, const TenantId& tenant,
                                                      const InterviewId& interview);
[[nodiscard]] std::vector<SupervisorRow> of_user(Connection& connection, const TenantId& tenant, const AgentId& user);
void end_all(Transaction& transaction, const TenantId& tenant, const InterviewId& interview, WallTime at);
void set_all_absent(Transaction& transaction, WallTime until);

struct Key {
  TenantId tenant;
  SupervisorId session;
};
[[nodiscard]] std::vector<Key> due(Connection& connection, WallTime now, std::size_t limit);
[[nodiscard]] std::optional<WallTime> first_deadline(Connection& connection);

}  // namespace supervisors
}  // namespace tw::store
