#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/accounts/context.hpp"
#include "service/caller.hpp"

namespace tw::service {

/// A queue as its administrator sees it.
struct AdminQueue {
  QueueId id;
  std::int64_t number = 0;
  std::string name;
  bool enabled = true;
  std::int64_t waiting = 0;
  std::int64_t agents_online = 0;
  WallTime created_at;
};

class AdminQueues {
 public:
  static constexpr std::int64_t kMostQueues = 200;  ///< of a tenant; the desk shows them all

  explicit AdminQueues(AccountsContext context);

  [[nodiscard]] Result<std::vector<AdminQueue>> list(const Caller& caller);
  /// `field.invalid` (400) for the name, `queue.name_taken` (409), `queue.too_many` (409).
  [[nodiscard]] Result<AdminQueue> create(const Caller& caller, const std::string& name);
  struct Change {
    std::optional<std::string> name;
    std::optional<bool> enabled;
  };
  /// `queue.in_use` (409) when it is disabled while customers wait in it.
  [[nodiscard]] Result<AdminQueue> update(const Caller& caller, const std::string& id, const Change& change);
  /// `queue.in_use` (409) when an interview was ever made for it.
  [[nodiscard]] Result<void> remove(const Caller& caller, const std::string& id);

 private:
  AccountsContext context_;
};

}  // namespace tw::service
