#pragma once

#include <chrono>

#include "store/database.hpp"

namespace tw::store {

/// How long an agent of this company may put an outcome off.
[[nodiscard]] std::chrono::minutes outcome_deadline(Connection& connection, const TenantId& tenant);
void set_outcome_deadline(Transaction& transaction, const TenantId& tenant, std::chrono::minutes deadline);

}  // namespace tw::store
