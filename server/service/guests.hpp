#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

struct NewGuest {
  std::string display_name;
  bool sign_in_required = false;
  std::int64_t valid_seconds = 3'600;
};

/// The agent invites third parties and shows them out. Callers are users; interviews that they may not see answer
/// `interview.unknown` (404). Every invitation, arrival and departure is on the timeline; invitations and removals are
/// in the audit log.
class Guests {
 public:
  static constexpr std::size_t kMostInvitations = 50;     ///< of an interview, whatever became of them
  static constexpr std::int64_t kMostOpenOfTenant = 500;  ///< links that can still be used

  explicit Guests(Core& core) : core_(core) {}

  /// `guest.room_full`, `guest.too_many`, `interview.not_talking`, `interview.not_yours` (409), `server.draining`
  /// (503).
  [[nodiscard]] Result<CreatedGuest> invite(const Caller& caller, const std::string& interview, const NewGuest& wanted);
  [[nodiscard]] Result<std::vector<GuestView>> list(const Caller& caller, const std::string& interview);
  /// Out at once, and the link is void. `guest.unknown` (404), `interview.not_yours` (409). Repeating changes nothing.
  [[nodiscard]] Result<void> remove(const Caller& caller, const std::string& interview, const std::string& guest);

  /// A guest who is in the room leaves it; nothing happens for one who is not. `only_absent`: only one whose absence
  /// has run out.
  [[nodiscard]] static Result<void> leave(Core& core, const TenantId& tenant, const GuestId& guest, const char* reason,
                                          bool only_absent = false);

 private:
  Core& core_;
};

}  // namespace tw::service
