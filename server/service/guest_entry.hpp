#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

/// A third party comes in by the invitation.
class GuestEntry {
 public:
  explicit GuestEntry(Core& core) : core_(core) {}

  /// Exchanges the invitation's token for a session of this device. `user` is whoever is signed in there, if anybody.
  /// `link.unknown` (404, also for a user of another tenant), `link.expired`, `guest.removed`, `interview.ended` (410),
  /// `guest.sign_in_required` (401), `guest.other_device` (409) unless `take_over`, `guest.room_full` (409),
  /// `server.draining` (503).
  [[nodiscard]] Result<GuestSessionView> open(const std::string& token, bool take_over,
                                              const std::optional<Caller>& user);
  /// For accounts' Authenticator: who holds this twg_ token; nullopt when nobody does or another device took over.
  [[nodiscard]] std::optional<Caller> find_session(std::string_view token) const;

 private:
  Core& core_;
};

}  // namespace tw::service
