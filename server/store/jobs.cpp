#include "store/jobs.hpp"

namespace tw::store::jobs {

void add(Transaction& transaction, const TenantId& tenant, const std::string& kind, const InterviewId& interview,
         WallTime now, Random& random) {
  transaction.execute(
      "INSERT INTO jobs (tenant_id, id, kind, interview_id, state, next_at, created_at, updated_at) "
      "VALUES (:tenant, :id, :kind, :interview, 'pending', :now, :now, :now)",
      {{"tenant", tenant}, {"id", JobId::make(now, random)}, {"kind", kind}, {"interview", interview}, {"now", now}});
}

std::optional<JobRow> claim(Transaction& transaction, const std::string& kind, WallTime now) {
  const auto row = transaction.first(
      "SELECT tenant_id, id, kind, interview_id, attempts FROM jobs "
      "WHERE state = 'pending' AND next_at <= :now AND kind = :kind ORDER BY next_at, id LIMIT 1",
      {{"now", now}, {"kind", kind}});
  if (!row) return std::nullopt;
  JobRow job{row->id<TenantId>(0), row->id<JobId>(1), row->text(2), row->id<InterviewId>(3), row->i64(4)};
  transaction.execute("UPDATE jobs SET state = 'running', updated_at = :now WHERE tenant_id = :tenant AND id = :id",
                      {{"now", now}, {"tenant", job.tenant}, {"id", job.id}});
  return job;
}

void finish(Transaction& transaction, const JobRow& job, WallTime now) {
  transaction.execute(
      "UPDATE jobs SET state = 'done', progress = 100, updated_at = :now WHERE tenant_id = :tenant AND id = :id",
      {{"now", now}, {"tenant", job.tenant}, {"id", job.id}});
}

void fail(Transaction& transaction, const JobRow& job, const std::string& error, std::optional<WallTime> next_at,
          WallTime now) {
  transaction.execute(
      "UPDATE jobs SET state = :state, attempts = attempts + 1, last_error = :error, next_at = COALESCE(:next_at, "
      "next_at), "
      "updated_at = :now WHERE tenant_id = :tenant AND id = :id",
      {{"state", next_at ? "pending" : "failed"},
       {"error", error},
       {"next_at", next_at},
       {"now", now},
       {"tenant", job.tenant},
       {"id", job.id}});
}

void postpone(Transaction& transaction, const JobRow& job, const std::string& reason, WallTime next_at, WallTime now) {
  transaction.execute(
      "UPDATE jobs SET state = 'pending', last_error = :reason, next_at = :next_at, updated_at = :now "
      "WHERE tenant_id = :tenant AND id = :id",
      {{"reason", reason}, {"next_at", next_at}, {"now", now}, {"tenant", job.tenant}, {"id", job.id}});
}

std::optional<WallTime> next_at(Connection& connection, const std::string& kind) {
  const auto row =
      connection.first("SELECT MIN(next_at) FROM jobs WHERE state = 'pending' AND kind = :kind", {{"kind", kind}});
  return row ? row->opt_time(0) : std::nullopt;
}

std::int64_t reset_running(Transaction& transaction, WallTime now) {
  return transaction.execute("UPDATE jobs SET state = 'pending', next_at = :now WHERE state = 'running'",
                             {{"now", now}});
}

bool is_open(Connection& connection, const TenantId& tenant, const std::string& kind, const InterviewId& interview) {
  return connection
      .first(
          "SELECT 1 FROM jobs WHERE tenant_id = :tenant AND kind = :kind AND interview_id = :interview "
          "AND state IN ('pending', 'running')",
          {{"tenant", tenant}, {"kind", kind}, {"interview", interview}})
      .has_value();
}

}  // namespace tw::store::jobs
