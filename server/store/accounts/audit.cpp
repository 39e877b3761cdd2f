#include "store/accounts/audit.hpp"

#include "crypto/hash_chain.hpp"

namespace tw::store {
namespace {

std::string hash_of(std::string_view previous, std::int64_t number, std::int64_t at_micros, const std::string& actor,
                    const std::string& action, const std::string& subject, const std::string& data_json) {
  // Actor and subject are words and ids of ours and hold no line ends.
  return chain_hash(previous, number, at_micros, action, actor + "\n" + subject + "\n" + data_json);
}

}  // namespace

void append_audit(Transaction& transaction, const NewAuditEntry& entry, Random& random) {
  const auto last =
      transaction.first("SELECT number, hash FROM audit WHERE tenant_id = :tenant ORDER BY number DESC LIMIT 1",
                        {{"tenant", entry.tenant}});
  const std::int64_t number = last ? last->i64(0) + 1 : 1;
  const std::string previous = last ? last->text(1) : std::string(kChainStart);
  transaction.execute(
      "INSERT INTO audit (tenant_id, number, id, at, actor, action, subject, data_json, previous_hash, hash) "
      "VALUES (:tenant, :number, :id, :at, :actor, :action, :subject, :data, :previous, :hash)",
      {{"tenant", entry.tenant},
       {"number", number},
       {"id", AuditId::make(entry.at, random)},
       {"at", entry.at},
       {"actor", entry.actor},
       {"action", entry.action},
       {"subject", entry.subject},
       {"data", entry.data_json},
       {"previous", previous},
       {"hash",
        hash_of(previous, number, to_micros(entry.at), entry.actor, entry.action, entry.subject, entry.data_json)}});
}

std::int64_t first_broken_audit_entry(Connection& connection, const TenantId& tenant) {
  std::string previous(kChainStart);
  std::int64_t expected = 1;
  // In steps, so that a log of years does not have to fit into memory.
  constexpr std::int64_t kStep = 1'000;
  for (;;) {
    const auto rows = connection.query(
        "SELECT number, at, actor, action, subject, data_json, previous_hash, hash FROM audit "
        "WHERE tenant_id = :tenant AND number >= :from ORDER BY number LIMIT :most",
        {{"tenant", tenant}, {"from", expected}, {"most", kStep}});
    for (const Row& row : rows) {
      const std::string hash =
          hash_of(previous, row.i64(0), row.i64(1), row.text(2), row.text(3), row.text(4), row.text(5));
      if (row.i64(0) != expected || row.text(6) != previous || row.text(7) != hash) return expected;
      previous = hash;
      ++expected;
    }
    if (rows.empty()) return 0;
  }
}

}  // namespace tw::store
