#include "store/accounts/credentials.hpp"

namespace tw::store {
namespace {

const std::string kSelectKey =
    "SELECT id, name, enabled, created_at, last_used_at FROM api_keys WHERE tenant_id = :tenant ";

ApiKeyRow to_key(const Row& row) {
  return {row.id<ApiKeyId>(0), row.text(1), row.flag(2), row.time(3), row.opt_time(4)};
}

}  // namespace

std::vector<ApiKeyRow> api_keys_of(Connection& connection, const TenantId& tenant) {
  std::vector<ApiKeyRow> keys;
  for (const Row& row : connection.query(kSelectKey + "ORDER BY id", {{"tenant", tenant}})) keys.push_back(to_key(row));
  return keys;
}

std::optional<ApiKeyRow> find_api_key(Connection& connection, const TenantId& tenant, const ApiKeyId& id) {
  const auto row = connection.first(kSelectKey + "AND id = :id", {{"tenant", tenant}, {"id", id}});
  return row ? std::optional(to_key(*row)) : std::nullopt;
}

bool is_api_key_name_taken(Connection& connection, const TenantId& tenant, const std::string& name) {
  return connection
      .first("SELECT 1 FROM api_keys WHERE tenant_id = :tenant AND name = :name", {{"tenant", tenant}, {"name", name}})
      .has_value();
}

void add_api_key(Transaction& transaction, const TenantId& tenant, const ApiKeyRow& row,
                 const std::string& token_hash) {
  transaction.execute(
      "INSERT INTO api_keys (tenant_id, id, name, token_hash, enabled, created_at) VALUES (:tenant, :id, :name, :hash, "
      ":enabled, :at)",
      {{"tenant", tenant},
       {"id", row.id},
       {"name", row.name},
       {"hash", token_hash},
       {"enabled", row.enabled},
       {"at", row.created_at}});
}

void change_api_key(Transaction& transaction, const TenantId& tenant, const ApiKeyRow& row) {
  transaction.execute("UPDATE api_keys SET name = :name, enabled = :enabled WHERE tenant_id = :tenant AND id = :id",
                      {{"name", row.name}, {"enabled", row.enabled}, {"tenant", tenant}, {"id", row.id}});
}

std::optional<KeyHolderRow> find_key_holder(Connection& connection, const std::string& token_hash) {
  const auto row = connection.first(
      "SELECT k.tenant_id, k.id, k.last_used_at FROM api_keys k JOIN tenants t ON t.id = k.tenant_id "
      "WHERE k.token_hash = :hash AND k.enabled = 1 AND t.enabled = 1",
      {{"hash", token_hash}});
  if (!row) return std::nullopt;
  return KeyHolderRow{row->id<TenantId>(0), row->id<ApiKeyId>(1), row->opt_time(2)};
}

void note_key_use(Transaction& transaction, const TenantId& tenant, const ApiKeyId& key, WallTime now) {
  transaction.execute("UPDATE api_keys SET last_used_at = :now WHERE tenant_id = :tenant AND id = :id",
                      {{"now", now}, {"tenant", tenant}, {"id", key}});
}

std::optional<SignedInRow> find_signed_in(Connection& connection, const std::string& token_hash, WallTime now) {
  const auto row = connection.first(
      "SELECT s.id, s.tenant_id, s.user_id, u.role, u.can_supervise FROM sign_ins s "
      "JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id JOIN tenants t ON t.id = s.tenant_id "
      "WHERE s.token_hash = :hash AND s.expires_at > :now AND u.enabled = 1 AND t.enabled = 1",
      {{"hash", token_hash}, {"now", now}});
  if (!row) return std::nullopt;
  return SignedInRow{row->id<SignInId>(0), row->id<TenantId>(1), row->id<AgentId>(2), row->text(3), row->flag(4)};
}

std::optional<SignInRow> find_sign_in(Connection& connection, const TenantId& tenant, const SignInId& id) {
  const auto row = connection.first(
      "SELECT id, tenant_id, user_id, created_at, expires_at, queue_id, return_url FROM sign_ins WHERE tenant_id = "
      ":tenant AND id = :id",
      {{"tenant", tenant}, {"id", id}});
  if (!row) return std::nullopt;
  return SignInRow{row->id<SignInId>(0), row->id<TenantId>(1),    row->id<AgentId>(2), row->time(3),
                   row->time(4),         row->opt_id<QueueId>(5), row->text(6)};
}

void add_sign_in(Transaction& transaction, const SignInRow& row, const std::string& token_hash, std::size_t most) {
  transaction.execute("DELETE FROM sign_ins WHERE expires_at <= :now", {{"now", row.created_at}});
  transaction.execute(
      "INSERT INTO sign_ins (token_hash, tenant_id, user_id, id, created_at, expires_at, queue_id, return_url) "
      "VALUES (:hash, :tenant, :user, :id, :created, :expires, :queue, :return_url)",
      {{"hash", token_hash},
       {"tenant", row.tenant},
       {"user", row.user},
       {"id", row.id},
       {"created", row.created_at},
       {"expires", row.expires_at},
       {"queue", row.queue},
       {"return_url", row.return_url}});
  transaction.execute(
      "DELETE FROM sign_ins WHERE tenant_id = :tenant AND user_id = :user AND id NOT IN "
      "(SELECT id FROM sign_ins WHERE tenant_id = :tenant2 AND user_id = :user2 ORDER BY created_at DESC, id DESC "
      "LIMIT :most)",
      {{"tenant", row.tenant}, {"user", row.user}, {"tenant2", row.tenant}, {"user2", row.user}, {"most", most}});
}

void remove_sign_in(Transaction& transaction, const TenantId& tenant, const SignInId& id) {
  transaction.execute("DELETE FROM sign_ins WHERE tenant_id = :tenant AND id = :id", {{"tenant", tenant}, {"id", id}});
}

void remove_sign_ins_of(Transaction& transaction, const TenantId& tenant, const AgentId& user,
                        const std::string& keep) {
  transaction.execute("DELETE FROM sign_ins WHERE tenant_id = :tenant AND user_id = :user AND id <> :keep",
                      {{"tenant", tenant}, {"user", user}, {"keep", keep}});
}

bool use_agent_link(Transaction& transaction, const TenantId& tenant, const std::string& hash, WallTime now,
                    WallTime expires) {
  transaction.execute("DELETE FROM used_agent_links WHERE expires_at <= :now", {{"now", now}});
  return transaction.execute(
             "INSERT INTO used_agent_links (token_hash, tenant_id, used_at, expires_at) VALUES (:hash, :tenant, :now, "
             ":expires) "
             "ON CONFLICT DO NOTHING",
             {{"hash", hash}, {"tenant", tenant}, {"now", now}, {"expires", expires}}) == 1;
}

}  // namespace tw::store
