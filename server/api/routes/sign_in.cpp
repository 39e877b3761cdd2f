#include "service/accounts/sign_in.hpp"
#include "api/routes/answer.hpp"
#include "api/routes/routes.hpp"

namespace tw::api {
namespace {

Result<Response> sign_in(service::SignIn& service, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::SignIn::Credentials credentials;
  credentials.tenant = fields.text("tenant", {1, 64});
  credentials.name = fields.text("name", {1, 64});
  credentials.password = fields.text("password", {1, 256});
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(service.sign_in(credentials, request.address), 201);
}

Result<Response> sign_in_by_link(service::SignIn& service, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  const std::string token = fields.text("linkToken", {0, 1024});
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(service.sign_in_by_link(token, request.address), 201);
}

}  // namespace

void add_sign_in_routes(Router& router, const Services& services) {
  auto& service = services.sign_in;
  router.add(Method::post, "/auth/sign-in", Access::anyone,
             [&service](const Request& request) { return sign_in(service, request); });
  router.add(Method::post, "/auth/link", Access::anyone,
             [&service](const Request& request) { return sign_in_by_link(service, request); });
  router.add(Method::get, "/auth/me", Access::user,
             [&service](const Request& request) { return answer(service.me(*request.caller)); });
  router.add(Method::post, "/auth/sign-out", Access::user,
             [&service](const Request& request) { return answer(service.sign_out(*request.caller)); });
}

}  // namespace tw::api
