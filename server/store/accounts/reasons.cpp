#include "store/accounts/reasons.hpp"

namespace tw::store {
namespace {

const std::string kSelect = "SELECT id, kind, text, enabled, created_at FROM reasons WHERE tenant_id = :tenant ";

ReasonRow to_reason(const Row& row) {
  return {row.id<ReasonId>(0), row.text(1), row.text(2), row.flag(3), row.time(4)};
}

}  // namespace

std::vector<ReasonRow> reasons_of(Connection& connection, const TenantId& tenant) {
  std::vector<ReasonRow> reasons;
  for (const Row& row : connection.query(kSelect + "ORDER BY created_at, id", {{"tenant", tenant}}))
    reasons.push_back(to_reason(row));
  return reasons;
}

std::optional<ReasonRow> find_reason(Connection& connection, const TenantId& tenant, const ReasonId& id) {
  const auto row = connection.first(kSelect + "AND id = :id", {{"tenant", tenant}, {"id", id}});
  return row ? std::optional(to_reason(*row)) : std::nullopt;
}

bool is_reason_there(Connection& connection, const TenantId& tenant, const std::string& kind, const std::string& text) {
  return connection
      .first(kSelect + "AND kind = :kind AND text = :text", {{"tenant", tenant}, {"kind", kind}, {"text", text}})
      .has_value();
}

void add_reason(Transaction& transaction, const TenantId& tenant, const ReasonRow& row) {
  transaction.execute(
      "INSERT INTO reasons (tenant_id, id, kind, text, enabled, created_at) VALUES (:tenant, :id, :kind, :text, "
      ":enabled, :at)",
      {{"tenant", tenant},
       {"id", row.id},
       {"kind", row.kind},
       {"text", row.text},
       {"enabled", row.enabled},
       {"at", row.created_at}});
}

void change_reason(Transaction& transaction, const TenantId& tenant, const ReasonRow& row) {
  transaction.execute("UPDATE reasons SET text = :text, enabled = :enabled WHERE tenant_id = :tenant AND id = :id",
                      {{"text", row.text}, {"enabled", row.enabled}, {"tenant", tenant}, {"id", row.id}});
}

}  // namespace tw::store
