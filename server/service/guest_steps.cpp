#include "service/guest_steps.hpp"

#include <boost/json.hpp>

#include "service/accounts/brands.hpp"
#include "service/accounts/guest_texts.hpp"
#include "service/guest_room.hpp"
#include "service/guests.hpp"
#include "service/presence_book.hpp"
#include "service/view_builder.hpp"
#include "store/accounts/tenants.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;
using domain::GuestStatus;

Result<void> guests_only(const Caller& caller) { return require(caller, {CallerKind::guest}); }

}  // namespace

Result<InterviewId> join_room(Work& work, store::InterviewRecord& record, store::GuestRow& guest) {
  guest.status = GuestStatus::joined;
  guest.left_at.reset();
  if (!guest.joined_at) guest.joined_at = work.now();
  // Whoever has no page open yet gets the time of an absence to open it.
  if (!work.core().presence().guest_present(guest.interview, guest.id)) {
    guest.absent_until = work.now() + work.timing().customer_absence;
    work.effects.wake_at = guest.absent_until;
  }
  store::guests::update(work.sql(), guest);
  if (record.state.held) work.effects.to_hold.emplace(guest.interview, guest.id.str());
  json::object data{{"guestId", guest.id.str()}, {"displayName", guest.display_name}};
  if (guest.user) data["userId"] = guest.user->str();
  data["consent"] = json::parse(guest.consent_json);
  auto noted = work.note(record, {"guest_joined", json::serialize(data)});
  if (!noted) return tl::unexpected(noted.error());
  return guest.interview;
}

Result<GuestState> read_guest_state(Core& core, const TenantId& tenant, const GuestId& guest,
                                    const std::string& session) {
  return core.database().read([&](store::Connection& connection) -> Result<GuestState> {
    const auto row = store::guests::find(connection, tenant, guest);
    const auto record = row ? store::interviews::find(connection, tenant, row->interview) : std::nullopt;
    const auto owner = store::find_tenant(connection, tenant);
    if (!record || !owner) return interview_unknown();
    const domain::Interview& s = record->state;
    GuestState state;
    state.interview = s.id;
    state.guest = row->id;
    state.status = row->status;
    state.interview_status = s.kept() ? domain::Status::talking : s.status;
    state.display_name = row->display_name;
    state.company_name = record->company_name;
    state.tenant_name = owner->name;
    state.brand = build_brand(connection, tenant, record->company_name);
    for (store::ConsentTextRow& text : guest_consent_texts(connection, tenant)) {
      state.consent_texts.push_back({text.version, text.language, text.body, text.sha256});
    }
    state.consent_given = row->consent_given;
    state.voice_only = record->voice_only;
    state.held = s.held;
    state.ended_at = s.ended_at;
    // Who is in the room is told to those who are in it.
    if (row->status == GuestStatus::joined) {
      const Member member{row->id.str(), {domain::Part::guest, {}}, session};
      state.people = build_people(core, connection, *record, member.party);
      if (s.status == domain::Status::talking) state.player = build_player(connection, tenant, s.id);
      if (has_media(s)) state.media = build_media_access(core, *record, member);
    }
    state.server_time = core.now();
    return state;
  });
}

Result<GuestState> GuestSteps::state(const Caller& caller) {
  if (auto allowed = guests_only(caller); !allowed) return tl::unexpected(allowed.error());
  return read_guest_state(core_, caller.tenant, GuestId::trusted(caller.id), caller.session);
}

Result<GuestState> GuestSteps::consent(const Caller& caller, const ConsentReport& report) {
  if (auto allowed = guests_only(caller); !allowed) return tl::unexpected(allowed.error());
  const auto done = transact(core_, [&](Work& work) -> Result<void> {
    auto guest = store::guests::find(work.sql(), caller.tenant, GuestId::trusted(caller.id));
    if (!guest || guest->status == GuestStatus::removed) {
      return fail(ErrorKind::gone, "guest.removed", "The invitation was withdrawn.");
    }
    auto record = work.interview(caller.tenant, guest->interview);
    if (!record) return tl::unexpected(record.error());
    if (record->state.status == domain::Status::ended) {
      return fail(ErrorKind::gone, "interview.ended", "The interview has ended.");
    }
    if (guest->status == GuestStatus::joined && report.accepted) return {};
    if (!is_among(guest_consent_texts(work.sql(), caller.tenant), report)) return consent_text_unknown();
    guest->consent_json = consent_evidence(report, work.now());
    guest->consent_given = report.accepted;
    if (!report.accepted) {
      guest->status = GuestStatus::left;
      guest->left_at = work.now();
      guest->absent_until.reset();
      store::guests::update(work.sql(), *guest);
      work.effects.people_to_disconnect.emplace(guest->interview, guest->id.str());
      return note_guest_left(work, *record, *guest, "consent_refused");
    }
    if (people_in_room(work.sql(), *record, work.now(), false) >= domain::kMostPeople) return room_full();
    auto joined = join_room(work, *record, *guest);
    if (!joined) return tl::unexpected(joined.error());
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return state(caller);
}

Result<GuestState> GuestSteps::leave(const Caller& caller) {
  if (auto allowed = guests_only(caller); !allowed) return tl::unexpected(allowed.error());
  if (auto left = Guests::leave(core_, caller.tenant, GuestId::trusted(caller.id), "left"); !left) {
    return tl::unexpected(left.error());
  }
  return state(caller);
}

}  // namespace tw::service
