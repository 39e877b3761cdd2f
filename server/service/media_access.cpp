#include "service/media_access.hpp"

#include "service/core.hpp"
#include "service/ice_servers.hpp"
#include "service/media_tokens.hpp"
#include "service/view_builder.hpp"
#include "store/accounts/users.hpp"
#include "store/guests.hpp"
#include "store/interviews.hpp"
#include "store/supervisors.hpp"

namespace tw::service {
namespace {

using domain::Part;
using domain::Party;
using domain::Status;

tl::unexpected<Error> invalid() {
  return fail(ErrorKind::unauthenticated, "auth.invalid", "The media token is not valid.");
}

/// The agent of the conversation, or of the ring; one who is rung for somebody in the room hears them after answering.
Result<Party> agent_party(const domain::Interview& state, const MediaClaims& claims) {
  const bool theirs = state.agent && state.agent->str() == claims.agent;
  if (!theirs || (state.kept() && state.status != Status::talking)) return invalid();
  return Party{Part::agent, {}};
}

Result<Party> guest_party(store::Connection& connection, const MediaClaims& claims) {
  const auto id = GuestId::parse(claims.side);
  const auto guest = id ? store::guests::find(connection, claims.tenant, *id) : std::nullopt;
  if (!guest || guest->interview != claims.interview || guest->status == domain::GuestStatus::removed) return invalid();
  const auto session = store::guests::active_session(connection, claims.tenant, *id);
  if (!session || session->id != claims.agent) return invalid();
  if (!guest->consent_given) {
    return fail(ErrorKind::conflict, "consent.required", "Agree to the recording first.");
  }
  if (guest->status != domain::GuestStatus::joined) return invalid();
  return Party{Part::guest, {}};
}

Result<Party> supervisor_party(store::Connection& connection, const MediaClaims& claims) {
  const auto id = SupervisorId::parse(claims.side);
  const auto session = id ? store::supervisors::find(connection, claims.tenant, *id) : std::nullopt;
  if (!session || session->ended_at || session->interview != claims.interview || session->user.str() != claims.agent) {
    return invalid();
  }
  const auto user = store::find_user(connection, claims.tenant, session->user);
  if (!user || !user->enabled || (!user->can_supervise && user->role != "administrator")) return invalid();
  return Party{Part::supervisor, session->mode};
}

/// What somebody in this room may be watched as; nullopt where there is nobody of this name.
std::optional<Party> owner_of(store::Connection& connection, const MediaGrant& grant, std::string_view participant) {
  const auto part = domain::part_of(participant);
  if (!part) return std::nullopt;
  if (*part == Part::guest) {
    const auto guest = store::guests::find(connection, grant.tenant, GuestId::trusted(std::string(participant)));
    if (!guest || guest->interview != grant.interview) return std::nullopt;
  }
  if (*part != Part::supervisor) return Party{*part, {}};
  const auto session =
      store::supervisors::find(connection, grant.tenant, SupervisorId::trusted(std::string(participant)));
  if (!session || session->interview != grant.interview || session->ended_at) return std::nullopt;
  return Party{Part::supervisor, session->mode};
}

}  // namespace

Result<MediaGrant> MediaAccess::authorize(std::string_view token) {
  const auto claims = read_media_token(token, core_.now(), core_.media_key());
  if (!claims) return invalid();
  return core_.database().read([&](store::Connection& connection) -> Result<MediaGrant> {
    const auto record = store::interviews::find(connection, claims->tenant, claims->interview);
    const auto part = domain::part_of(claims->side);
    if (!record || !part || *part == Part::player) return invalid();
    const domain::Interview& s = record->state;
    if (s.status == Status::ended) return fail(ErrorKind::gone, "interview.ended", "The interview has ended.");
    if (!has_media(s)) {
      return fail(ErrorKind::conflict, "interview.not_ringing", "Media begins when an agent is rung.");
    }
    Result<Party> party = Party{Part::customer, {}};
    if (*part == Part::agent) party = agent_party(s, *claims);
    if (*part == Part::guest) party = guest_party(connection, *claims);
    if (*part == Part::supervisor) party = supervisor_party(connection, *claims);
    if (!party) return tl::unexpected(party.error());
    return MediaGrant{claims->tenant, claims->interview, claims->side, *party, record->voice_only};
  });
}

Result<void> MediaAccess::may_publish(const MediaGrant& grant, std::string_view stream) const {
  if (!domain::is_stream(stream)) {
    return fail(ErrorKind::not_found, "media.stream_unknown", "There is no such stream.");
  }
  if (domain::may_publish(grant.party, stream)) return {};
  return fail(ErrorKind::forbidden, "media.not_allowed", "This stream is not yours to send now.");
}

Result<void> MediaAccess::may_watch(const MediaGrant& grant, std::string_view participant, std::string_view stream) {
  return core_.database().read([&](store::Connection& connection) -> Result<void> {
    const auto owner = owner_of(connection, grant, participant);
    if (owner && domain::may_watch(grant.party, *owner, stream)) return {};
    return fail(ErrorKind::not_found, "media.stream_unknown", "There is no such stream.");
  });
}

std::vector<IceServerView> MediaAccess::ice_servers(const MediaGrant& grant) const {
  return ice_servers_for(core_.settings().ice_servers, grant.side, core_.now());
}

}  // namespace tw::service
