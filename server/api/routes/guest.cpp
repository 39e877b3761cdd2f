#include "api/routes/answer.hpp"
#include "api/routes/consent.hpp"
#include "api/routes/failure_limiter.hpp"
#include "api/routes/routes.hpp"
#include "service/accounts/authenticator.hpp"
#include "service/guest_entry.hpp"
#include "service/guest_steps.hpp"

namespace tw::api {
namespace {

constexpr std::size_t kMaxTokenCharacters = 1024;

Result<Response> open_session(const Services& services, FailureLimiter& limiter, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  const std::string token = fields.text("token", {0, kMaxTokenCharacters});
  const bool take_over = fields.optional_flag("takeOver").value_or(false);
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  if (auto allowed = limiter.check(request.address); !allowed) return tl::unexpected(allowed.error());
  std::optional<service::Caller> user;
  if (!request.bearer().empty()) {
    auto caller = services.authenticator.authenticate(request.bearer());
    if (!caller) return tl::unexpected(caller.error());
    user = std::move(*caller);
  }
  auto session = services.guest_entry.open(token, take_over, user);
  if (!session && session.error().code == "link.unknown") limiter.failed(request.address);
  return answer(session, 201);
}

Result<Response> give_consent(service::GuestSteps& steps, const Request& request) {
  const auto report = read_consent(request);
  if (!report) return tl::unexpected(report.error());
  return answer(steps.consent(*request.caller, *report));
}

}  // namespace

void add_guest_routes(Router& router, const Services& services) {
  auto& steps = services.guest_steps;
  auto limiter = std::make_shared<FailureLimiter>(services.clock);
  router.add(Method::post, "/guest/sessions", Access::anyone,
             [services, limiter](const Request& request) { return open_session(services, *limiter, request); });
  router.add(Method::get, "/guest/state", Access::guest,
             [&steps](const Request& request) { return answer(steps.state(*request.caller)); });
  router.add(Method::post, "/guest/consent", Access::guest,
             [&steps](const Request& request) { return give_consent(steps, request); });
  router.add(Method::post, "/guest/leave", Access::guest,
             [&steps](const Request& request) { return answer(steps.leave(*request.caller)); });
}

}  // namespace tw::api
