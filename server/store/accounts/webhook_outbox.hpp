#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "store/database.hpp"

/// The sending side of webhooks: from the outbox to messages, from messages to what is due. Across tenants.
namespace tw::store {

/// Makes a message for each enabled endpoint that wants the event, for at most `most` entries of the outbox. How many
/// entries were handled.
std::size_t fan_out(Transaction& transaction, std::size_t most, WallTime now, Random& random);

struct DueMessage {
  TenantId tenant;
  MessageId id;
  WebhookEndpointId endpoint;
  std::string url;
  std::string wrapped_secret;
  std::string body;
  std::int64_t tries = 0;  ///< that failed in this round
};
/// The longest due first.
[[nodiscard]] std::vector<DueMessage> due_messages(Connection& connection, WallTime now, std::size_t most);
/// The first time at which something is due; `now` while the outbox holds something.
[[nodiscard]] std::optional<WallTime> next_due(Connection& connection, WallTime now);

struct Attempt {
  std::string status;  ///< pending, delivered, failed
  std::string result;
  std::optional<WallTime> next_at;  ///< while pending
};
/// Nothing happens when the message is gone with its endpoint. It stays paused when the endpoint was disabled
/// meanwhile.
void note_attempt(Transaction& transaction, const DueMessage& message, const Attempt& attempt, WallTime now);
/// Without an attempt.
void postpone(Transaction& transaction, const DueMessage& message, WallTime until);
/// Drops messages that are done with and handled outbox entries from before `time`.
void drop_webhooks_before(Transaction& transaction, WallTime time);

}  // namespace tw::store
