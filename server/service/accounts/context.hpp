#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "service/ports.hpp"
#include "service/tenant_keys.hpp"

namespace tw::store {
class Database;
}

namespace tw::service {

/// What every use case of the accounts needs; all of it outlives them and is thread-safe.
struct AccountsContext {
  store::Database& database;
  const Clock& clock;
  Random& random;
  Notifier& notifier;
  const TenantKeys& tenant_keys;
};

}  // namespace tw::service
