#include "service/guests.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "service/guest_room.hpp"
#include "service/media_tokens.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"
#include "store/accounts/audit.hpp"
#include "store/guests.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;
using domain::GuestStatus;

/// The rules of who may change the guests of a conversation: its agent while it runs.
Result<void> conducts(const store::InterviewRecord& record, const Caller& caller) {
  if (record.state.status != domain::Status::talking) {
    return fail(ErrorKind::conflict, "interview.not_talking", "Guests are invited to a conversation that runs.");
  }
  if (record.state.agent == caller.user()) return {};
  return fail(ErrorKind::conflict, "interview.not_yours", "Another agent conducts this interview.");
}

GuestView view_of(Core& core, store::Connection& connection, const store::InterviewRecord& record, const GuestId& id) {
  auto views = build_guests(core, connection, record);
  const auto found = std::find_if(views.begin(), views.end(), [&](const GuestView& view) { return view.id == id; });
  return found == views.end() ? GuestView{} : std::move(*found);
}

}  // namespace

Result<CreatedGuest> Guests::invite(const Caller& caller, const std::string& interview, const NewGuest& wanted) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  if (core_.draining()) {
    return fail(ErrorKind::unavailable, "server.draining", "The server is about to stop; try again in a minute.");
  }
  return transact(core_, [&](Work& work) -> Result<CreatedGuest> {
    auto record = visible_interview(work.sql(), caller, interview);
    if (!record) return tl::unexpected(record.error());
    if (auto may = conducts(*record, caller); !may) return tl::unexpected(may.error());
    const auto before = store::guests::of_interview(work.sql(), caller.tenant, record->state.id);
    if (before.size() >= kMostInvitations ||
        store::guests::count_open(work.sql(), caller.tenant, work.now()) >= kMostOpenOfTenant) {
      return fail(ErrorKind::conflict, "guest.too_many", "There are as many invitations as there may be.");
    }
    if (people_in_room(work.sql(), *record, work.now(), true) >= domain::kMostPeople) return room_full();

    store::GuestRow guest;
    guest.tenant = caller.tenant;
    guest.id = GuestId::make(work.now(), core_.random());
    guest.interview = record->state.id;
    guest.display_name = wanted.display_name;
    guest.sign_in_required = wanted.sign_in_required;
    guest.invited_by = caller.user();
    guest.invited_at = work.now();
    guest.expires_at = work.now() + std::chrono::seconds(wanted.valid_seconds);
    store::guests::insert(work.sql(), guest);
    const json::object data{{"guestId", guest.id.str()},
                            {"displayName", guest.display_name},
                            {"agentId", caller.id},
                            {"signInRequired", guest.sign_in_required},
                            {"expiresAt", to_rfc3339(guest.expires_at)}};
    if (auto noted = work.note(*record, {"guest_invited", json::serialize(data)}); !noted) {
      return tl::unexpected(noted.error());
    }
    store::append_audit(work.sql(),
                        {caller.tenant, work.now(), caller.actor(), "guest.invited", guest.id.str(),
                         json::serialize(json::object{{"interview", guest.interview.str()}})},
                        core_.random());
    const std::string token = make_guest_token({caller.tenant, guest.id}, guest.expires_at, core_.guest_key());
    return CreatedGuest{view_of(core_, work.sql(), *record, guest.id),
                        {core_.settings().public_url + "/g/#" + token, guest.expires_at}};
  });
}

Result<std::vector<GuestView>> Guests::list(const Caller& caller, const std::string& interview) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  return core_.database().read([&](store::Connection& connection) -> Result<std::vector<GuestView>> {
    const auto record = visible_interview(connection, caller, interview);
    if (!record) return tl::unexpected(record.error());
    return build_guests(core_, connection, *record);
  });
}

Result<void> Guests::remove(const Caller& caller, const std::string& interview, const std::string& guest) {
  if (auto allowed = require_user(caller); !allowed) return allowed;
  return transact(core_, [&](Work& work) -> Result<void> {
    auto record = visible_interview(work.sql(), caller, interview);
    if (!record) return tl::unexpected(record.error());
    const auto id = GuestId::parse(guest);
    auto row = id ? store::guests::find(work.sql(), caller.tenant, *id) : std::nullopt;
    if (!row || row->interview != record->state.id) {
      return fail(ErrorKind::not_found, "guest.unknown", "There is no such guest.");
    }
    if (row->status == GuestStatus::removed) return {};
    if (record->state.status != domain::Status::ended) {
      if (auto may = conducts(*record, caller); !may) return may;
    }
    row->status = GuestStatus::removed;
    if (!row->left_at) row->left_at = work.now();
    row->absent_until.reset();
    store::guests::update(work.sql(), *row);
    store::guests::end_sessions(work.sql(), caller.tenant, row->id);
    store::append_audit(work.sql(),
                        {caller.tenant, work.now(), caller.actor(), "guest.removed", row->id.str(),
                         json::serialize(json::object{{"interview", row->interview.str()}})},
                        core_.random());
    work.effects.people_to_disconnect.emplace(row->interview, row->id.str());
    return note_guest_left(work, *record, *row, "removed");
  });
}

Result<void> Guests::leave(Core& core, const TenantId& tenant, const GuestId& guest, const char* reason,
                           bool only_absent) {
  return transact(core, [&](Work& work) -> Result<void> {
    auto row = store::guests::find(work.sql(), tenant, guest);
    if (!row) return {};
    const bool absent = row->absent_until && *row->absent_until <= work.now();
    if (only_absent && !absent) return {};
    row->absent_until.reset();
    if (row->status != GuestStatus::joined) {
      store::guests::update(work.sql(), *row);
      return {};
    }
    row->status = GuestStatus::left;
    row->left_at = work.now();
    store::guests::update(work.sql(), *row);
    work.effects.people_to_disconnect.emplace(row->interview, row->id.str());
    auto record = work.interview(tenant, row->interview);
    if (!record) return tl::unexpected(record.error());
    return note_guest_left(work, *record, *row, reason);
  });
}

}  // namespace tw::service
