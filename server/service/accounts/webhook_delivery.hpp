#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>

#include "service/accounts/context.hpp"

namespace tw::service {

/// Sends what is due to the integrators' endpoints (Standard Webhooks 1.0). Takes outbox entries that transactions
/// wrote, makes a message for each endpoint that wants the event, and tries until it is taken or given up.
///
/// `app` gives it one thread: run_due() whenever WakeUps says so. No polling: run_due() tells WakeUps when the next is
/// due.
class WebhookDelivery {
 public:
  /// After the first attempt and after each that failed. The first retry is soon because most failures are a restart.
  static constexpr std::array<std::chrono::seconds, 9> kBackOff{
      std::chrono::seconds{2},  std::chrono::seconds{30}, std::chrono::minutes{2},
      std::chrono::minutes{10}, std::chrono::minutes{30}, std::chrono::hours{2},
      std::chrono::hours{6},    std::chrono::hours{12},   std::chrono::hours{24}};
  static constexpr std::size_t kMostAttempts = kBackOff.size() + 1;  ///< then the message has failed
  static constexpr std::size_t kMostAtOnce = 32;  ///< messages of one round, so that new ones are not kept waiting

  WebhookDelivery(AccountsContext context, OutgoingHttp& http, WakeUps& wake_ups);

  /// Sends what is due now. When the next is due; nullopt when nothing waits. Not reentrant: one thread at a time.
  std::optional<WallTime> run_due();
  /// Something was written to the outbox or is to be sent again: asks WakeUps for a round at once. Thread-safe.
  void wake();

 private:
  struct Due;
  void fan_out();
  [[nodiscard]] bool send(const Due& due);

  AccountsContext context_;
  OutgoingHttp& http_;
  WakeUps& wake_ups_;
};

/// "v1," and base64 of HMAC-SHA256 over "id.timestamp.body" (Standard Webhooks 1.0); `secret` is "whsec_" and base64.
[[nodiscard]] Result<std::string> webhook_signature(const std::string& secret, const std::string& message_id,
                                                    std::int64_t timestamp_s, const std::string& body);

}  // namespace tw::service
