#include "store/customers.hpp"

namespace tw::store::customers {
namespace {

constexpr const char* kCounter = "customer";

std::optional<Session> read_session(const std::optional<Row>& row) {
  if (!row) return std::nullopt;
  return Session{row->text(0), row->id<TenantId>(1), row->id<InterviewId>(2)};
}

}  // namespace

std::optional<Customer> find(Connection& connection, const TenantId& tenant, const CustomerId& id) {
  const auto row =
      connection.first("SELECT id, number, nick_name FROM customers WHERE tenant_id = :tenant AND id = :id",
                       {{"tenant", tenant}, {"id", id}});
  if (!row) return std::nullopt;
  return Customer{row->id<CustomerId>(0), row->i64(1), row->text(2)};
}

Customer called(Transaction& transaction, const TenantId& tenant, const std::string& nick_name, WallTime now,
                Random& random) {
  const auto row = transaction.first("SELECT id, number FROM customers WHERE tenant_id = :tenant AND nick_name = :name",
                                     {{"tenant", tenant}, {"name", nick_name}});
  if (row) return {row->id<CustomerId>(0), row->i64(1), nick_name};
  Customer made{CustomerId::make(now, random), transaction.next_number(tenant, kCounter), nick_name};
  transaction.execute(
      "INSERT INTO customers (tenant_id, id, number, nick_name, created_at) VALUES (:tenant, :id, :number, :name, "
      ":now)",
      {{"tenant", tenant}, {"id", made.id}, {"number", made.number}, {"name", nick_name}, {"now", now}});
  return made;
}

std::optional<Session> active_session(Connection& connection, const TenantId& tenant, const InterviewId& interview) {
  return read_session(
      connection.first("SELECT id, tenant_id, interview_id FROM customer_sessions "
                       "WHERE tenant_id = :tenant AND interview_id = :interview AND is_active = 1 ORDER BY created_at "
                       "DESC, id DESC LIMIT 1",
                       {{"tenant", tenant}, {"interview", interview}}));
}

std::optional<Session> session_of(Connection& connection, const std::string& token_hash) {
  return read_session(connection.first(
      "SELECT id, tenant_id, interview_id FROM customer_sessions WHERE token_hash = :hash AND is_active = 1",
      {{"hash", token_hash}}));
}

void begin_session(Transaction& transaction, const Session& session, const std::string& token_hash, WallTime now) {
  transaction.execute(
      "UPDATE customer_sessions SET is_active = 0 WHERE tenant_id = :tenant AND interview_id = :interview AND "
      "is_active = 1",
      {{"tenant", session.tenant}, {"interview", session.interview}});
  transaction.execute(
      "INSERT INTO customer_sessions (token_hash, tenant_id, interview_id, id, is_active, created_at) "
      "VALUES (:hash, :tenant, :interview, :id, 1, :now)",
      {{"hash", token_hash},
       {"tenant", session.tenant},
       {"interview", session.interview},
       {"id", session.id},
       {"now", now}});
}

}  // namespace tw::store::customers
