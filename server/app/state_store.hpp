#pragma once

#include <memory>

#include "app/data_folder.hpp"
#include "base/clock.hpp"
#include "base/config.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/secret_key.hpp"
#include "service/tenant_keys.hpp"
#include "store/database.hpp"

namespace tw::app {

/// What every command that touches the data needs: folder, master key, migrated database, the tenants' keys. May be
/// opened by a command while a server runs on the same folder.
class StateStore {
 public:
  [[nodiscard]] static Result<std::unique_ptr<StateStore>> open(const Config& config, Random& random);

  [[nodiscard]] const DataFolder& folder() const { return folder_; }
  [[nodiscard]] const SecretKey& master_key() const { return master_key_; }
  [[nodiscard]] store::Database& database() { return *database_; }
  [[nodiscard]] const service::TenantKeys& tenant_keys() const { return tenant_keys_; }

 private:
  StateStore(DataFolder folder, SecretKey master_key, std::unique_ptr<store::Database> database);

  DataFolder folder_;
  SecretKey master_key_;
  std::unique_ptr<store::Database> database_;
  service::TenantKeys tenant_keys_;
};

}  // namespace tw::app
