#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/database.hpp"

namespace tw::store {

struct ApiKeyRow {
  ApiKeyId id;
  std::string name;
  bool enabled = true;
  WallTime created_at;
  std::optional<WallTime> last_used_at;
};
[[nodiscard]] std::vector<ApiKeyRow> api_keys_of(Connection& connection, const TenantId& tenant);
[[nodiscard]] std::optional<ApiKeyRow> find_api_key(Connection& connection, const TenantId& tenant, const ApiKeyId& id);
[[nodiscard]] bool is_api_key_name_taken(Connection& connection, const TenantId& tenant, const std::string& name);
void add_api_key(Transaction& transaction, const TenantId& tenant, const ApiKeyRow& row, const std::string& token_hash);
/// Name and whether it is enabled.
void change_api_key(Transaction& transaction, const TenantId& tenant, const ApiKeyRow& row);

struct KeyHolderRow {
  TenantId tenant;
  ApiKeyId key;
  std::optional<WallTime> last_used_at;
};
/// Of an enabled key of an enabled tenant.
[[nodiscard]] std::optional<KeyHolderRow> find_key_holder(Connection& connection, const std::string& token_hash);
void note_key_use(Transaction& transaction, const TenantId& tenant, const ApiKeyId& key, WallTime now);

struct SignInRow {
  SignInId id;
  TenantId tenant;
  AgentId user;
  WallTime created_at;
  WallTime expires_at;
  std::optional<QueueId> queue;
  std::string return_url;
};
struct SignedInRow {
  SignInId id;
  TenantId tenant;
  AgentId user;
  std::string role;
  bool can_supervise = false;
};
/// Of an enabled user of an enabled tenant, before its end.
[[nodiscard]] std::optional<SignedInRow> find_signed_in(Connection& connection, const std::string& token_hash,
                                                        WallTime now);
[[nodiscard]] std::optional<SignInRow> find_sign_in(Connection& connection, const TenantId& tenant, const SignInId& id);
/// Drops what has expired, and the user's oldest beyond `most`.
void add_sign_in(Transaction& transaction, const SignInRow& row, const std::string& token_hash, std::size_t most);
void remove_sign_in(Transaction& transaction, const TenantId& tenant, const SignInId& id);
/// All but `keep`, which may be empty.
void remove_sign_ins_of(Transaction& transaction, const TenantId& tenant, const AgentId& user, const std::string& keep);

/// False when it was used before.
[[nodiscard]] bool use_agent_link(Transaction& transaction, const TenantId& tenant, const std::string& hash,
                                  WallTime now, WallTime expires);

}  // namespace tw::store
