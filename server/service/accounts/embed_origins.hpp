#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace tw::store {
class Database;
}

namespace tw::service {

/// Which pages of others may show ours in a frame and call the customer's side of the API: the tenants'
/// `embedOrigins`. Asked for every page and every foreign request, on threads that must not wait for the database, so
/// it is kept in memory and read again when an administrator changes it. Thread-safe.
class EmbedOrigins {
 public:
  explicit EmbedOrigins(store::Database& database);

  /// Reads the enabled tenants' origins. After a failure what was known before stays.
  [[nodiscard]] Result<void> reload();
  /// Of the enabled tenant of this account; empty for an unknown one.
  [[nodiscard]] std::vector<std::string> of(const std::string& account) const;
  /// Whether any tenant lists the origin, written as in `Origins` ("https://bank.example"). A browser's preflight
  /// carries no credentials, so whose page it is shows only with the request itself.
  [[nodiscard]] bool anybody_lists(const std::string& origin) const;

 private:
  using ByAccount = std::map<std::string, std::vector<std::string>>;
  [[nodiscard]] std::shared_ptr<const ByAccount> known() const;
  store::Database& database_;
  mutable std::mutex mutex_;
  std::shared_ptr<const ByAccount> known_;
};

}  // namespace tw::service
