#include "api/routes/answer.hpp"
#include "api/routes/routes.hpp"
#include "service/supervision.hpp"

namespace tw::api {
namespace {

Result<domain::SupervisionMode> read_mode(const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  const std::string mode = fields.word("mode", {"listen", "whisper", "join"});
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return domain::parse_supervision_mode(mode).value_or(domain::SupervisionMode::listen);
}

Result<Response> start(service::Supervision& supervision, const Request& request) {
  const auto mode = read_mode(request);
  if (!mode) return tl::unexpected(mode.error());
  return answer(supervision.start(*request.caller, request.path_value("interviewId"), *mode), 201);
}

Result<Response> change(service::Supervision& supervision, const Request& request) {
  const auto mode = read_mode(request);
  if (!mode) return tl::unexpected(mode.error());
  return answer(supervision.change(*request.caller, request.path_value("sessionId"), *mode));
}

}  // namespace

void add_supervisor_routes(Router& router, const Services& services) {
  auto& supervision = services.supervision;
  router.add(Method::get, "/supervisor/interviews", Access::user,
             [&supervision](const Request& request) { return answer_list(supervision.live(*request.caller)); });
  router.add(Method::post, "/supervisor/interviews/{interviewId}/sessions", Access::user,
             [&supervision](const Request& request) { return start(supervision, request); });
  router.add(Method::get, "/supervisor/sessions/{sessionId}", Access::user, [&supervision](const Request& request) {
    return answer(supervision.state(*request.caller, request.path_value("sessionId")));
  });
  router.add(Method::patch, "/supervisor/sessions/{sessionId}", Access::user,
             [&supervision](const Request& request) { return change(supervision, request); });
  router.add(Method::del, "/supervisor/sessions/{sessionId}", Access::user, [&supervision](const Request& request) {
    return answer(supervision.end(*request.caller, request.path_value("sessionId")));
  });
}

}  // namespace tw::api
