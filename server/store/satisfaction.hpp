#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "store/database.hpp"

namespace tw::store::satisfaction {

/// What a customer said of their interview.
struct Row {
  std::int64_t score = 0;  ///< 1 to 5
  std::string comment;     ///< empty: none
  WallTime given_at;
};
[[nodiscard]] std::optional<Row> find(Connection& connection, const TenantId& tenant, const InterviewId& interview);
/// Once for each interview: whoever calls has looked in the same transaction.
void insert(Transaction& transaction, const TenantId& tenant, const InterviewId& interview, const Row& row);

}  // namespace tw::store::satisfaction
