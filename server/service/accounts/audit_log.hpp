#pragma once

#include <string>

#include "service/accounts/context.hpp"
#include "service/caller.hpp"
#include "service/page.hpp"

namespace tw::service {

struct AuditEntry {
  AuditId id;
  WallTime at;
  std::string actor;
  std::string action;
  std::string subject;    ///< an id; may be empty
  std::string data_json;  ///< an object; no secrets
};

/// Who did what; it only grows. Entries are written by the transactions that they tell of (store/accounts/audit.hpp).
class AuditLog {
 public:
  explicit AuditLog(AccountsContext context);

  /// Administrators only.
  [[nodiscard]] Result<Page<AuditEntry>> list(const Caller& caller, const PageRequest& page);

 private:
  AccountsContext context_;
};

}  // namespace tw::service
