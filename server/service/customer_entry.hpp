#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

/// The customer comes in by the link.
class CustomerEntry {
 public:
  explicit CustomerEntry(Core& core) : core_(core) {}

  /// Exchanges the link's token for a session of this device. Asks the order endpoint, where there is one.
  /// `link.unknown` (404), `link.expired`, `interview.ended` (410), `interview.not_allowed` (403, with the parameter
  /// `message`), `order.unavailable`, `server.draining`, `recording.disk_full` (503), `customer.other_device` (409)
  /// unless `take_over`.
  [[nodiscard]] Result<CustomerSessionView> open(const std::string& link_token, bool take_over);
  /// For accounts' Authenticator: who holds this twc_ token; nullopt when nobody does or another device took over.
  [[nodiscard]] std::optional<Caller> find_session(std::string_view token) const;

 private:
  Core& core_;
};

}  // namespace tw::service
