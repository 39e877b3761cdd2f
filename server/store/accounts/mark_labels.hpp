#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/mark_label.hpp"
#include "store/database.hpp"

namespace tw::store {

/// A word that agents set on the timeline by one key.
struct MarkLabelRow {
  MarkLabelId id;
  std::string text;
  std::optional<std::int64_t> key;  ///< 1 to 9
  std::int64_t position = 0;        ///< order of the list, smaller first
  WallTime created_at;
};
/// In their order.
[[nodiscard]] std::vector<MarkLabelRow> mark_labels_of(Connection& connection, const TenantId& tenant);
[[nodiscard]] std::optional<MarkLabelRow> find_mark_label(Connection& connection, const TenantId& tenant,
                                                          const MarkLabelId& id);
void add_mark_label(Transaction& transaction, const TenantId& tenant, const MarkLabelRow& row);
/// Text, key and position.
void change_mark_label(Transaction& transaction, const TenantId& tenant, const MarkLabelRow& row);
void remove_mark_label(Transaction& transaction, const TenantId& tenant, const MarkLabelId& id);

}  // namespace tw::store
