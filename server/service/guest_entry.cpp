#include "service/guest_entry.hpp"

#include "crypto/token.hpp"
#include "service/guest_room.hpp"
#include "service/guest_steps.hpp"
#include "service/media_tokens.hpp"
#include "service/presence_book.hpp"
#include "service/work.hpp"
#include "store/accounts/tenants.hpp"
#include "store/guests.hpp"

namespace tw::service {
namespace {

constexpr std::string_view kGuestPrefix = "twg_";

tl::unexpected<Error> link_unknown() { return fail(ErrorKind::not_found, "link.unknown", "There is no such link."); }

/// May whoever stands at the door come in? What the guest is told first is what they can do something about.
Result<void> check_entry(const store::GuestRow& guest, const store::InterviewRecord& record,
                         const std::optional<Caller>& user) {
  if (guest.status == domain::GuestStatus::removed) {
    return fail(ErrorKind::gone, "guest.removed", "The invitation was withdrawn.");
  }
  if (record.state.status == domain::Status::ended) {
    return fail(ErrorKind::gone, "interview.ended", "The interview has ended.");
  }
  if (!guest.sign_in_required) return {};
  if (!user) return fail(ErrorKind::unauthenticated, "guest.sign_in_required", "Sign in to join this conversation.");
  if (!user->is_user() || user->tenant != guest.tenant) return link_unknown();
  return {};
}

}  // namespace

Result<GuestSessionView> GuestEntry::open(const std::string& token, bool take_over, const std::optional<Caller>& user) {
  const auto claims = read_guest_token(token, core_.now(), core_.guest_key());
  if (!claims) {
    if (claims.error().code == "token.expired") return fail(ErrorKind::gone, "link.expired", "The link has expired.");
    return link_unknown();
  }
  const std::string session_token = make_token(kGuestPrefix, core_.random());
  const store::guests::Session session{MediaSessionId::make(core_.now(), core_.random()).str(), claims->tenant,
                                       claims->guest};
  bool replaced = false;
  const auto opened = transact(core_, [&](Work& work) -> Result<InterviewId> {
    const auto tenant = store::find_tenant(work.sql(), claims->tenant);
    auto guest = store::guests::find(work.sql(), claims->tenant, claims->guest);
    if (!tenant || !tenant->enabled || !guest) return link_unknown();
    auto record = work.interview(claims->tenant, guest->interview);
    if (!record) return link_unknown();
    if (auto may = check_entry(*guest, *record, user); !may) return tl::unexpected(may.error());
    const bool inside = guest->status == domain::GuestStatus::joined;
    if (!inside && core_.draining()) {
      return fail(ErrorKind::unavailable, "server.draining", "The server is about to stop; try again in a minute.");
    }
    if (!take_over && core_.presence().guest_present(guest->interview, guest->id)) {
      return fail(ErrorKind::conflict, "guest.other_device",
                  "Another device uses this invitation; repeat with takeOver after the guest confirmed.");
    }
    if (!inside && people_in_room(work.sql(), *record, work.now(), false) >= domain::kMostPeople) return room_full();
    replaced = store::guests::active_session(work.sql(), claims->tenant, guest->id).has_value();
    store::guests::begin_session(work.sql(), session, token_hash(session_token), work.now());
    if (guest->sign_in_required) guest->user = user->user();
    if (guest->consent_given && !inside) return join_room(work, *record, *guest);
    store::guests::update(work.sql(), *guest);
    return guest->interview;
  });
  if (!opened) return tl::unexpected(opened.error());
  if (replaced) {
    core_.ports().notifier.guest_taken_over(claims->tenant, *opened, claims->guest, session.id);
    core_.ports().rooms.disconnect(*opened, claims->guest.str());
  }
  auto state = read_guest_state(core_, claims->tenant, claims->guest, session.id);
  if (!state) return tl::unexpected(state.error());
  return GuestSessionView{session_token, std::move(*state)};
}

std::optional<Caller> GuestEntry::find_session(std::string_view token) const {
  if (!token.starts_with(kGuestPrefix)) return std::nullopt;
  auto caller = core_.database().read([&](store::Connection& connection) -> Result<Caller> {
    const auto session = store::guests::session_of(connection, token_hash(token));
    const auto guest = session ? store::guests::find(connection, session->tenant, session->guest) : std::nullopt;
    if (!guest) return link_unknown();
    return Caller{session->tenant, CallerKind::guest, guest->id.str(), session->id, guest->interview};
  });
  if (!caller) return std::nullopt;
  return std::move(*caller);
}

}  // namespace tw::service
