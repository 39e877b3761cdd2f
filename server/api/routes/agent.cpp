#include "api/routes/answer.hpp"
#include "api/routes/routes.hpp"
#include "service/calls.hpp"
#include "service/conclude.hpp"
#include "service/desk.hpp"
#include "service/photos.hpp"

namespace tw::api {
namespace {

Result<Response> set_presence(service::Desk& desk, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  const std::string presence = fields.word("presence", {"online", "busy", "away", "offline"});
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(desk.set_presence(*request.caller,
                                  domain::parse<domain::Presence>(presence).value_or(domain::Presence::offline)));
}

Result<Response> conclude(service::Conclude& service, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::NewOutcome outcome;
  const std::string kind = fields.word("kind", {"passed", "rejected", "needs_supplement"});
  outcome.reason = fields.optional_text("reason", {1, 200}).value_or(std::string());
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  outcome.kind = domain::parse<domain::OutcomeKind>(kind).value_or(domain::OutcomeKind::rejected);
  return answer(service.conclude(*request.caller, request.path_value("interviewId"), outcome));
}

/// Without a body it is a photo of the server's own, as it was before there were others.
Result<Response> take_photo(service::Photos& photos, const Request& request) {
  service::NewPhoto wanted;
  if (!request.body.empty()) {
    const auto body = read_json(request);
    if (!body) return tl::unexpected(body.error());
    Fields fields(*body);
    wanted.category = fields.optional_word("category", {"portrait", "id_front", "id_back", "signature", "other"})
                          .value_or(std::string());
    wanted.source = fields.optional_word("source", {"cloud", "local"}).value_or("cloud");
    wanted.replaces = fields.optional_text("replaces", {1, 64}).value_or(std::string());
    if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  }
  return answer(photos.take(*request.caller, request.path_value("interviewId"), wanted), 202);
}

Result<Response> set_orientation(service::Calls& calls, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  const std::string orientation = fields.word("orientation", {"any", "landscape"});
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(calls.set_orientation(*request.caller, request.path_value("interviewId"), orientation));
}

}  // namespace

void add_agent_routes(Router& router, const Services& services) {
  auto& desk = services.desk;
  auto& photos = services.photos;
  router.add(Method::get, "/agent/desk", Access::user,
             [&desk](const Request& request) { return answer(desk.state(*request.caller)); });
  router.add(Method::put, "/agent/presence", Access::user,
             [&desk](const Request& request) { return set_presence(desk, request); });
  router.add(Method::post, "/agent/wrap-up/finish", Access::user,
             [&desk](const Request& request) { return answer(desk.finish_wrap_up(*request.caller)); });
  router.add(Method::get, "/agent/interviews/{interviewId}", Access::user,
             [&calls = services.calls](const Request& request) {
               return answer(calls.agent_interview(*request.caller, request.path_value("interviewId")));
             });
  router.add(Method::post, "/agent/interviews/{interviewId}/answer", Access::user, [&desk](const Request& request) {
    return answer(desk.answer(*request.caller, request.path_value("interviewId")));
  });
  router.add(Method::post, "/agent/interviews/{interviewId}/decline", Access::user, [&desk](const Request& request) {
    return answer(desk.decline(*request.caller, request.path_value("interviewId")));
  });
  router.add(Method::post, "/agent/interviews/{interviewId}/take", Access::user, [&desk](const Request& request) {
    return answer(desk.take(*request.caller, request.path_value("interviewId")));
  });
  router.add(Method::post, "/agent/interviews/{interviewId}/hang-up", Access::user, [&desk](const Request& request) {
    return answer(desk.hang_up(*request.caller, request.path_value("interviewId")));
  });
  router.add(Method::post, "/agent/interviews/{interviewId}/outcome", Access::user,
             [&service = services.conclude](const Request& request) { return conclude(service, request); });
  router.add(Method::post, "/agent/interviews/{interviewId}/photos", Access::user,
             [&photos](const Request& request) { return take_photo(photos, request); });
  router.add(Method::put, "/agent/interviews/{interviewId}/orientation", Access::user,
             [&calls = services.calls](const Request& request) { return set_orientation(calls, request); });
  router.add(
      Method::del, "/agent/interviews/{interviewId}/photos/{photoId}", Access::user, [&photos](const Request& request) {
        return answer(photos.remove(*request.caller, request.path_value("interviewId"), request.path_value("photoId")));
      });
}

}  // namespace tw::api
