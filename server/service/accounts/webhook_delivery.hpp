#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "service/accounts/context.hpp"

namespace tw::store {
struct DueMessage;
}

namespace tw::service {

/// Sends what is due to the integrators' endpoints (Standard Webhooks 1.0). Takes outbox entries that transactions
/// wrote, makes a message for each endpoint that wants the event, and tries until it is taken or given up.
///
/// `app` gives it one thread: run_due() whenever WakeUps says so. No polling: run_due() tells WakeUps when the next is
/// due.
class WebhookDelivery {
 public:
  /// After each attempt that failed. The first is short because most failures are a restart of the receiver.
  static constexpr std::array<std::chrono::seconds, 9> kBackOff{
      std::chrono::seconds{2},  std::chrono::seconds{30}, std::chrono::minutes{2},
      std::chrono::minutes{10}, std::chrono::minutes{30}, std::chrono::hours{2},
      std::chrono::hours{6},    std::chrono::hours{12},   std::chrono::hours{24}};
  static constexpr std::size_t kMostAttempts = kBackOff.size() + 1;  ///< then the message has failed
  static constexpr std::size_t kMostAtOnce = 64;                     ///< messages of one round
  static constexpr std::size_t kMostThreads = 4;                     ///< endpoints served at the same time
  static constexpr std::chrono::seconds kRoundTime{
      10};  ///< no attempt begins later in a round: new messages get their turn
  /// The other due messages of an endpoint that cannot be reached at all wait this long, and are not counted as
  /// attempts.
  static constexpr std::chrono::seconds kPauseOfUnreachable{10};
  static constexpr std::size_t kMostFannedOut = 200;  ///< outbox entries of one transaction
  static constexpr std::chrono::days kKeptFor{30};    ///< messages that are done with can be looked up and sent again
  static constexpr std::chrono::hours kCleanedEvery{1};

  WebhookDelivery(AccountsContext context, OutgoingHttp& http, WakeUps& wake_ups);

  /// Sends what is due now, and returns when the next is due; nullopt when nothing waits. One round at a time.
  std::optional<WallTime> run_due();
  /// Something was written to the outbox or is to be sent again: asks WakeUps for a round at once. Thread-safe.
  void wake();

 private:
  using Group = std::vector<store::DueMessage>;  ///< due messages of one endpoint
  void fan_out_all();
  void clean();
  [[nodiscard]] std::vector<Group> due_by_endpoint();
  void send_groups(std::vector<Group> groups);
  void send_group(const Group& group, SteadyTime until);
  /// False when the endpoint could not be reached.
  [[nodiscard]] bool send(const store::DueMessage& message);
  void note(const store::DueMessage& message, bool taken, bool gone, const std::string& result);

  AccountsContext context_;
  OutgoingHttp& http_;
  WakeUps& wake_ups_;
  std::mutex round_;
  std::optional<SteadyTime> cleaned_;
};

/// "v1," and base64 of HMAC-SHA256 over "id.timestamp.body" (Standard Webhooks 1.0); `secret` is "whsec_" and base64.
/// `webhook.bad_secret` when it is not.
[[nodiscard]] Result<std::string> webhook_signature(const std::string& secret, const std::string& message_id,
                                                    std::int64_t timestamp_s, const std::string& body);
/// What an endpoint's secret is wrapped for.
[[nodiscard]] std::string webhook_secret_context(const WebhookEndpointId& id);

}  // namespace tw::service
