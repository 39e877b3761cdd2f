#pragma once

#include <string>

#include "base/random.hpp"
#include "store/database.hpp"

namespace tw::store {

/// Something that others are told of, written in the transaction of what happened. Webhook delivery takes it from there
/// (store/accounts/webhook_outbox.hpp).
struct OutboxEvent {
  TenantId tenant;
  InterviewId interview;
  std::string type;  ///< interview.answered …
  std::string payload_json;
  WallTime at;
};
void append_outbox(Transaction& transaction, const OutboxEvent& event, Random& random);

}  // namespace tw::store
