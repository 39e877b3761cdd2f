#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/accounts/admin_tenant.hpp"
#include "service/accounts/context.hpp"

namespace tw::store {
class Transaction;
}

namespace tw::service {

/// The system's operator, on the command line: not an administrator of any tenant, and never reachable over HTTP.
class Operator {
 public:
  explicit Operator(AccountsContext context);

  struct TenantRow {
    TenantId id;
    std::string account;
    std::string name;
    bool enabled = true;
    WallTime created_at;
  };
  [[nodiscard]] Result<std::vector<TenantRow>> list_tenants();

  struct NewTenant {
    std::string account;  ///< lower-case letters, digits and '-'; what people type at sign-in
    std::string name;     ///< of the company, in watermarks and on pages
    std::string administrator_name = "admin";
  };
  struct CreatedTenant {
    TenantId id;
    std::string account;
    std::string administrator_name;
    std::string administrator_password;  ///< random; shown once
  };
  /// A tenant with its key, default consent texts and reasons, and a first administrator. `tenant.account_taken` (409).
  [[nodiscard]] Result<CreatedTenant> create_tenant(const NewTenant& tenant);

  struct SignInOf {
    std::string name;
    std::string password;
  };
  struct DemoTenant {
    std::string account;
    std::string queue_id;
    SignInOf agent;
    SignInOf administrator;
    std::string api_key;
  };
  /// Makes the demo company when it is missing and gives its sign-ins, the same ones each time: passwords and key are
  /// random per installation and kept sealed under the tenant's key. A changed password stays changed and is then
  /// not the one told.
  [[nodiscard]] Result<DemoTenant> demo_tenant(const std::string& account);

 private:
  [[nodiscard]] Result<std::optional<DemoTenant>> remembered_demo(const std::string& account) const;
  [[nodiscard]] Result<void> remember_demo(store::Transaction& transaction, const TenantId& id,
                                           const DemoTenant& demo) const;
  AccountsContext context_;
};

/// {account, queueId, agent: {name, password}, administrator: {name, password}, apiKey}
[[nodiscard]] std::string to_json(const Operator::DemoTenant& demo);

}  // namespace tw::service
