#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/random.hpp"
#include "store/database.hpp"

namespace tw::store::customers {

struct Customer {
  CustomerId id;
  std::int64_t number = 0;
  std::string nick_name;
};
[[nodiscard]] std::optional<Customer> find(Connection& connection, const TenantId& tenant, const CustomerId& id);
/// The customer of this name; made with the next number where there is none.
[[nodiscard]] Customer called(Transaction& transaction, const TenantId& tenant, const std::string& nick_name,
                              WallTime now, Random& random);

/// A session of one device in one interview.
struct Session {
  std::string id;
  TenantId tenant;
  InterviewId interview;
};
/// The newest session of the interview that was not taken over.
[[nodiscard]] std::optional<Session> active_session(Connection& connection, const TenantId& tenant,
                                                    const InterviewId& interview);
/// Any active session, by the hash of its token.
[[nodiscard]] std::optional<Session> session_of(Connection& connection, const std::string& token_hash);
/// Makes it the only active one of its interview.
void begin_session(Transaction& transaction, const Session& session, const std::string& token_hash, WallTime now);

}  // namespace tw::store::customers
