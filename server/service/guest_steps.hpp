#pragma once

#include <string>

#include "base/result.hpp"
#include "service/caller.hpp"
#include "service/customer_steps.hpp"
#include "service/views.hpp"
#include "service/work.hpp"
#include "store/guests.hpp"

namespace tw::service {

class Core;

/// What a third party does between the link and leaving. Callers are guests; others get `auth.wrong_role`.
class GuestSteps {
 public:
  explicit GuestSteps(Core& core) : core_(core) {}

  [[nodiscard]] Result<GuestState> state(const Caller& caller);
  /// Accepting is joining; refusing is leaving. `consent.text_unknown` (409), `guest.room_full` (409),
  /// `interview.ended`, `guest.removed` (410).
  [[nodiscard]] Result<GuestState> consent(const Caller& caller, const ConsentReport& report);
  [[nodiscard]] Result<GuestState> leave(const Caller& caller);

 private:
  Core& core_;
};

[[nodiscard]] Result<GuestState> read_guest_state(Core& core, const TenantId& tenant, const GuestId& guest,
                                                  const std::string& session);
/// The guest is in the room from now on: row, timeline, hold. The interview's id.
[[nodiscard]] Result<InterviewId> join_room(Work& work, store::InterviewRecord& record, store::GuestRow& guest);

}  // namespace tw::service
