#pragma once

#include <optional>
#include <string>

#include "store/database.hpp"

namespace tw::store {

struct IdempotencyRow {
  std::string request_hash;
  WallTime begun_at;
  std::optional<std::int64_t> status;  ///< none while the first request is at work
  std::string sealed_answer;
};
struct IdempotencyName {
  TenantId tenant;
  std::string caller;
  std::string key_hash;
};
/// Expired ones are dropped first.
[[nodiscard]] std::optional<IdempotencyRow> find_idempotency(Transaction& transaction, const IdempotencyName& name,
                                                             WallTime now);
/// New, or begun again.
void begin_idempotency(Transaction& transaction, const IdempotencyName& name, const std::string& request_hash,
                       WallTime now, WallTime expires);
void finish_idempotency(Transaction& transaction, const IdempotencyName& name, std::int64_t status,
                        const std::string& sealed_answer);
/// Only one that is not finished.
void abandon_idempotency(Transaction& transaction, const IdempotencyName& name);

}  // namespace tw::store
