#include <chrono>
#include <future>

#include "api/http/message.hpp"
#include "api/routes/answer.hpp"
#include "api/routes/ice_links.hpp"
#include "api/routes/routes.hpp"
#include "media/media_engine.hpp"
#include "service/calls.hpp"
#include "service/media_access.hpp"
#include "service/rooms.hpp"

namespace tw::api {
namespace {

constexpr const char* kSdp = "application/sdp";
constexpr const char* kSdpFragment = "application/trickle-ice-sdpfrag";
/// A media worker answers in milliseconds; one that does not is stuck.
constexpr std::chrono::seconds kEnginePatience{5};

/// Waits for the engine's callback, which comes exactly once.
template <class T, class Start>
Result<T> wait_for(Start start) {
  auto promise = std::make_shared<std::promise<Result<T>>>();
  auto future = promise->get_future();
  start([promise](Result<T> result) { promise->set_value(std::move(result)); });
  if (future.wait_for(kEnginePatience) != std::future_status::ready) {
    return fail(ErrorKind::unavailable, "media.unavailable", "The media engine does not answer; try again.");
  }
  return future.get();
}

/// The offer or fragment of a request; `media.wrong_type` (415), `sdp.too_large` (413).
Result<std::string> read_sdp(const Request& request, std::string_view type) {
  if (request.content_type() != type) {
    return fail(ErrorKind::unsupported, "media.wrong_type",
                "Send the body as Content-Type: " + std::string(type) + ".");
  }
  if (request.body.size() > media::kMaxSdpBytes) {
    return fail(ErrorKind::too_large, "sdp.too_large", "A session description may have 64 KiB.");
  }
  return request.body;
}

/// Who holds the media token; it must be one of the interview in the path.
Result<service::MediaGrant> authorize(const Services& services, const Request& request) {
  if (request.bearer().empty()) {
    return fail(ErrorKind::unauthenticated, "auth.required", "Send the media token as Authorization: Bearer.");
  }
  return services.media_access.authorize(request.bearer());
}
Result<service::MediaGrant> authorize_in_room(const Services& services, const Request& request) {
  auto grant = authorize(services, request);
  if (grant && grant->interview.str() != request.path_value("interviewId")) {
    return fail(ErrorKind::forbidden, "auth.wrong_interview", "This media token is of another interview.");
  }
  return grant;
}

/// 201 of RFC 9725 section 4.2: Location, ETag, the ICE servers as Links (section 4.6).
Response created(const Services& services, const service::MediaGrant& grant, const media::SessionAnswer& answer) {
  Response response;
  response.status = 201;
  response.headers.add("Content-Type", kSdp);
  response.headers.add("Location", "/api/v1/media/sessions/" + answer.session);
  response.headers.add("ETag", '"' + answer.etag + '"');
  response.headers.add("Accept-Patch", kSdpFragment);
  response.headers.add("Cache-Control", "no-store");
  for (const auto& link : ice_links(services.media_access.ice_servers(grant))) response.headers.add("Link", link);
  response.body = answer.sdp;
  return response;
}

struct SentMedia {
  bool audio = false;
  bool video = false;
};
/// Which media a description sends or, in an answer, takes from the other side: the sections of this direction that are
/// not refused by a port of 0 (RFC 8829 section 5.2.2: with bundle-only it means something else). No direction means
/// sendrecv (RFC 8866 section 6.7).
SentMedia sent_media(std::string_view sdp, std::string_view direction) {
  SentMedia sent;
  struct Section {
    bool* kind = nullptr;
    bool refused = false;
    std::string_view direction = "sendrecv";
  } section;
  const auto settle = [&] {
    if (section.kind == nullptr || section.refused) return;
    if (section.direction == direction || section.direction == "sendrecv") *section.kind = true;
  };
  while (!sdp.empty()) {
    const std::size_t end = sdp.find('\n');
    std::string_view line = sdp.substr(0, end);
    sdp = end == std::string_view::npos ? std::string_view() : sdp.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("m=")) {
      settle();
      section = {};
      if (line.starts_with("m=audio ")) section.kind = &sent.audio;
      if (line.starts_with("m=video ")) section.kind = &sent.video;
      section.refused = line.substr(line.find(' ')).starts_with(" 0 ");
    } else if (line == "a=bundle-only") {
      section.refused = false;
    } else if (line == "a=sendonly" || line == "a=recvonly" || line == "a=sendrecv" || line == "a=inactive") {
      section.direction = line.substr(2);
    }
  }
  settle();
  return sent;
}

/// Rights can end while a worker admits the session (the agent handed over, the guest was shown out): asked again once
/// it is there, so that no session outlives them.
template <class May>
Result<void> still_allowed(const Services& services, const Request& request, const service::MediaGrant& grant,
                           const std::string& session, May may) {
  const auto again = services.media_access.authorize(request.bearer());
  Result<void> allowed;
  if (again) {
    allowed = may(*again);
  } else {
    allowed = tl::unexpected(again.error());
  }
  if (allowed) return allowed;
  (void)wait_for<void>([&](auto done) {
    services.media_engine.close_session({grant.interview.str(), grant.side, session}, std::move(done));
  });
  return allowed;
}

Result<Response> publish(const Services& services, const Request& request) {
  const auto grant = authorize_in_room(services, request);
  if (!grant) return tl::unexpected(grant.error());
  const std::string& stream = request.path_value("stream");
  if (auto may = services.media_access.may_publish(*grant, stream); !may) return tl::unexpected(may.error());
  const auto offer = read_sdp(request, kSdp);
  if (!offer) return tl::unexpected(offer.error());
  if (grant->voice_only && stream == service::kCameraStream && sent_media(*offer, "sendonly").video) {
    return fail(ErrorKind::unprocessable, "media.voice_only",
                "This interview is without pictures; offer the sound alone.");
  }
  media::MediaRequest wanted{grant->interview.str(), grant->side, {grant->side, stream}, *offer};
  const auto session = wait_for<media::SessionAnswer>(
      [&](auto done) { services.media_engine.publish(std::move(wanted), std::move(done)); });
  if (!session) return tl::unexpected(session.error());
  const auto sent = sent_media(session->sdp, "recvonly");
  services.connections.media_published(grant->interview, grant->side, session->session,
                                       {stream, sent.audio, sent.video});
  if (auto still =
          still_allowed(services, request, *grant, session->session,
                        [&](const service::MediaGrant& now) { return services.media_access.may_publish(now, stream); });
      !still) {
    return tl::unexpected(still.error());
  }
  return created(services, *grant, *session);
}

Result<Response> watch(const Services& services, const Request& request) {
  const auto grant = authorize_in_room(services, request);
  if (!grant) return tl::unexpected(grant.error());
  const auto& participant = request.path_value("participant");
  if (auto may = services.media_access.may_watch(*grant, participant, request.path_value("stream")); !may) {
    return tl::unexpected(may.error());
  }
  const auto offer = read_sdp(request, kSdp);
  if (!offer) return tl::unexpected(offer.error());
  media::MediaRequest wanted{grant->interview.str(), grant->side, {participant, request.path_value("stream")}, *offer};
  const auto session = wait_for<media::SessionAnswer>(
      [&](auto done) { services.media_engine.subscribe(std::move(wanted), std::move(done)); });
  if (!session) return tl::unexpected(session.error());
  if (auto still = still_allowed(services, request, *grant, session->session,
                                 [&](const service::MediaGrant& now) {
                                   return services.media_access.may_watch(now, participant,
                                                                          request.path_value("stream"));
                                 });
      !still) {
    return tl::unexpected(still.error());
  }
  return created(services, *grant, *session);
}

/// Endpoints and sessions have no representation: GET and HEAD succeed with no content (RFC 9725 section 4.1).
Result<Response> show_publishing(const Services& services, const Request& request) {
  const auto grant = authorize_in_room(services, request);
  if (!grant) return tl::unexpected(grant.error());
  return answer(services.media_access.may_publish(*grant, request.path_value("stream")));
}
Result<Response> show_watching(const Services& services, const Request& request) {
  const auto grant = authorize_in_room(services, request);
  if (!grant) return tl::unexpected(grant.error());
  return answer(
      services.media_access.may_watch(*grant, request.path_value("participant"), request.path_value("stream")));
}

media::SessionRef session_of(const service::MediaGrant& grant, const Request& request) {
  return {grant.interview.str(), grant.side, request.path_value("sessionId")};
}

/// The entity tag of If-Match without its quotes, or "*".
std::string bare_etag(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  return std::string(value);
}

Result<Response> show_session(const Services& services, const Request& request) {
  const auto grant = authorize(services, request);
  if (!grant) return tl::unexpected(grant.error());
  const auto found = wait_for<std::string>(
      [&](auto done) { services.media_engine.find_session(session_of(*grant, request), std::move(done)); });
  if (!found) return tl::unexpected(found.error());
  Response response = no_content();
  response.headers.add("ETag", '"' + *found + '"');
  return response;
}

Result<Response> patch_session(const Services& services, const Request& request) {
  const auto grant = authorize(services, request);
  if (!grant) return tl::unexpected(grant.error());
  const auto fragment = read_sdp(request, kSdpFragment);
  if (!fragment) return tl::unexpected(fragment.error());
  // Without If-Match the engine says 428, after a restart 412 (RFC 9725 section 4.3.1).
  std::optional<std::string> if_match;
  if (const auto header = request.headers.find("If-Match")) if_match = bare_etag(*header);
  const auto patched = wait_for<media::PatchAnswer>([&](auto done) {
    services.media_engine.patch(session_of(*grant, request), if_match, *fragment, std::move(done));
  });
  if (!patched) return tl::unexpected(patched.error());
  if (patched->fragment.empty()) return no_content();
  Response response;
  response.headers.add("Content-Type", kSdpFragment);
  response.headers.add("ETag", '"' + patched->etag + '"');
  response.headers.add("Cache-Control", "no-store");
  response.body = patched->fragment;
  return response;
}

Result<Response> close_session(const Services& services, const Request& request) {
  const auto grant = authorize(services, request);
  if (!grant) return tl::unexpected(grant.error());
  const auto closed = wait_for<void>(
      [&](auto done) { services.media_engine.close_session(session_of(*grant, request), std::move(done)); });
  if (!closed) return tl::unexpected(closed.error());
  return Response{};
}

}  // namespace

void add_media_routes(Router& router, const Services& services) {
  router.add(Method::post, "/media/{interviewId}/whip/{stream}", Access::own_check,
             [services](const Request& request) { return publish(services, request); });
  router.add(Method::get, "/media/{interviewId}/whip/{stream}", Access::own_check,
             [services](const Request& request) { return show_publishing(services, request); });
  router.add(Method::post, "/media/{interviewId}/whep/{participant}/{stream}", Access::own_check,
             [services](const Request& request) { return watch(services, request); });
  router.add(Method::get, "/media/{interviewId}/whep/{participant}/{stream}", Access::own_check,
             [services](const Request& request) { return show_watching(services, request); });
  router.add(Method::get, "/media/sessions/{sessionId}", Access::own_check,
             [services](const Request& request) { return show_session(services, request); });
  router.add(Method::patch, "/media/sessions/{sessionId}", Access::own_check,
             [services](const Request& request) { return patch_session(services, request); });
  router.add(Method::del, "/media/sessions/{sessionId}", Access::own_check,
             [services](const Request& request) { return close_session(services, request); });
}

}  // namespace tw::api
