#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/retention.hpp"
#include "store/database.hpp"

namespace tw::store {

struct TenantRow {
  TenantId id;
  std::string account;
  std::string name;
  bool enabled = true;
  std::string place_policy = "optional";  ///< required, optional, off
  std::string time_zone = "Asia/Shanghai";
  std::vector<std::string> return_origins;
  std::string wrapped_key;
  WallTime created_at;
  domain::Retention retention{};  ///< of recordings
  std::vector<std::string> embed_origins{};
  bool customer_sees_outcome = false;
  std::string customer_photos = "view";  ///< none, view, view_and_delete
  std::string call_orientation = "any";  ///< any, landscape
};
[[nodiscard]] std::optional<TenantRow> find_tenant(Connection& connection, const TenantId& id);
[[nodiscard]] std::optional<TenantRow> find_tenant_by_account(Connection& connection, const std::string& account);
[[nodiscard]] std::vector<TenantRow> all_tenants(Connection& connection);
void add_tenant(Transaction& transaction, const TenantRow& row);
/// Everything but account, key and time of creation.
void change_tenant(Transaction& transaction, const TenantRow& row);

struct ConsentTextRow {
  std::string language;
  std::string version;
  std::string body;
  std::string sha256;
};
/// The newest of each language, Chinese first.
[[nodiscard]] std::vector<ConsentTextRow> current_consent_texts(Connection& connection, const TenantId& tenant);
/// Only those that the tenant has written itself.
[[nodiscard]] std::vector<ConsentTextRow> current_guest_consent_texts(Connection& connection, const TenantId& tenant);
/// Makes it the current one of its language. Nothing happens when it already reads so. The version is given here.
/// True when there is a new version.
bool put_consent_text(Transaction& transaction, const TenantId& tenant, const std::string& language,
                      const std::string& body, WallTime now);
bool put_guest_consent_text(Transaction& transaction, const TenantId& tenant, const std::string& language,
                            const std::string& body, WallTime now);

/// Sign-ins of a demo tenant, sealed; see Operator.
[[nodiscard]] std::optional<std::string> demo_secrets(Connection& connection, const TenantId& tenant);
void add_demo_secrets(Transaction& transaction, const TenantId& tenant, const std::string& sealed);

}  // namespace tw::store
