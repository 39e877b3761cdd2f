#include "store/accounts/tenants.hpp"

#include "crypto/digest.hpp"
#include "store/accounts/json_strings.hpp"

namespace tw::store {
namespace {

const std::string kSelect =
    "SELECT id, account, name, enabled, CASE place_asked WHEN 0 THEN 'off' ELSE place_policy END, time_zone, "
    "return_origins_json, wrapped_key, created_at, "
    "recording_retention_days, recording_retention_since, embed_origins_json, customer_sees_outcome, "
    "customer_photos, call_orientation FROM tenants ";

TenantRow to_tenant(const Row& row) {
  return {row.id<TenantId>(0),
          row.text(1),
          row.text(2),
          row.flag(3),
          row.text(4),
          row.text(5),
          from_json_array(row.text(6)),
          row.text(7),
          row.time(8),
          {row.opt_i64(9), row.time(10)},
          from_json_array(row.text(11)),
          row.flag(12),
          row.text(13),
          row.text(14)};
}

}  // namespace

std::optional<TenantRow> find_tenant(Connection& connection, const TenantId& id) {
  const auto row = connection.first(kSelect + "WHERE id = :id", {{"id", id}});
  return row ? std::optional(to_tenant(*row)) : std::nullopt;
}

std::optional<TenantRow> find_tenant_by_account(Connection& connection, const std::string& account) {
  const auto row = connection.first(kSelect + "WHERE account = :account", {{"account", account}});
  return row ? std::optional(to_tenant(*row)) : std::nullopt;
}

std::vector<TenantRow> all_tenants(Connection& connection) {
  std::vector<TenantRow> tenants;
  for (const Row& row : connection.query(kSelect + "ORDER BY account")) tenants.push_back(to_tenant(row));
  return tenants;
}

void add_tenant(Transaction& transaction, const TenantRow& row) {
  transaction.execute(
      "INSERT INTO tenants (id, account, name, enabled, place_policy, time_zone, return_origins_json, wrapped_key, "
      "created_at) "
      "VALUES (:id, :account, :name, :enabled, :policy, :zone, :origins, :key, :at)",
      {{"id", row.id},
       {"account", row.account},
       {"name", row.name},
       {"enabled", row.enabled},
       {"policy", row.place_policy},
       {"zone", row.time_zone},
       {"origins", to_json_array(row.return_origins)},
       {"key", row.wrapped_key},
       {"at", row.created_at}});
}

void change_tenant(Transaction& transaction, const TenantRow& row) {
  transaction.execute(
      "UPDATE tenants SET name = :name, enabled = :enabled, place_policy = :policy, place_asked = :asked, time_zone = "
      ":zone, "
      "return_origins_json = :origins, recording_retention_days = :days, recording_retention_since = :since, "
      "embed_origins_json = :embed, customer_sees_outcome = :sees, "
      "customer_photos = :customer_photos, call_orientation = :call_orientation "
      "WHERE id = :id",
      {{"name", row.name},
       {"enabled", row.enabled},
       {"policy", row.place_policy == "off" ? "optional" : row.place_policy},
       {"asked", row.place_policy != "off"},
       {"zone", row.time_zone},
       {"origins", to_json_array(row.return_origins)},
       {"days", row.retention.days},
       {"since", row.retention.since},
       {"embed", to_json_array(row.embed_origins)},
       {"sees", row.customer_sees_outcome},
       {"customer_photos", row.customer_photos},
       {"call_orientation", row.call_orientation},
       {"id", row.id}});
}

namespace {

/// Texts of customers and of guests are kept alike, in a table each.
std::vector<ConsentTextRow> current_texts(Connection& connection, const TenantId& tenant, const std::string& table) {
  std::vector<ConsentTextRow> texts;
  for (const Row& row : connection.query("SELECT language, version, body, sha256 FROM " + table +
                                             " WHERE tenant_id = :tenant AND is_current = 1 ORDER BY language DESC",
                                         {{"tenant", tenant}})) {
    texts.push_back({row.text(0), row.text(1), row.text(2), row.text(3)});
  }
  return texts;
}

bool put_text(Transaction& transaction, const TenantId& tenant, const std::string& table, const std::string& language,
              const std::string& body, WallTime now) {
  const std::string hash = to_hex(sha256(as_bytes(body)));
  const Params which{{"tenant", tenant}, {"language", language}};
  const auto current = transaction.first(
      "SELECT sha256 FROM " + table + " WHERE tenant_id = :tenant AND language = :language AND is_current = 1", which);
  if (current && current->text(0) == hash) return false;
  transaction.execute("UPDATE " + table + " SET is_current = 0 WHERE tenant_id = :tenant AND language = :language",
                      which);
  const std::string version =
      std::to_string(transaction.next_number(tenant, table.substr(0, table.size() - 1) + ":" + language));
  transaction.execute(
      "INSERT INTO " + table +
          " (tenant_id, language, version, body, sha256, is_current, created_at) "
          "VALUES (:tenant, :language, :version, :body, :hash, 1, :at)",
      {{"tenant", tenant}, {"language", language}, {"version", version}, {"body", body}, {"hash", hash}, {"at", now}});
  return true;
}

}  // namespace

std::vector<ConsentTextRow> current_consent_texts(Connection& connection, const TenantId& tenant) {
  return current_texts(connection, tenant, "consent_texts");
}
std::vector<ConsentTextRow> current_guest_consent_texts(Connection& connection, const TenantId& tenant) {
  return current_texts(connection, tenant, "guest_consent_texts");
}
bool put_consent_text(Transaction& transaction, const TenantId& tenant, const std::string& language,
                      const std::string& body, WallTime now) {
  return put_text(transaction, tenant, "consent_texts", language, body, now);
}
bool put_guest_consent_text(Transaction& transaction, const TenantId& tenant, const std::string& language,
                            const std::string& body, WallTime now) {
  return put_text(transaction, tenant, "guest_consent_texts", language, body, now);
}

std::optional<std::string> demo_secrets(Connection& connection, const TenantId& tenant) {
  const auto row = connection.first("SELECT sealed FROM demo_tenants WHERE tenant_id = :tenant", {{"tenant", tenant}});
  return row ? std::optional(row->text(0)) : std::nullopt;
}

void add_demo_secrets(Transaction& transaction, const TenantId& tenant, const std::string& sealed) {
  transaction.execute("INSERT INTO demo_tenants (tenant_id, sealed) VALUES (:tenant, :sealed)",
                      {{"tenant", tenant}, {"sealed", sealed}});
}

}  // namespace tw::store
