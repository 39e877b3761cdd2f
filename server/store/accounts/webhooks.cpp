#include "store/accounts/webhooks.hpp"

#include "store/accounts/json_strings.hpp"

namespace tw::store {
namespace {

const std::string kSelectEndpoint =
    "SELECT id, url, description, enabled, events_json, wrapped_secret, created_at FROM webhook_endpoints WHERE "
    "tenant_id = :tenant ";
const std::string kSelectMessage =
    "SELECT id, endpoint_id, interview_id, type, created_at, status, attempts, last_attempt_at, next_attempt_at, "
    "last_result, "
    "payload_json FROM webhook_messages WHERE tenant_id = :tenant ";

WebhookEndpointRow to_endpoint(const Row& row) {
  return {row.id<WebhookEndpointId>(0), row.text(1), row.text(2), row.flag(3),
          from_json_array(row.text(4)), row.text(5), row.time(6)};
}

WebhookMessageRow to_message(const Row& row) {
  std::optional<InterviewId> interview;
  if (!row.text(2).empty()) interview = row.id<InterviewId>(2);
  return {row.id<MessageId>(0),
          row.id<WebhookEndpointId>(1),
          interview,
          row.text(3),
          row.time(4),
          row.text(5),
          row.i64(6),
          row.opt_time(7),
          row.opt_time(8),
          row.text(9),
          row.text(10)};
}

}  // namespace

std::vector<WebhookEndpointRow> webhook_endpoints_of(Connection& connection, const TenantId& tenant) {
  std::vector<WebhookEndpointRow> endpoints;
  for (const Row& row : connection.query(kSelectEndpoint + "ORDER BY id", {{"tenant", tenant}}))
    endpoints.push_back(to_endpoint(row));
  return endpoints;
}

std::optional<WebhookEndpointRow> find_webhook_endpoint(Connection& connection, const TenantId& tenant,
                                                        const WebhookEndpointId& id) {
  const auto row = connection.first(kSelectEndpoint + "AND id = :id", {{"tenant", tenant}, {"id", id}});
  return row ? std::optional(to_endpoint(*row)) : std::nullopt;
}

void add_webhook_endpoint(Transaction& transaction, const TenantId& tenant, const WebhookEndpointRow& row) {
  transaction.execute(
      "INSERT INTO webhook_endpoints (tenant_id, id, url, description, enabled, events_json, wrapped_secret, "
      "created_at) "
      "VALUES (:tenant, :id, :url, :description, :enabled, :events, :secret, :at)",
      {{"tenant", tenant},
       {"id", row.id},
       {"url", row.url},
       {"description", row.description},
       {"enabled", row.enabled},
       {"events", to_json_array(row.events)},
       {"secret", row.wrapped_secret},
       {"at", row.created_at}});
}

void change_webhook_endpoint(Transaction& transaction, const TenantId& tenant, const WebhookEndpointRow& row,
                             WallTime now) {
  transaction.execute(
      "UPDATE webhook_endpoints SET url = :url, description = :description, enabled = :enabled, events_json = :events "
      "WHERE tenant_id = :tenant AND id = :id",
      {{"url", row.url},
       {"description", row.description},
       {"enabled", row.enabled},
       {"events", to_json_array(row.events)},
       {"tenant", tenant},
       {"id", row.id}});
  const Params which{{"tenant", tenant}, {"id", row.id}};
  if (!row.enabled) {
    transaction.execute(
        "UPDATE webhook_messages SET next_attempt_at = NULL WHERE tenant_id = :tenant AND endpoint_id = :id", which);
    return;
  }
  transaction.execute(
      "UPDATE webhook_messages SET next_attempt_at = :now WHERE tenant_id = :tenant AND endpoint_id = :id AND status = "
      "'pending' "
      "AND next_attempt_at IS NULL",
      {{"now", now}, {"tenant", tenant}, {"id", row.id}});
}

void remove_webhook_endpoint(Transaction& transaction, const TenantId& tenant, const WebhookEndpointId& id) {
  transaction.execute("DELETE FROM webhook_messages WHERE tenant_id = :tenant AND endpoint_id = :id",
                      {{"tenant", tenant}, {"id", id}});
  transaction.execute("DELETE FROM webhook_endpoints WHERE tenant_id = :tenant AND id = :id",
                      {{"tenant", tenant}, {"id", id}});
}

std::vector<WebhookMessageRow> webhook_messages(Connection& connection, const TenantId& tenant,
                                                const WebhookMessageFilter& filter) {
  std::string sql = kSelectMessage;
  Params params{{"tenant", tenant}};
  const auto narrow = [&](const char* condition, const char* name, const std::string& value) {
    if (value.empty()) return;
    sql += condition;
    params.emplace_back(name, value);
  };
  narrow("AND endpoint_id = :endpoint ", "endpoint", filter.endpoint);
  narrow("AND interview_id = :interview ", "interview", filter.interview);
  narrow("AND id < :before ", "before", filter.before);
  params.emplace_back("most", filter.most);
  std::vector<WebhookMessageRow> messages;
  for (const Row& row : connection.query(sql + "ORDER BY id DESC LIMIT :most", params))
    messages.push_back(to_message(row));
  return messages;
}

std::optional<WebhookMessageRow> find_webhook_message(Connection& connection, const TenantId& tenant,
                                                      const MessageId& id) {
  const auto row = connection.first(kSelectMessage + "AND id = :id", {{"tenant", tenant}, {"id", id}});
  return row ? std::optional(to_message(*row)) : std::nullopt;
}

void resend_webhook_message(Transaction& transaction, const TenantId& tenant, const MessageId& id, WallTime now) {
  transaction.execute(
      "UPDATE webhook_messages SET status = 'pending', tries = 0, next_attempt_at = :now WHERE tenant_id = :tenant AND "
      "id = :id",
      {{"now", now}, {"tenant", tenant}, {"id", id}});
}

}  // namespace tw::store
