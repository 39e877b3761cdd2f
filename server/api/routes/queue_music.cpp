#include "service/queue_music.hpp"

#include "api/routes/answer.hpp"
#include "api/routes/routes.hpp"
#include "api/routes/traffic_limiter.hpp"
#include "crypto/digest.hpp"
#include "recording/processor.hpp"

namespace tw::api {
namespace {

/// A page fetches a piece once a wait; reloads and ways back into the queue fetch it again.
constexpr TrafficLimiter::Limits kLimits{20, std::uint64_t{20} * recording::kMostPageMusicBytes,
                                         std::chrono::minutes(10), "queue_music.limited",
                                         "The music was fetched often enough; wait a moment."};

Result<Response> send_music(service::QueueMusic& music, TrafficLimiter& limiter, const Request& request) {
  if (auto may = limiter.take(request.caller->session, 0); !may) return tl::unexpected(may.error());
  const auto mp3 = music.content(*request.caller, request.path_value("mediaId"));
  if (!mp3) return tl::unexpected(mp3.error());
  Response response;
  response.headers.add("Content-Type", "audio/mpeg");
  response.headers.add("Cache-Control", "private, max-age=3600");
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("ETag", '"' + to_hex(sha256(*mp3)) + '"');
  response.body.assign(mp3->begin(), mp3->end());
  return response;
}

}  // namespace

void add_queue_music_routes(Router& router, const Services& services) {
  auto limiter = std::make_shared<TrafficLimiter>(services.clock, kLimits);
  router.add(Method::get, "/customer/queue-music/{mediaId}", Access::customer,
             [&music = services.queue_music, limiter](const Request& request) {
               return send_music(music, *limiter, request);
             });
}

}  // namespace tw::api
