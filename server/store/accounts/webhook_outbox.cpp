#include "store/accounts/webhook_outbox.hpp"

#include <algorithm>
#include <map>

#include "store/accounts/webhooks.hpp"

namespace tw::store {
namespace {

/// The body as it is signed and sent (Standard Webhooks, "Payload structure"). Type and time are texts of ours; the
/// data was serialised when it was written to the outbox.
std::string payload_of(const std::string& type, WallTime at, const std::string& data_json) {
  return R"({"type":")" + type + R"(","timestamp":")" + to_rfc3339(at) + R"(","data":)" + data_json + "}";
}

}  // namespace

std::size_t fan_out(Transaction& transaction, std::size_t most, WallTime now, Random& random) {
  const auto entries = transaction.query(
      "SELECT tenant_id, id, interview_id, type, payload_json, at FROM outbox WHERE handled_at IS NULL ORDER BY at, id "
      "LIMIT :most",
      {{"most", most}});
  std::map<TenantId, std::vector<WebhookEndpointRow>> endpoints;
  for (const Row& entry : entries) {
    const auto tenant = entry.id<TenantId>(0);
    const std::string type = entry.text(3);
    if (!endpoints.contains(tenant)) endpoints.emplace(tenant, webhook_endpoints_of(transaction, tenant));
    for (const WebhookEndpointRow& endpoint : endpoints.at(tenant)) {
      if (!endpoint.enabled || std::find(endpoint.events.begin(), endpoint.events.end(), type) == endpoint.events.end())
        continue;
      // The id's time is the event's, so that the newest event comes first in a list.
      transaction.execute(
          "INSERT INTO webhook_messages (tenant_id, id, endpoint_id, outbox_id, interview_id, type, payload_json, "
          "created_at, status, "
          "next_attempt_at) VALUES (:tenant, :id, :endpoint, :outbox, :interview, :type, :payload, :at, 'pending', "
          ":now)",
          {{"tenant", tenant},
           {"id", MessageId::make(entry.time(5), random)},
           {"endpoint", endpoint.id},
           {"outbox", entry.text(1)},
           {"interview", entry.text(2)},
           {"type", type},
           {"payload", payload_of(type, entry.time(5), entry.text(4))},
           {"at", entry.time(5)},
           {"now", now}});
    }
    transaction.execute("UPDATE outbox SET handled_at = :now WHERE tenant_id = :tenant AND id = :id",
                        {{"now", now}, {"tenant", tenant}, {"id", entry.text(1)}});
  }
  return entries.size();
}

std::vector<DueMessage> due_messages(Connection& connection, WallTime now, std::size_t most) {
  std::vector<DueMessage> due;
  for (const Row& row :
       connection.query("SELECT m.tenant_id, m.id, m.endpoint_id, e.url, e.wrapped_secret, m.payload_json, m.tries "
                        "FROM webhook_messages m "
                        "JOIN webhook_endpoints e ON e.tenant_id = m.tenant_id AND e.id = m.endpoint_id "
                        "WHERE m.next_attempt_at <= :now AND m.status = 'pending' AND e.enabled = 1 ORDER BY "
                        "m.next_attempt_at, m.id LIMIT :most",
                        {{"now", now}, {"most", most}})) {
    due.push_back({row.id<TenantId>(0), row.id<MessageId>(1), row.id<WebhookEndpointId>(2), row.text(3), row.text(4),
                   row.text(5), row.i64(6)});
  }
  return due;
}

std::optional<WallTime> next_due(Connection& connection, WallTime now) {
  if (connection.first("SELECT 1 FROM outbox WHERE handled_at IS NULL LIMIT 1")) return now;
  const auto row =
      connection.first("SELECT MIN(next_attempt_at) FROM webhook_messages WHERE next_attempt_at IS NOT NULL");
  return row ? row->opt_time(0) : std::nullopt;
}

void note_attempt(Transaction& transaction, const DueMessage& message, const Attempt& attempt, WallTime now) {
  transaction.execute(
      "UPDATE webhook_messages SET status = :status, attempts = attempts + 1, tries = tries + 1, last_attempt_at = "
      ":now, "
      "next_attempt_at = CASE WHEN (SELECT enabled FROM webhook_endpoints e WHERE e.tenant_id = "
      "webhook_messages.tenant_id "
      "AND e.id = webhook_messages.endpoint_id) = 1 THEN :next ELSE NULL END, last_result = :result "
      "WHERE tenant_id = :tenant AND id = :id",
      {{"status", attempt.status},
       {"now", now},
       {"next", attempt.next_at},
       {"result", attempt.result},
       {"tenant", message.tenant},
       {"id", message.id}});
}

void postpone(Transaction& transaction, const DueMessage& message, WallTime until) {
  transaction.execute(
      "UPDATE webhook_messages SET next_attempt_at = :until WHERE tenant_id = :tenant AND id = :id AND next_attempt_at "
      "IS NOT NULL",
      {{"until", until}, {"tenant", message.tenant}, {"id", message.id}});
}

void drop_webhooks_before(Transaction& transaction, WallTime time) {
  transaction.execute("DELETE FROM webhook_messages WHERE status <> 'pending' AND created_at < :time",
                      {{"time", time}});
  transaction.execute("DELETE FROM outbox WHERE handled_at < :time", {{"time", time}});
}

}  // namespace tw::store
