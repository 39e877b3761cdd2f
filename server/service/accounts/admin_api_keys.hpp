#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/accounts/context.hpp"
#include "service/caller.hpp"

namespace tw::service {

struct ApiKey {
  ApiKeyId id;
  std::string name;
  bool enabled = true;
  WallTime created_at;
  std::optional<WallTime> last_used_at;
};
struct CreatedApiKey {
  ApiKey key;
  std::string secret;  ///< the whole bearer value, in this answer only
};

class AdminApiKeys {
 public:
  static constexpr std::int64_t kMostKeys = 100;  ///< of a tenant

  explicit AdminApiKeys(AccountsContext context);

  [[nodiscard]] Result<std::vector<ApiKey>> list(const Caller& caller);
  /// `api_key.name_taken`, `api_key.too_many` (409).
  [[nodiscard]] Result<CreatedApiKey> create(const Caller& caller, const std::string& name);
  struct Change {
    std::optional<std::string> name;
    std::optional<bool> enabled;
  };
  [[nodiscard]] Result<ApiKey> update(const Caller& caller, const std::string& id, const Change& change);

 private:
  AccountsContext context_;
};

}  // namespace tw::service
