#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/database.hpp"

namespace tw::store {

struct WebhookEndpointRow {
  WebhookEndpointId id;
  std::string url;
  std::string description;
  bool enabled = true;
  std::vector<std::string> events;
  std::string wrapped_secret;
  WallTime created_at;
};
[[nodiscard]] std::vector<WebhookEndpointRow> webhook_endpoints_of(Connection& connection, const TenantId& tenant);
[[nodiscard]] std::optional<WebhookEndpointRow> find_webhook_endpoint(Connection& connection, const TenantId& tenant,
                                                                      const WebhookEndpointId& id);
void add_webhook_endpoint(Transaction& transaction, const TenantId& tenant, const WebhookEndpointRow& row);
/// Address, description, whether it is enabled, events. Its pending messages pause while it is disabled and are due at
/// `now` when it is enabled again.
void change_webhook_endpoint(Transaction& transaction, const TenantId& tenant, const WebhookEndpointRow& row,
                             WallTime now);
/// With its messages.
void remove_webhook_endpoint(Transaction& transaction, const TenantId& tenant, const WebhookEndpointId& id);

struct WebhookMessageRow {
  MessageId id;
  WebhookEndpointId endpoint;
  std::optional<InterviewId> interview;
  std::string type;
  WallTime created_at;
  std::string status;
  std::int64_t attempts = 0;
  std::optional<WallTime> last_attempt_at;
  std::optional<WallTime> next_attempt_at;
  std::string last_result;
  std::string payload_json;
};
struct WebhookMessageFilter {
  std::string endpoint;   ///< empty: all
  std::string interview;  ///< empty: all
  std::string before;     ///< only ids below this one; empty: from the newest
  std::size_t most = 0;
};
/// Newest first.
[[nodiscard]] std::vector<WebhookMessageRow> webhook_messages(Connection& connection, const TenantId& tenant,
                                                              const WebhookMessageFilter& filter);
[[nodiscard]] std::optional<WebhookMessageRow> find_webhook_message(Connection& connection, const TenantId& tenant,
                                                                    const MessageId& id);
/// A new round of attempts, due at once.
void resend_webhook_message(Transaction& transaction, const TenantId& tenant, const MessageId& id, WallTime now);

}  // namespace tw::store
