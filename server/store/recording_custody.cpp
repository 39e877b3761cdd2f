#include "store/recording_custody.hpp"

#include <chrono>

#include "domain/retention.hpp"

namespace tw::store::recordings {
namespace {

constexpr char kErased = '-';  // in no base64 text

}  // namespace

void set_hold(Transaction& transaction, const RecordingRow& recording) {
  transaction.execute(
      "UPDATE recordings SET held_since = :since, held_by = :by, held_reason = :reason "
      "WHERE tenant_id = :tenant AND id = :id",
      {{"since", recording.held_since},
       {"by", recording.held_by},
       {"reason", recording.held_reason},
       {"tenant", recording.tenant},
       {"id", recording.id}});
}

void erase(Transaction& transaction, const RecordingRow& recording) {
  const Params which{{"tenant", recording.tenant}, {"id", recording.id}};
  // As long as the key was, so that SQLite overwrites it where it lies: see 0006_recording_custody.sql.
  const auto erased = transaction.execute(
      "UPDATE recording_keys SET wrapped_key = :nothing WHERE tenant_id = :tenant AND recording_id = :id",
      {{"nothing", std::string(recording.wrapped_key.size(), kErased)},
       {"tenant", recording.tenant},
       {"id", recording.id}});
  if (erased != 1) throw StoreError("a recording has no key to erase");
  transaction.execute(
      "UPDATE recordings SET deleted_at = :at, deleted_by = :by, deletion_reason = :reason, chapters_json = '[]' "
      "WHERE tenant_id = :tenant AND id = :id",
      {{"at", recording.deleted_at},
       {"by", recording.deleted_by},
       {"reason", recording.deletion_reason},
       {"tenant", recording.tenant},
       {"id", recording.id}});
  transaction.execute("UPDATE recording_files SET display_name = '' WHERE tenant_id = :tenant AND recording_id = :id",
                      which);
}

std::vector<Key> expired(Connection& connection, WallTime now, const char* busy_job, std::size_t limit) {
  std::vector<Key> keys;
  for (const Row& row : connection.query(
           "SELECT r.tenant_id, r.interview_id FROM tenants t "
           "JOIN recordings r ON r.tenant_id = t.id AND r.deleted_at IS NULL AND r.held_since IS NULL "
           "JOIN interviews i ON i.tenant_id = r.tenant_id AND i.id = r.interview_id "
           "WHERE t.recording_retention_days IS NOT NULL AND t.recording_retention_since <= :spared "
           "AND i.status = 'ended' AND i.ended_at <= :now - t.recording_retention_days * :day "
           "AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.tenant_id = r.tenant_id AND j.interview_id = r.interview_id "
           "AND j.kind = :busy AND j.state IN ('pending', 'running')) "
           "ORDER BY i.ended_at LIMIT :most",
           {{"spared", now - domain::Retention::kGrace},
            {"now", now},
            {"day", std::chrono::microseconds(std::chrono::days(1)).count()},
            {"busy", busy_job},
            {"most", limit}})) {
    keys.push_back({row.id<TenantId>(0), row.id<InterviewId>(1)});
  }
  return keys;
}

}  // namespace tw::store::recordings
