#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/random.hpp"
#include "store/database.hpp"

namespace tw::store {

/// What somebody did. No secrets and no personal data: ids, codes, counts.
struct NewAuditEntry {
  TenantId tenant;
  WallTime at;
  std::string actor;    ///< Caller::actor(), "operator" or "system"
  std::string action;   ///< "user.created", "photo.deleted", …
  std::string subject;  ///< an id; may be empty
  std::string data_json = "{}";
};

/// Adds an entry within the transaction that it tells of.
void append_audit(Transaction& transaction, const NewAuditEntry& entry, Random& random);

/// The number of the first entry whose hash does not fit, or that is missing; 0 when the whole chain holds.
[[nodiscard]] std::int64_t first_broken_audit_entry(Connection& connection, const TenantId& tenant);

}  // namespace tw::store
