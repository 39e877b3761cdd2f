#include "api/http/problem.hpp"

#include <algorithm>

#include <boost/json.hpp>

namespace tw::api {
namespace {

/// What a caller had better wait when the error does not say it itself (params.retryAfterS).
constexpr const char* kRetryAfterSeconds = "5";

unsigned status_of_kind(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid: return 400;
    case ErrorKind::unauthenticated: return 401;
    case ErrorKind::forbidden: return 403;
    case ErrorKind::not_found: return 404;
    case ErrorKind::not_acceptable: return 406;
    case ErrorKind::conflict: return 409;
    case ErrorKind::gone: return 410;
    case ErrorKind::precondition: return 412;
    case ErrorKind::too_large: return 413;
    case ErrorKind::unsupported: return 415;
    case ErrorKind::unprocessable: return 422;
    case ErrorKind::rate_limited: return 429;
    case ErrorKind::internal: return 500;
    case ErrorKind::unavailable: return 503;
  }
  return 500;
}

std::string retry_after(const Error& error) {
  const auto found = std::ranges::find_if(error.params, [](const auto& param) {
    return param.first == "retryAfterS" && !param.second.empty() &&
           std::ranges::all_of(param.second, [](char c) { return c >= '0' && c <= '9'; });
  });
  return found == error.params.end() ? kRetryAfterSeconds : found->second;
}

}  // namespace

unsigned status_of(const Error& error) {
  if (error.code == "method.not_allowed") return 405;
  if (error.code == "socket.upgrade_required") return 426;
  if (error.code == "range.not_satisfiable") return 416;
  if (error.code == "header.too_large") return 431;
  if (error.kind == ErrorKind::precondition && error.code.ends_with("if_match_required")) return 428;
  if (error.kind == ErrorKind::unsupported && error.code.ends_with("not_built")) return 501;
  return status_of_kind(error.kind);
}

Response problem(const Error& error) {
  Response response;
  response.status = status_of(error);
  const bool ours = error.kind == ErrorKind::internal;
  boost::json::object body{
      {"type", "about:blank"},
      {"title", std::string(reason_phrase(response.status))},
      {"status", response.status},
      {"code", ours ? std::string("server.internal") : error.code},
      {"detail",
       ours ? std::string("Something failed inside the server; its log has the request's id.") : error.message}};
  if (!ours && !error.params.empty()) {
    boost::json::object params;
    for (const auto& [name, value] : error.params) params[name] = value;
    body["params"] = std::move(params);
  }
  response.body = boost::json::serialize(body);
  response.headers.add("Content-Type", "application/problem+json");
  response.headers.add("Cache-Control", "no-store");
  if (response.status == 401) response.headers.add("WWW-Authenticate", "Bearer");
  if (response.status == 429 || response.status == 503) response.headers.add("Retry-After", retry_after(error));
  return response;
}

}  // namespace tw::api
