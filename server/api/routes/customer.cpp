#include "api/routes/answer.hpp"
#include "api/routes/consent.hpp"
#include "api/routes/failure_limiter.hpp"
#include "api/routes/routes.hpp"
#include "service/customer_entry.hpp"
#include "service/customer_steps.hpp"
#include "service/satisfaction.hpp"

namespace tw::api {
namespace {

constexpr std::size_t kMaxTokenCharacters = 1024;

Result<Response> open_session(service::CustomerEntry& entry, FailureLimiter& limiter, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  const std::string token = fields.text("linkToken", {0, kMaxTokenCharacters});
  const bool take_over = fields.optional_flag("takeOver").value_or(false);
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  if (auto allowed = limiter.check(request.address); !allowed) return tl::unexpected(allowed.error());
  auto session = entry.open(token, take_over);
  if (!session && session.error().code == "link.unknown") limiter.failed(request.address);
  return answer(session, 201);
}

Result<Response> give_consent(service::CustomerSteps& steps, const Request& request) {
  const auto report = read_consent(request);
  if (!report) return tl::unexpected(report.error());
  return answer(steps.consent(*request.caller, *report));
}

Result<Response> give_place(service::CustomerSteps& steps, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::PlaceReport report;
  const std::string status = fields.word("status", {"given", "refused", "unavailable"});
  report.latitude = fields.optional_number("latitude", {-90, 90});
  report.longitude = fields.optional_number("longitude", {-180, 180});
  report.accuracy_m = fields.optional_number("accuracyM", {0, 1'000'000});
  report.reason = fields
                      .optional_word("reason", {"refused", "dismissed", "system", "frame", "unavailable", "timed_out",
                                                "unsupported", "inaccurate"})
                      .value_or("");
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  report.status = domain::parse<domain::PlaceStatus>(status).value_or(domain::PlaceStatus::unavailable);
  return answer(steps.place(*request.caller, report));
}

Result<Response> give_satisfaction(service::Satisfaction& satisfaction, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  const auto score =
      fields.optional_whole("score", service::Satisfaction::kLeastScore, service::Satisfaction::kMostScore);
  const std::string comment =
      fields.optional_text("comment", {0, service::Satisfaction::kMostCommentCharacters}).value_or(std::string());
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  // One that is missing is wrong as one out of its range is.
  return answer(satisfaction.give(*request.caller, score.value_or(0), comment));
}

}  // namespace

void add_customer_routes(Router& router, const Services& services) {
  auto& steps = services.customer_steps;
  auto limiter = std::make_shared<FailureLimiter>(services.clock);
  router.add(Method::post, "/customer/sessions", Access::anyone,
             [&entry = services.customer_entry, limiter](const Request& request) {
               return open_session(entry, *limiter, request);
             });
  router.add(Method::get, "/customer/state", Access::customer,
             [&steps](const Request& request) { return answer(steps.state(*request.caller)); });
  router.add(Method::post, "/customer/consent", Access::customer,
             [&steps](const Request& request) { return give_consent(steps, request); });
  router.add(Method::post, "/customer/place", Access::customer,
             [&steps](const Request& request) { return give_place(steps, request); });
  router.add(Method::post, "/customer/queue", Access::customer,
             [&steps](const Request& request) { return answer(steps.enter_queue(*request.caller)); });
  router.add(Method::post, "/customer/leave", Access::customer,
             [&steps](const Request& request) { return answer(steps.leave(*request.caller)); });
  router.add(Method::post, "/customer/satisfaction", Access::customer,
             [&satisfaction = services.satisfaction](const Request& request) {
               return give_satisfaction(satisfaction, request);
             });
}

}  // namespace tw::api
