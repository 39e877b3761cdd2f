#pragma once

#include <string>

#include "base/ids.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/secret_key.hpp"

namespace tw::store {
class Database;
}

namespace tw::service {

/// The key of each tenant: made with the tenant, kept in its row wrapped by the master key. What is sealed at rest for
/// a tenant (recordings, photos, webhook secrets) is sealed under keys that this one wraps or derives.
class TenantKeys {
 public:
  TenantKeys(store::Database& database, const SecretKey& master);

  /// `tenant.unknown`, or `key.unwrap_failed` when the master key is not the one the tenant was made under.
  [[nodiscard]] Result<SecretKey> of(const TenantId& tenant) const;
  /// The same from the text of the tenant's row.
  [[nodiscard]] Result<SecretKey> unwrap(const TenantId& tenant, const std::string& wrapped) const;
  /// A new key in the form in which the tenant's row keeps it: base64 of the wrapped key.
  [[nodiscard]] std::string make_wrapped(const TenantId& tenant, Random& random) const;

 private:
  store::Database& database_;
  SecretKey wrapping_key_;
};

}  // namespace tw::service
