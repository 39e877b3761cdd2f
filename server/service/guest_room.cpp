#include "service/guest_room.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "store/supervisors.hpp"

namespace tw::service {

using domain::GuestStatus;

std::size_t people_in_room(store::Connection& connection, const store::InterviewRecord& record, WallTime now,
                           bool invited) {
  std::size_t people = 2 + store::supervisors::in_interview(connection, record.tenant, record.state.id).size();
  for (const store::GuestRow& guest : store::guests::of_interview(connection, record.tenant, record.state.id)) {
    const bool may_come = invited && guest.status != GuestStatus::removed && guest.expires_at > now;
    if (guest.status == GuestStatus::joined || may_come) ++people;
  }
  return people;
}

tl::unexpected<Error> room_full() {
  return fail(ErrorKind::conflict, "guest.room_full", "The room is full: ten people may be in it.");
}

Result<void> note_guest_left(Work& work, store::InterviewRecord& record, const store::GuestRow& guest,
                             const char* reason) {
  const boost::json::object data{{"guestId", guest.id.str()}, {"reason", reason}};
  return work.note(record, {"guest_left", boost::json::serialize(data)});
}

}  // namespace tw::service
