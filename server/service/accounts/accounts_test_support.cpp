#include "service/accounts/accounts_test_support.hpp"

#include <algorithm>

namespace tw::service {

bool RecordingNotifier::was_told(const std::string& what) const {
  return std::find(told.begin(), told.end(), what) != told.end();
}

Result<OutgoingResponse> FakeOutgoing::send(const OutgoingRequest& request) {
  {
    const std::lock_guard lock(mutex_);
    sent.push_back(request);
  }
  return answer(request);
}

Result<void> FakeOutgoing::check_url(const std::string& url) {
  if (url.starts_with("http://")) return fail(ErrorKind::invalid, "outgoing.not_https", "Not https.");
  if (!url.starts_with("https://")) return fail(ErrorKind::invalid, "outgoing.malformed", "No address.");
  return {};
}

std::string header_of(const OutgoingRequest& request, const std::string& name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return "";
}

AccountsTest::AccountsTest() {
  company_ = operator_.create_tenant({"acme", "Acme Bank", "root"}).value();
  tenant_ = company_.id;
  administrator_ =
      database_
          ->read([&](store::Connection& connection) -> Result<AgentId> {
            return connection.first("SELECT id FROM users WHERE tenant_id = :tenant", {{"tenant", tenant_}})
                ->id<AgentId>(0);
          })
          .value();
}

Caller AccountsTest::stranger() {
  const auto other = operator_.create_tenant({"other", "Other Bank", "root"}).value();
  return {other.id, CallerKind::administrator, "agt_01ARZ3NDEKTSV4RRFFQ69G5FAV", "sig_9", {}};
}

void AccountsTest::execute(const std::string& sql, const store::Params& params) {
  const auto written = database_->write([&](store::Transaction& transaction) -> Result<void> {
    transaction.execute(sql, params);
    return {};
  });
  ASSERT_TRUE(written) << written.error().message;
}

std::int64_t AccountsTest::number(const std::string& sql, const store::Params& params) {
  return database_
      ->read(
          [&](store::Connection& connection) -> Result<std::int64_t> { return connection.first(sql, params)->i64(0); })
      .value();
}

std::vector<std::string> AccountsTest::audit_actions() {
  return database_
      ->read([&](store::Connection& connection) -> Result<std::vector<std::string>> {
        std::vector<std::string> actions;
        for (const auto& row : connection.query("SELECT action FROM audit WHERE tenant_id = :tenant ORDER BY number",
                                                {{"tenant", tenant_}})) {
          actions.push_back(row.text(0));
        }
        return actions;
      })
      .value();
}

InterviewId AccountsTest::insert_interview(const QueueId& queue, const std::string& status, const std::string& agent) {
  const WallTime now = clock_.wall_now();
  const auto customer_id = CustomerId::make(now, random_);
  const auto interview = InterviewId::make(now, random_);
  execute(
      "INSERT INTO customers (tenant_id, id, number, nick_name, created_at) VALUES (:tenant, :id, :number, :name, :at)",
      {{"tenant", tenant_},
       {"id", customer_id},
       {"number", static_cast<std::int64_t>(random_.u32())},
       {"name", customer_id.str()},
       {"at", now}});
  execute(
      "INSERT INTO interviews (tenant_id, id, version, node, queue_id, customer_id, business_id, company_name, status, "
      "agent_id, created_at, "
      "expires_at, timeline_hash) VALUES (:tenant, :id, 1, 'local', :queue, :customer, 'B-1', 'Acme', :status, :agent, "
      ":at, :at2, '')",
      {{"tenant", tenant_},
       {"id", interview},
       {"queue", queue},
       {"customer", customer_id},
       {"status", status},
       {"agent", agent},
       {"at", now},
       {"at2", now}});
  return interview;
}

}  // namespace tw::service
