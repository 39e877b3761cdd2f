#pragma once

#include "service/work.hpp"
#include "store/guests.hpp"

namespace tw::service {

/// How many are in the room or, with `invited`, could still come by their link. The agent's and the customer's places
/// are always counted.
[[nodiscard]] std::size_t people_in_room(store::Connection& connection, const store::InterviewRecord& record,
                                         WallTime now, bool invited);
[[nodiscard]] tl::unexpected<Error> room_full();
[[nodiscard]] Result<void> note_guest_left(Work& work, store::InterviewRecord& record, const store::GuestRow& guest,
                                           const char* reason);

}  // namespace tw::service
