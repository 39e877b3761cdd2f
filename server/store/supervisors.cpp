#include "store/supervisors.hpp"

namespace tw::store::supervisors {
namespace {

constexpr const char* kSelect =
    "SELECT tenant_id, id, interview_id, user_id, mode, started_at, ended_at, absent_until FROM supervisor_sessions ";

SupervisorRow read(const Row& row) {
  return {row.id<TenantId>(0),
          row.id<SupervisorId>(1),
          row.id<InterviewId>(2),
          row.id<AgentId>(3),
          domain::parse_supervision_mode(row.text(4)).value(),
          row.time(5),
          row.opt_time(6),
          row.opt_time(7)};
}

std::vector<SupervisorRow> read_all(const std::vector<Row>& rows) {
  std::vector<SupervisorRow> sessions;
  sessions.reserve(rows.size());
  for (const Row& row : rows) sessions.push_back(read(row));
  return sessions;
}

}  // namespace

void insert(Transaction& transaction, const SupervisorRow& row) {
  transaction.execute(
      "INSERT INTO supervisor_sessions (tenant_id, id, interview_id, user_id, mode, started_at, ended_at, "
      "absent_until) VALUES (:tenant, :id, :interview, :user, :mode, :started, :ended, :absent)",
      {{"tenant", row.tenant},
       {"id", row.id},
       {"interview", row.interview},
       {"user", row.user},
       {"mode", domain::to_text(row.mode)},
       {"started", row.started_at},
       {"ended", row.ended_at},
       {"absent", row.absent_until}});
}

void update(Transaction& transaction, const SupervisorRow& row) {
  transaction.execute(
      "UPDATE supervisor_sessions SET mode = :mode, ended_at = :ended, absent_until = :absent WHERE tenant_id = "
      ":tenant AND id = :id",
      {{"tenant", row.tenant},
       {"id", row.id},
       {"mode", domain::to_text(row.mode)},
       {"ended", row.ended_at},
       {"absent", row.absent_until}});
}

std::optional<SupervisorRow> find(Connection& connection, const TenantId& tenant, const SupervisorId& id) {
  const auto row = connection.first(std::string(kSelect) + "WHERE tenant_id = :tenant AND id = :id",
                                    {{"tenant", tenant}, {"id", id}});
  if (!row) return std::nullopt;
  return read(*row);
}

std::vector<SupervisorRow> in_interview(Connection& connection, const TenantId& tenant, const InterviewId& interview) {
  return read_all(connection.query(
      std::string(kSelect) +
          "WHERE tenant_id = :tenant AND interview_id = :interview AND ended_at IS NULL ORDER BY started_at, id",
      {{"tenant", tenant}, {"interview", interview}}));
}

std::vector<SupervisorRow> of_user(Connection& connection, const TenantId& tenant, const AgentId& user) {
  return read_all(connection.query(
      std::string(kSelect) + "WHERE tenant_id = :tenant AND user_id = :user AND ended_at IS NULL ORDER BY started_at",
      {{"tenant", tenant}, {"user", user}}));
}

void end_all(Transaction& transaction, const TenantId& tenant, const InterviewId& interview, WallTime at) {
  transaction.execute(
      "UPDATE supervisor_sessions SET ended_at = :at, absent_until = NULL WHERE tenant_id = :tenant AND interview_id = "
      ":interview AND ended_at IS NULL",
      {{"tenant", tenant}, {"interview", interview}, {"at", at}});
}

void set_all_absent(Transaction& transaction, WallTime until) {
  transaction.execute("UPDATE supervisor_sessions SET absent_until = :until WHERE ended_at IS NULL",
                      {{"until", until}});
}

std::vector<Key> due(Connection& connection, WallTime now, std::size_t limit) {
  std::vector<Key> keys;
  for (const Row& row : connection.query(
           "SELECT tenant_id, id FROM supervisor_sessions WHERE absent_until <= :now ORDER BY absent_until LIMIT "
           ":limit",
           {{"now", now}, {"limit", limit}})) {
    keys.push_back({row.id<TenantId>(0), row.id<SupervisorId>(1)});
  }
  return keys;
}

std::optional<WallTime> first_deadline(Connection& connection) {
  const auto row = connection.first("SELECT MIN(absent_until) FROM supervisor_sessions");
  return row ? row->opt_time(0) : std::nullopt;
}

}  // namespace tw::store::supervisors
