#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/accounts/context.hpp"
#include "service/caller.hpp"
#include "service/page.hpp"

namespace tw::service {

class WebhookDelivery;

/// interview.queued, interview.answered, interview.transferred, interview.concluded, interview.outcome_deferred,
/// interview.outcome_overdue, interview.follow_up_created, interview.ended, recording.ready.
[[nodiscard]] const std::vector<std::string>& webhook_event_types();

struct WebhookEndpoint {
  WebhookEndpointId id;
  std::string url;
  std::string description;
  bool enabled = true;
  std::vector<std::string> events;
  WallTime created_at;
};
struct CreatedWebhookEndpoint {
  WebhookEndpoint endpoint;
  std::string secret;  ///< "whsec_" and base64, in this answer only
};

/// One event for one endpoint.
struct WebhookMessage {
  MessageId id;
  WebhookEndpointId endpoint_id;
  std::optional<InterviewId> interview_id;
  std::string type;
  WallTime created_at;
  std::string status;  ///< pending, delivered, failed
  std::int64_t attempts = 0;
  std::optional<WallTime> last_attempt_at;
  std::optional<WallTime> next_attempt_at;
  std::string last_result;   ///< HTTP status or the failure's code; empty before the first attempt
  std::string payload_json;  ///< {type, timestamp, data}
};

/// For API keys and administrators.
class WebhookEndpoints {
 public:
  static constexpr std::int64_t kMostEndpoints = 20;  ///< of a tenant

  WebhookEndpoints(AccountsContext context, OutgoingHttp& http, WebhookDelivery& delivery);

  [[nodiscard]] Result<std::vector<WebhookEndpoint>> list(const Caller& caller);
  struct NewEndpoint {
    std::string url;
    std::string description;
    std::vector<std::string> events;  ///< empty: all
  };
  /// `webhook.too_many` (409); what OutgoingHttp::check_url says of the address (422); `field.invalid` (400).
  [[nodiscard]] Result<CreatedWebhookEndpoint> create(const Caller& caller, const NewEndpoint& endpoint);
  struct Change {
    std::optional<std::string> url;
    std::optional<std::string> description;
    std::optional<bool> enabled;
    std::optional<std::vector<std::string>> events;
  };
  [[nodiscard]] Result<WebhookEndpoint> update(const Caller& caller, const std::string& id, const Change& change);
  /// Messages that were not delivered are dropped.
  [[nodiscard]] Result<void> remove(const Caller& caller, const std::string& id);

  struct MessageFilter {
    std::string endpoint_id;
    std::string interview_id;
  };
  [[nodiscard]] Result<Page<WebhookMessage>> messages(const Caller& caller, const MessageFilter& filter,
                                                      const PageRequest& page);
  /// Sends it once more, whatever became of it. `webhook.endpoint_disabled` (409).
  [[nodiscard]] Result<WebhookMessage> resend(const Caller& caller, const std::string& id);

 private:
  AccountsContext context_;
  OutgoingHttp& http_;
  WebhookDelivery& delivery_;
};

}  // namespace tw::service
