#include "store/satisfaction.hpp"

namespace tw::store::satisfaction {

std::optional<Row> find(Connection& connection, const TenantId& tenant, const InterviewId& interview) {
  const auto row = connection.first(
      "SELECT score, comment, given_at FROM satisfaction WHERE tenant_id = :tenant AND interview_id = :interview",
      {{"tenant", tenant}, {"interview", interview}});
  if (!row) return std::nullopt;
  return Row{row->i64(0), row->text(1), row->time(2)};
}

void insert(Transaction& transaction, const TenantId& tenant, const InterviewId& interview, const Row& row) {
  transaction.execute(
      "INSERT INTO satisfaction (tenant_id, interview_id, score, comment, given_at) "
      "VALUES (:tenant, :interview, :score, :comment, :at)",
      {{"tenant", tenant},
       {"interview", interview},
       {"score", row.score},
       {"comment", row.comment},
       {"at", row.given_at}});
}

}  // namespace tw::store::satisfaction
