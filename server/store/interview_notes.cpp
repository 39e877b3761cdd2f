#include "store/interview_notes.hpp"

namespace tw::store::interview_notes {

NotesRow find(Connection& connection, const TenantId& tenant, const InterviewId& interview) {
  const auto row = connection.first(
      "SELECT version, body, updated_at, updated_by FROM interview_notes WHERE tenant_id = :tenant AND interview_id = "
      ":interview",
      {{"tenant", tenant}, {"interview", interview}});
  if (!row) return {};
  return {row->i64(0), row->text(1), row->opt_time(2), row->opt_id<AgentId>(3)};
}

void put(Transaction& transaction, const TenantId& tenant, const InterviewId& interview, const NotesRow& notes) {
  transaction.execute(
      "INSERT INTO interview_notes (tenant_id, interview_id, version, body, updated_at, updated_by) "
      "VALUES (:tenant, :interview, :version, :body, :at, :by) "
      "ON CONFLICT (tenant_id, interview_id) DO UPDATE SET version = excluded.version, body = excluded.body, "
      "updated_at = excluded.updated_at, updated_by = excluded.updated_by",
      {{"tenant", tenant},
       {"interview", interview},
       {"version", notes.version},
       {"body", notes.text},
       {"at", notes.updated_at},
       {"by", notes.updated_by}});
}

}  // namespace tw::store::interview_notes
