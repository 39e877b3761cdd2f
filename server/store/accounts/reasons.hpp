#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/database.hpp"

namespace tw::store {

struct ReasonRow {
  ReasonId id;
  std::string kind;  ///< rejected, needs_supplement
  std::string text;
  bool enabled = true;
  WallTime created_at;
};
/// In the order in which they were made.
[[nodiscard]] std::vector<ReasonRow> reasons_of(Connection& connection, const TenantId& tenant);
[[nodiscard]] std::optional<ReasonRow> find_reason(Connection& connection, const TenantId& tenant, const ReasonId& id);
[[nodiscard]] bool is_reason_there(Connection& connection, const TenantId& tenant, const std::string& kind,
                                   const std::string& text);
void add_reason(Transaction& transaction, const TenantId& tenant, const ReasonRow& row);
/// Text and whether it is enabled.
void change_reason(Transaction& transaction, const TenantId& tenant, const ReasonRow& row);

}  // namespace tw::store
