#include "api/application.hpp"

#include "api/http/problem.hpp"
#include "api/routes/routes.hpp"
#include "base/log.hpp"
#include "service/accounts/authenticator.hpp"
#include "service/accounts/embed_origins.hpp"
#include "service/accounts/idempotency.hpp"

namespace tw::api {
namespace {

constexpr std::string_view kBase = "/api/v1";
constexpr std::string_view kSocketPath = "/api/v1/ws";
constexpr std::chrono::seconds kSlow{1};

Access access_of(const service::Caller& caller) {
  switch (caller.kind) {
    case service::CallerKind::api_key: return Access::api_key;
    case service::CallerKind::agent: return Access::agent;
    case service::CallerKind::administrator: return Access::administrator;
    case service::CallerKind::customer: return Access::customer;
    case service::CallerKind::guest: return Access::guest;
  }
  return Access::anyone;
}

Response plain(unsigned status, std::string text) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  response.headers.add("Cache-Control", "no-store");
  response.body = std::move(text);
  return response;
}

Error unknown_route() { return {ErrorKind::not_found, "route.unknown", "There is nothing here; see /docs.", {}}; }

/// The path below /api/v1; empty when it is not below it.
std::string_view api_path(const Request& request) {
  const std::string_view path = request.path;
  if (!path.starts_with(kBase) || path.size() == kBase.size() || path[kBase.size()] != '/') return {};
  return path.substr(kBase.size());
}

bool is_media_endpoint(std::string_view path) {
  return path.starts_with("/media/") &&
         (path.find("/whip/") != std::string_view::npos || path.find("/whep/") != std::string_view::npos);
}

}  // namespace

Application::Application(Services services, Origins origins, SocketEvents& sockets, Metrics& metrics,
                         std::function<bool()> ready)
    : services_(services),
      origins_(std::move(origins)),
      sockets_(sockets),
      metrics_(metrics),
      ready_(std::move(ready)),
      pages_(Pages::embedded()) {
  add_all_routes(router_, services_);
}

std::optional<Response> Application::answer_at_once(const Request& request) {
  const std::string_view path = api_path(request);
  if (path.empty()) {
    if (request.path == "/healthz") return plain(200, "ok\n");
    if (request.path == "/readyz") return ready_() ? plain(200, "ready\n") : plain(503, "not ready\n");
    if (auto page = pages_.find(request, framed_by(request))) return page;
    return problem(unknown_route());
  }
  const auto found = router_.find(request.method, path);
  if (std::holds_alternative<Router::Match>(found)) return std::nullopt;
  Response response;
  if (const auto* wrong = std::get_if<Router::WrongMethod>(&found)) {
    if (request.method == Method::options) {
      response = origins_.preflight(request, wrong->allow);
      // RFC 9725 section 4.2: a 200 whose Accept-Post tells a client that the endpoint speaks WHIP.
      if (is_media_endpoint(path)) {
        response.status = 200;
        response.headers.add("Accept-Post", "application/sdp");
      }
      return response;
    }
    response = problem({ErrorKind::invalid, "method.not_allowed", "This address takes " + wrong->allow + ".", {}});
    response.headers.add("Allow", wrong->allow);
  } else if (request.path == kSocketPath) {
    response = problem({ErrorKind::invalid, "socket.upgrade_required", "This address takes WebSockets only.", {}});
  } else {
    response = problem(unknown_route());
  }
  origins_.allow_in(request, response);
  return response;
}

/// A page that is to stand in a frame says whose customers it is for.
std::vector<std::string> Application::framed_by(const Request& request) const {
  const auto account = request.query.empty() ? std::nullopt : request.query_value("embed");
  return account ? services_.embed_origins.of(*account) : std::vector<std::string>();
}

Response Application::answer(Request request) {
  auto result = run(request);
  if (!result && result.error().kind == ErrorKind::internal) {
    log::error("a request failed inside",
               {{"request", request.id}, {"code", result.error().code}, {"what", result.error().message}});
  }
  Response response = result ? std::move(*result) : problem(result.error());
  origins_.allow_in(request, response);
  return response;
}

Result<Response> Application::run(Request& request) {
  auto found = router_.find(request.method, api_path(request));
  auto* match = std::get_if<Router::Match>(&found);
  if (match == nullptr) return tl::unexpected(unknown_route());
  request.path_values = std::move(match->values);
  const Route& route = *match->route;
  try {
    if (route.access != Access::anyone && !allows(route.access, Access::own_check)) {
      auto caller = authenticate(request, route.access);
      if (!caller) return tl::unexpected(caller.error());
      request.caller = std::move(*caller);
    }
    return run_once(request, route);
  } catch (const std::exception& error) {
    return fail(ErrorKind::internal, "server.threw", error.what());
  }
}

Result<service::Caller> Application::authenticate(const Request& request, Access access) const {
  auto caller = services_.authenticator.authenticate(request.bearer());
  if (caller && !allows(access, access_of(*caller))) {
    return fail(ErrorKind::forbidden, "auth.wrong_role", "These credentials are not for this operation.");
  }
  return caller;
}

/// With an Idempotency-Key of an integrator or a user the operation runs once, and its first answer is given again.
Result<Response> Application::run_once(const Request& request, const Route& route) {
  const auto key = request.headers.find("Idempotency-Key");
  const bool counts = key && request.method == Method::post && request.caller &&
                      (request.caller->kind == service::CallerKind::api_key || request.caller->is_user());
  if (!counts) return route.handler(request);

  const std::string name(*key);
  const auto begun = services_.idempotency.begin(*request.caller, name, "POST", request.path, request.body);
  if (!begun) return tl::unexpected(begun.error());
  if (*begun) {
    Response again;
    again.status = (*begun)->status;
    again.body = (*begun)->body;
    again.headers.add("Content-Type", again.status < 400 ? "application/json" : "application/problem+json");
    again.headers.add("Cache-Control", "no-store");
    return again;
  }
  auto result = route.handler(request);
  const Response first = result ? *result : problem(result.error());
  if (first.status < 500 && first.status != 429) {
    const auto kept = services_.idempotency.finish(*request.caller, name, {first.status, first.body});
    if (!kept) log::warning("an answer could not be kept", {{"request", request.id}, {"code", kept.error().code}});
  } else {
    services_.idempotency.abandon(*request.caller, name);
  }
  return result;
}

bool Application::takes_upload(const Request& head) const {
  const auto found = router_.find(head.method, api_path(head));
  const auto* match = std::get_if<Router::Match>(&found);
  return match != nullptr && match->route->upload;
}

Result<std::unique_ptr<BodySink>> Application::begin_upload(Request head) {
  auto found = router_.find(head.method, api_path(head));
  auto* match = std::get_if<Router::Match>(&found);
  if (match == nullptr || !match->route->upload) return tl::unexpected(unknown_route());
  head.path_values = std::move(match->values);
  auto caller = authenticate(head, match->route->access);
  if (!caller) return tl::unexpected(caller.error());
  head.caller = std::move(*caller);
  return match->route->upload(head);
}

Response Application::upload_answer(const Request& head, Result<Response> result) {
  Response response = result ? std::move(*result) : problem(result.error());
  origins_.allow_in(head, response);
  return response;
}

Response Application::refuse(const Error& error) { return problem(error); }

std::optional<Response> Application::refuse_socket(const Request& request) {
  if (request.path != kSocketPath) return problem(unknown_route());
  if (!origins_.allows(request.header("Origin"), request.header("Host"), request.path)) {
    return problem({ErrorKind::forbidden,
                    "origin.not_allowed",
                    "Pages of this origin may not use the server; see server.allowed_origins.",
                    {}});
  }
  return std::nullopt;
}

void Application::answered(const Request& request, unsigned status, std::chrono::microseconds took) {
  metrics_.request_answered(status, took);
  if (status >= 500) {
    log::warning("answered with a failure", {{"request", request.id}, {"status", status}, {"ms", took.count() / 1000}});
  } else if (took > kSlow) {
    log::info("a slow answer", {{"request", request.id}, {"status", status}, {"ms", took.count() / 1000}});
  }
}

}  // namespace tw::api
