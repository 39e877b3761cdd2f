#include "store/accounts/idempotency_keys.hpp"

namespace tw::store {
namespace {

const std::string kWhich = " WHERE tenant_id = :tenant AND caller_id = :caller AND key_hash = :key";

Params which(const IdempotencyName& name, Params more = {}) {
  more.insert(more.end(), {{"tenant", name.tenant}, {"caller", name.caller}, {"key", name.key_hash}});
  return more;
}

}  // namespace

std::optional<IdempotencyRow> find_idempotency(Transaction& transaction, const IdempotencyName& name, WallTime now) {
  transaction.execute("DELETE FROM idempotency_keys WHERE expires_at <= :now", {{"now", now}});
  const auto row = transaction.first(
      "SELECT request_hash, begun_at, status, sealed_answer FROM idempotency_keys" + kWhich, which(name));
  if (!row) return std::nullopt;
  return IdempotencyRow{row->text(0), row->time(1), row->opt_i64(2), row->text(3)};
}

void begin_idempotency(Transaction& transaction, const IdempotencyName& name, const std::string& request_hash,
                       WallTime now, WallTime expires) {
  transaction.execute(
      "INSERT INTO idempotency_keys (tenant_id, caller_id, key_hash, request_hash, begun_at, expires_at) "
      "VALUES (:tenant, :caller, :key, :request, :now, :expires) "
      "ON CONFLICT (tenant_id, caller_id, key_hash) DO UPDATE SET begun_at = excluded.begun_at, expires_at = "
      "excluded.expires_at",
      which(name, {{"request", request_hash}, {"now", now}, {"expires", expires}}));
}

void finish_idempotency(Transaction& transaction, const IdempotencyName& name, std::int64_t status,
                        const std::string& sealed_answer) {
  transaction.execute("UPDATE idempotency_keys SET status = :status, sealed_answer = :answer" + kWhich,
                      which(name, {{"status", status}, {"answer", sealed_answer}}));
}

void abandon_idempotency(Transaction& transaction, const IdempotencyName& name) {
  transaction.execute("DELETE FROM idempotency_keys" + kWhich + " AND status IS NULL", which(name));
}

}  // namespace tw::store
