#include "store/accounts/outcome_rules.hpp"

namespace tw::store {

std::chrono::minutes outcome_deadline(Connection& connection, const TenantId& tenant) {
  const auto row = connection.first("SELECT outcome_deadline_minutes FROM tenants WHERE id = :id", {{"id", tenant}});
  if (!row) throw StoreError("a tenant that was found before is gone");
  return std::chrono::minutes(row->i64(0));
}

void set_outcome_deadline(Transaction& transaction, const TenantId& tenant, std::chrono::minutes deadline) {
  transaction.execute("UPDATE tenants SET outcome_deadline_minutes = :minutes WHERE id = :id",
                      {{"minutes", deadline.count()}, {"id", tenant}});
}

}  // namespace tw::store
