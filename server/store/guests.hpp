#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/people.hpp"
#include "store/database.hpp"

namespace tw::store {

struct GuestRow {
  TenantId tenant;
  GuestId id;
  InterviewId interview;
  std::string display_name;
  domain::GuestStatus status = domain::GuestStatus::invited;
  bool sign_in_required = false;
  std::optional<AgentId> user;  ///< who signed in
  AgentId invited_by;
  WallTime invited_at;
  WallTime expires_at;
  std::optional<WallTime> joined_at;
  std::optional<WallTime> left_at;
  std::string consent_json;
  bool consent_given = false;
  std::optional<WallTime> absent_until;
};

namespace guests {

void insert(Transaction& transaction, const GuestRow& row);
/// Everything but who invited whom and when.
void update(Transaction& transaction, const GuestRow& row);
[[nodiscard]] std::optional<GuestRow> find(Connection& connection, const TenantId& tenant, const GuestId& id);
/// In the order of their invitations.
[[nodiscard]] std::vector<GuestRow> of_interview(Connection& connection, const TenantId& tenant,
                                                 const InterviewId& interview);
/// Invitations of the tenant that can still be used.
[[nodiscard]] std::int64_t count_open(Connection& connection, const TenantId& tenant, WallTime now);
/// The interview is over: whoever is in the room has left.
void end_all(Transaction& transaction, const TenantId& tenant, const InterviewId& interview, WallTime at);
/// After a restart nobody is connected.
void set_all_absent(Transaction& transaction, WallTime until);

struct Key {
  TenantId tenant;
  GuestId guest;
};
[[nodiscard]] std::vector<Key> due(Connection& connection, WallTime now, std::size_t limit);
[[nodiscard]] std::optional<WallTime> first_deadline(Connection& connection);

struct Session {
  std::string id;
  TenantId tenant;
  GuestId guest;
};
[[nodiscard]] std::optional<Session> active_session(Connection& connection, const TenantId& tenant, const GuestId& id);
/// nullopt when there is none, or it is no longer the active one.
[[nodiscard]] std::optional<Session> session_of(Connection& connection, const std::string& token_hash);
/// Ends the one before.
void begin_session(Transaction& transaction, const Session& session, const std::string& token_hash, WallTime now);
void end_sessions(Transaction& transaction, const TenantId& tenant, const GuestId& guest);

}  // namespace guests
}  // namespace tw::store
