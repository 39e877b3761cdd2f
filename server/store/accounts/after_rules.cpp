#include "store/accounts/after_rules.hpp"

namespace tw::store {

AfterRules after_rules(Connection& connection, const TenantId& tenant) {
  const auto row =
      connection.first("SELECT ask_satisfaction, tell_reason FROM tenants WHERE id = :id", {{"id", tenant}});
  if (!row) throw StoreError("a tenant that was found before is gone");
  return {row->flag(0), row->flag(1)};
}

void set_after_rules(Transaction& transaction, const TenantId& tenant, const AfterRules& rules) {
  transaction.execute("UPDATE tenants SET ask_satisfaction = :ask, tell_reason = :tell WHERE id = :id",
                      {{"ask", rules.ask_satisfaction}, {"tell", rules.tell_reason}, {"id", tenant}});
}

}  // namespace tw::store
