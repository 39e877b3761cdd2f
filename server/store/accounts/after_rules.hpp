#pragma once

#include "store/database.hpp"

namespace tw::store {

/// What customers of this company are asked and told after their interview.
struct AfterRules {
  bool ask_satisfaction = false;
  bool tell_reason = false;  ///< of the decision, where that is told at all (TenantRow::customer_sees_outcome)
};
[[nodiscard]] AfterRules after_rules(Connection& connection, const TenantId& tenant);
void set_after_rules(Transaction& transaction, const TenantId& tenant, const AfterRules& rules);

}  // namespace tw::store
