#include "store/accounts/mark_labels.hpp"

namespace tw::store {
namespace {

const std::string kSelect =
    "SELECT id, text, key_digit, position, created_at FROM mark_labels WHERE tenant_id = :tenant ";

MarkLabelRow to_label(const Row& row) {
  return {row.id<MarkLabelId>(0), row.text(1), row.opt_i64(2), row.i64(3), row.time(4)};
}

Params params_of(const TenantId& tenant, const MarkLabelRow& row) {
  return {{"tenant", tenant}, {"id", row.id}, {"text", row.text}, {"key", row.key}, {"position", row.position}};
}

}  // namespace

std::vector<MarkLabelRow> mark_labels_of(Connection& connection, const TenantId& tenant) {
  std::vector<MarkLabelRow> labels;
  for (const Row& row : connection.query(kSelect + "ORDER BY position, id", {{"tenant", tenant}}))
    labels.push_back(to_label(row));
  return labels;
}

std::optional<MarkLabelRow> find_mark_label(Connection& connection, const TenantId& tenant, const MarkLabelId& id) {
  const auto row = connection.first(kSelect + "AND id = :id", {{"tenant", tenant}, {"id", id}});
  return row ? std::optional(to_label(*row)) : std::nullopt;
}

void add_mark_label(Transaction& transaction, const TenantId& tenant, const MarkLabelRow& row) {
  Params params = params_of(tenant, row);
  params.emplace_back("at", row.created_at);
  transaction.execute(
      "INSERT INTO mark_labels (tenant_id, id, text, key_digit, position, created_at) VALUES (:tenant, :id, :text, "
      ":key, :position, :at)",
      params);
}

void change_mark_label(Transaction& transaction, const TenantId& tenant, const MarkLabelRow& row) {
  transaction.execute(
      "UPDATE mark_labels SET text = :text, key_digit = :key, position = :position WHERE tenant_id = :tenant AND id = "
      ":id",
      params_of(tenant, row));
}

void remove_mark_label(Transaction& transaction, const TenantId& tenant, const MarkLabelId& id) {
  transaction.execute("DELETE FROM mark_labels WHERE tenant_id = :tenant AND id = :id",
                      {{"tenant", tenant}, {"id", id}});
}

}  // namespace tw::store
