#include "media/session/room_host.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ids.hpp"
#include "base/log.hpp"
#include "media/wire/demultiplex.hpp"

namespace tw::media {
namespace {

auto unknown_room() { return fail(ErrorKind::not_found, "media.room_unknown", "The room is not open; open it first."); }

/// a=msid takes token characters only (RFC 8830 section 2).
std::string stream_id_of(const StreamKey& stream) {
  std::string id = stream.participant + "-" + stream.name;
  std::ranges::replace_if(
      id, [](unsigned char c) { return std::isalnum(c) == 0 && c != '-' && c != '_'; }, '-');
  return id;
}

}  // namespace

RoomHost::RoomHost(HostParts parts) : parts_(std::move(parts)), players_(*parts_.random, *parts_.listener) {}

RoomHost::~RoomHost() {
  while (!rooms_.empty()) {
    if (!close_room(rooms_.begin()->first)) break;
  }
}

Room* RoomHost::find_room(const std::string& name) {
  const auto found = rooms_.find(name);
  return found == rooms_.end() ? nullptr : found->second.get();
}

Result<void> RoomHost::open_room(const std::string& room) {
  if (find_room(room) != nullptr) return {};
  if (rooms_.size() >= kMaxRooms) {
    return fail(ErrorKind::unavailable, "media.too_many_rooms",
                "This worker holds its limit of rooms; try again later.");
  }
  rooms_.emplace(room, std::make_unique<Room>(room));
  return {};
}

Result<void> RoomHost::close_room(const std::string& name) {
  Room* room = find_room(name);
  if (room == nullptr) return unknown_room();
  const MediaTime time = now();
  players_.stop_all(*room, time);
  directory_.for_each([&](HostedSession& hosted) {
    if (hosted.room == room) hosted.session->close(time);
  });
  reap();
  rooms_.erase(name);
  return {};
}

Result<void> RoomHost::add_tap(const std::string& name, std::shared_ptr<PacketTap> tap) {
  Room* room = find_room(name);
  if (room == nullptr) return unknown_room();
  if (!room->add_tap(std::move(tap), now())) {
    return fail(ErrorKind::unavailable, "media.too_many_taps", "The room has its limit of taps; remove one first.");
  }
  return {};
}

void RoomHost::remove_tap(const std::string& name, const PacketTap* tap) {
  if (Room* room = find_room(name)) room->remove_tap(tap);
}

Result<void> RoomHost::set_gate(const std::string& name, bool open) {
  Room* room = find_room(name);
  if (room == nullptr) return unknown_room();
  room->set_gate(open, now());
  return {};
}

Result<SessionParts> RoomHost::prepare(const MediaRequest& request, OfferRole role, MediaTime time) {
  auto negotiated = negotiate(request.offer, role, parts_.config->video_codec);
  if (!negotiated) return tl::unexpected(negotiated.error());
  if (role == OfferRole::viewer) {
    for (auto& media : negotiated->media) {
      if (!media.accepted) continue;
      media.ssrc = parts_.random->u32() | 1;
      if (media.rtx_payload_type) media.rtx_ssrc = parts_.random->u32() & ~1U;
    }
  }
  SessionParts parts;
  parts.identity = {request.room, MediaSessionId::make(time.wall, *parts_.random).str(), request.participant,
                    request.stream, role == OfferRole::publisher};
  parts.negotiated = std::move(*negotiated);
  do {
    parts.local = IceCredentials::make(*parts_.random);
  } while (directory_.by_ufrag(parts.local.ufrag) != nullptr);
  parts.etag = random_word();
  parts.config = parts_.config;
  parts.dtls = parts_.dtls;
  parts.out = parts_.out;
  parts.random = parts_.random;
  parts.counters = &counters();
  return parts;
}

Result<SessionAnswer> RoomHost::publish(const MediaRequest& request) {
  Room* room = find_room(request.room);
  if (room == nullptr) return unknown_room();
  if (request.stream.participant != request.participant) {
    return fail(ErrorKind::forbidden, "media.not_own_stream", "A participant publishes only streams of its own.");
  }
  if (room->plays(request.stream)) {
    return fail(ErrorKind::conflict, "media.stream_taken", "The server plays this stream itself.");
  }
  const MediaTime time = now();
  auto parts = prepare(request, OfferRole::publisher, time);
  if (!parts) return tl::unexpected(parts.error());
  if (PublisherSession* old = room->publisher_of(request.stream)) old->close(time);
  if (room->full()) {
    return fail(ErrorKind::unavailable, "media_session.too_many",
                "The room has its limit of sessions; close one first.");
  }
  auto session = std::make_unique<PublisherSession>(std::move(*parts), *this, *room, room->take_track_numbers(), time);
  room->attach(*session);
  SessionAnswer result = answer(*session, {});
  adopt(std::move(session), *room, time);
  return result;
}

Result<SessionAnswer> RoomHost::subscribe(const MediaRequest& request) {
  Room* room = find_room(request.room);
  if (room == nullptr) return unknown_room();
  const MediaTime time = now();
  auto parts = prepare(request, OfferRole::viewer, time);
  if (!parts) return tl::unexpected(parts.error());
  if (ViewerSession* old = room->viewer_of(request.participant, request.stream)) old->close(time);
  if (room->full()) {
    return fail(ErrorKind::unavailable, "media_session.too_many",
                "The room has its limit of sessions; close one first.");
  }
  const std::string cname = random_word();
  auto session = std::make_unique<ViewerSession>(std::move(*parts), *this, *room, cname, time);
  room->attach(*session);
  SessionAnswer result = answer(*session, cname);
  adopt(std::move(session), *room, time);
  return result;
}

SessionAnswer RoomHost::answer(const MediaSession& session, const std::string& cname) {
  AnswerParts parts;
  parts.role = session.identity().publisher ? OfferRole::publisher : OfferRole::viewer;
  parts.session_number =
      parts_.random->u64() >> 2;  // fits the signed 64 bits that readers use (RFC 9429 section 5.2.1)
  parts.local = session.ice().local();
  parts.sha256_fingerprint = parts_.dtls->sha256_fingerprint();
  parts.candidates = parts_.candidates;
  parts.tcp_candidates = parts_.tcp_candidates;
  parts.video_bitrate_bps = parts_.config->video_bitrate_bps;
  parts.audio_bitrate_bps = parts_.config->audio_bitrate_bps;
  parts.stream_id = stream_id_of(session.identity().stream);
  parts.cname = cname;
  return {session.identity().id, session.etag(), write_answer(session.negotiated(), parts)};
}

void RoomHost::adopt(std::unique_ptr<MediaSession> session, Room& room, MediaTime time) {
  const std::string ufrag = session->ice().local().ufrag;
  (session->identity().publisher ? counters().publishers : counters().viewers).add();
  HostedSession& hosted = directory_.add(std::move(session), room, ufrag);
  on_state(*hosted.session, SessionState::connecting, time);
  schedule(hosted, time.steady);
  reap();
}

Result<HostedSession*> RoomHost::find_session(const SessionRef& reference) {
  HostedSession* hosted = directory_.by_id(reference.session);
  if (hosted == nullptr || hosted->session->state() == SessionState::closed ||
      hosted->session->identity().room != reference.room ||
      hosted->session->identity().participant != reference.participant) {
    return fail(ErrorKind::not_found, "media_session.unknown",
                "There is no such media session; it may have been closed.");
  }
  return hosted;
}

Result<PatchAnswer> RoomHost::patch(const SessionRef& reference, const std::optional<std::string>& if_match,
                                    const std::string& text) {
  auto hosted = find_session(reference);
  if (!hosted) return tl::unexpected(hosted.error());
  MediaSession& session = *(*hosted)->session;
  if (!if_match) {
    return fail(ErrorKind::precondition, "media_session.if_match_required",
                "Send If-Match with the session's ETag, or \"*\" to restart ICE.");
  }
  if (*if_match != "*" && *if_match != session.etag()) {
    return fail(ErrorKind::precondition, "media_session.etag_mismatch", "The ICE session was restarted meanwhile.");
  }
  auto fragment = SdpFragment::parse(text);
  if (!fragment) return tl::unexpected(fragment.error());
  for (const auto& candidate : fragment->candidates) {
    if (!candidate_well_formed(candidate)) {
      return fail(ErrorKind::invalid, "sdp.malformed", "A candidate of the fragment cannot be read.");
    }
  }
  const bool other_credentials =
      !fragment->ice_ufrag.empty() && fragment->ice_ufrag != session.negotiated().remote.ufrag;
  if (*if_match == "*" && (other_credentials || fragment->ice_ufrag.empty())) return restart(**hosted, *fragment);
  if (other_credentials) {
    return fail(ErrorKind::invalid, "media_session.restart_needs_star",
                "New ICE credentials restart ICE; send them with If-Match: *.");
  }
  // A lite agent makes no checks: the peer's candidates are of no use to it.
  return PatchAnswer{session.etag(), {}};
}

Result<PatchAnswer> RoomHost::restart(HostedSession& hosted, const SdpFragment& fragment) {
  IceCredentials remote{fragment.ice_ufrag, fragment.ice_pwd};
  if (!remote.well_formed()) {
    return fail(ErrorKind::invalid, "sdp.no_ice_credentials", "An ICE restart needs a=ice-ufrag and a=ice-pwd lines.");
  }
  IceCredentials local = IceCredentials::make(*parts_.random);
  while (directory_.by_ufrag(local.ufrag) != nullptr) local = IceCredentials::make(*parts_.random);
  directory_.learn_ufrag(hosted, local.ufrag);
  MediaSession& session = *hosted.session;
  session.restart_ice(local, std::move(remote), random_word());
  return PatchAnswer{session.etag(),
                     write_restart_fragment(session.negotiated(), local, parts_.candidates, parts_.tcp_candidates)};
}

Result<std::string> RoomHost::session_etag(const SessionRef& reference) {
  auto hosted = find_session(reference);
  if (!hosted) return tl::unexpected(hosted.error());
  return (*hosted)->session->etag();
}

Result<void> RoomHost::close_session(const SessionRef& reference) {
  auto hosted = find_session(reference);
  if (!hosted) return tl::unexpected(hosted.error());
  (*hosted)->session->close(now());
  reap();
  return {};
}

void RoomHost::close_participant(const std::string& room, const std::string& participant) {
  const MediaTime time = now();
  directory_.for_each([&](HostedSession& hosted) {
    const SessionIdentity& identity = hosted.session->identity();
    if (identity.room == room && identity.participant == participant) hosted.session->close(time);
  });
  reap();
}

Result<void> RoomHost::request_keyframe(const std::string& name, const StreamKey& stream) {
  Room* room = find_room(name);
  if (room == nullptr) return unknown_room();
  if (!room->request_keyframe(stream, now())) {
    return fail(ErrorKind::not_found, "media.stream_unknown", "Nobody publishes this stream now.");
  }
  return {};
}

Result<PlayerEvent> RoomHost::play(const std::string& name, const StreamKey& stream,
                                   std::shared_ptr<const PlayerMedia> media, PlayOptions options) {
  Room* room = find_room(name);
  if (room == nullptr) return unknown_room();
  return players_.play(*room, stream, std::move(media), std::move(options), parts_.config->video_codec, now());
}

Result<PlayerEvent> RoomHost::control_player(const std::string& name, const StreamKey& stream,
                                             const PlayerCommand& command) {
  Room* room = find_room(name);
  if (room == nullptr) return unknown_room();
  return players_.control(*room, stream, command, now());
}

Result<void> RoomHost::set_hold(const std::string& name, const std::string& participant, bool held) {
  Room* room = find_room(name);
  if (room == nullptr) return unknown_room();
  room->set_hold(participant, held, now());
  return {};
}

bool RoomHost::receive(const NetworkPath& path, std::span<std::uint8_t> datagram, MediaTime time) {
  HostedSession* hosted = nullptr;
  bool known = true;
  if (kind_of(datagram) == DatagramKind::stun) {
    const auto message = StunMessage::parse(datagram);
    if (!message) return false;
    hosted = directory_.by_ufrag(IceLite::local_ufrag(*message));
    if (hosted == nullptr) return false;
    known = hosted->session->receive_check(*message, datagram, path, time);
    if (known) directory_.learn_path(*hosted, path);
  } else {
    hosted = directory_.by_path(path);
    if (hosted == nullptr) return false;  // nobody has proved credentials on this path
    hosted->session->receive(path, datagram, time);
  }
  touch(*hosted, time.steady);
  reap();
  return known;
}

void RoomHost::forget_path(const NetworkPath& path) {
  if (HostedSession* hosted = directory_.forget_path(path)) hosted->session->forget_path(path);
}

void RoomHost::on_time() {
  const auto next = next_deadline();
  if (!next || *next > parts_.clock->steady_now()) return;
  const MediaTime time = now();
  players_.on_time(time);
  while (const auto due = deadlines_.pop_due(time.steady)) {
    HostedSession* hosted = directory_.by_number(due->number);
    if (hosted == nullptr || hosted->queued != due->at) continue;  // an entry that a nearer one overtook
    hosted->queued = SteadyTime::max();
    hosted->session->on_time(time);
    schedule(*hosted, time.steady);
  }
  reap();
}

void RoomHost::touch(HostedSession& hosted, SteadyTime time) {
  if (touched_ != &hosted) settle();
  touched_ = &hosted;
  touched_at_ = time;
}

void RoomHost::settle() {
  if (HostedSession* hosted = std::exchange(touched_, nullptr)) schedule(*hosted, touched_at_);
}

void RoomHost::schedule(HostedSession& hosted, SteadyTime time) {
  // A deadline that is not met at once must not spin the loop.
  constexpr std::chrono::milliseconds kLeastWait{1};
  if (hosted.session->state() == SessionState::closed) return;
  const SteadyTime deadline = std::max<SteadyTime>(hosted.session->deadline(time), time + kLeastWait);
  if (deadline >= hosted.queued) return;
  hosted.queued = deadline;
  deadlines_.push(deadline, hosted.number);
}

void RoomHost::reschedule(MediaSession& session) {
  if (HostedSession* hosted = directory_.by_id(session.identity().id)) schedule(*hosted, now().steady);
}

void RoomHost::on_state(MediaSession& session, SessionState state, MediaTime time) {
  HostedSession* hosted = directory_.by_id(session.identity().id);
  if (state == SessionState::closed && hosted != nullptr) {
    hosted->room->detach(session, time);
    (session.identity().publisher ? counters().publishers : counters().viewers).subtract();
    closed_.push_back(hosted->number);
  }
  const SessionIdentity& identity = session.identity();
  parts_.listener->on_session(
      {identity.room, identity.id, identity.stream, identity.participant, identity.publisher, state});
}

void RoomHost::on_quality(MediaSession& /*session*/, const SessionQuality& quality) {
  parts_.listener->on_quality(quality);
}

void RoomHost::reap() {
  if (closed_.empty()) return;
  for (const std::uint64_t number : std::exchange(closed_, {})) {
    HostedSession* hosted = directory_.by_number(number);
    if (hosted == nullptr) continue;
    if (touched_ == hosted) touched_ = nullptr;
    directory_.remove(*hosted);
  }
}

std::string RoomHost::random_word() {
  std::array<std::uint8_t, 9> bytes{};
  parts_.random->fill(bytes);
  return to_base64url(bytes);
}

}  // namespace tw::media
