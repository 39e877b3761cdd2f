#include <algorithm>

#include "api/routes/answer.hpp"
#include "api/routes/routes.hpp"
#include "service/accounts/webhook_endpoints.hpp"

namespace tw::api {
namespace {

constexpr std::size_t kMaxUrlCharacters = 1024;
constexpr std::size_t kMaxDescriptionCharacters = 200;
constexpr std::size_t kMaxEvents = 50;

std::optional<std::vector<std::string>> read_events(Fields& fields) {
  auto events = fields.optional_texts("events", kMaxEvents, {1, 64});
  for (const auto& event : events.value_or(std::vector<std::string>())) {
    const auto& known = service::webhook_event_types();
    if (std::ranges::find(known, event) == known.end()) fields.refuse("events", "has a name that is no event");
  }
  return events;
}

Result<Response> create_endpoint(service::WebhookEndpoints& webhooks, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::WebhookEndpoints::NewEndpoint endpoint;
  endpoint.url = fields.text("url", {0, kMaxUrlCharacters});
  endpoint.description = fields.optional_text("description", {0, kMaxDescriptionCharacters}).value_or(std::string());
  endpoint.events = read_events(fields).value_or(std::vector<std::string>());
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(webhooks.create(*request.caller, endpoint), 201);
}

Result<Response> update_endpoint(service::WebhookEndpoints& webhooks, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::WebhookEndpoints::Change change;
  change.url = fields.optional_text("url", {0, kMaxUrlCharacters});
  change.description = fields.optional_text("description", {0, kMaxDescriptionCharacters});
  change.enabled = fields.optional_flag("enabled");
  change.events = read_events(fields);
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(webhooks.update(*request.caller, request.path_value("endpointId"), change));
}

Result<Response> list_messages(service::WebhookEndpoints& webhooks, const Request& request) {
  service::WebhookEndpoints::MessageFilter filter;
  filter.endpoint_id = request.query_value("endpointId").value_or(std::string());
  filter.interview_id = request.query_value("interviewId").value_or(std::string());
  const auto page = page_request(request);
  if (!page) return tl::unexpected(page.error());
  return answer_page(webhooks.messages(*request.caller, filter, *page));
}

}  // namespace

void add_webhook_routes(Router& router, const Services& services) {
  auto& webhooks = services.webhooks;
  constexpr Access kManagers = Access::api_key | Access::administrator;
  router.add(Method::get, "/webhook-endpoints", kManagers,
             [&webhooks](const Request& request) { return answer_list(webhooks.list(*request.caller)); });
  router.add(Method::post, "/webhook-endpoints", kManagers,
             [&webhooks](const Request& request) { return create_endpoint(webhooks, request); });
  router.add(Method::patch, "/webhook-endpoints/{endpointId}", kManagers,
             [&webhooks](const Request& request) { return update_endpoint(webhooks, request); });
  router.add(Method::del, "/webhook-endpoints/{endpointId}", kManagers, [&webhooks](const Request& request) {
    return answer(webhooks.remove(*request.caller, request.path_value("endpointId")));
  });
  router.add(Method::get, "/webhook-messages", kManagers,
             [&webhooks](const Request& request) { return list_messages(webhooks, request); });
  router.add(Method::post, "/webhook-messages/{messageId}/resend", kManagers, [&webhooks](const Request& request) {
    return answer(webhooks.resend(*request.caller, request.path_value("messageId")), 202);
  });
}

}  // namespace tw::api
