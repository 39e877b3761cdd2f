#include "api/routes/answer.hpp"
#include "api/routes/routes.hpp"
#include "domain/retention.hpp"
#include "service/accounts/admin_api_keys.hpp"
#include "service/accounts/admin_queues.hpp"
#include "service/accounts/admin_reasons.hpp"
#include "service/accounts/admin_tenant.hpp"
#include "service/accounts/admin_users.hpp"
#include "service/accounts/audit_log.hpp"

namespace tw::api {
namespace {

constexpr Fields::Length kName{1, 64};
constexpr Fields::Length kReasonText{1, 200};
constexpr Fields::Length kPassword{service::AdminUsers::kLeastPasswordCharacters,
                                   service::AdminUsers::kMostPasswordBytes};
constexpr std::size_t kMaxQueuesOfAUser = 200;

Result<Response> update_tenant(service::AdminTenant& service, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::AdminTenant::Change change;
  change.name = fields.optional_text("name", kName);
  change.place_policy = fields.optional_word("placePolicy", {"required", "optional", "off"});
  change.return_origins = fields.optional_texts("returnOrigins", service::AdminTenant::kMostReturnOrigins, {0, 256});
  change.embed_origins = fields.optional_texts("embedOrigins", service::AdminTenant::kMostEmbedOrigins, {0, 256});
  change.customer_sees_outcome = fields.optional_flag("customerSeesOutcome");
  change.tell_reason = fields.optional_flag("tellReason");
  change.ask_satisfaction = fields.optional_flag("askSatisfaction");
  change.time_zone = fields.optional_text("timeZone", {0, 64});
  change.recording_retention_days = fields.optional_whole_or_null(
      "recordingRetentionDays", domain::Retention::kLeastDays, domain::Retention::kMostDays);
  change.customer_photos = fields.optional_word("customerPhotos", {"none", "view", "view_and_delete"});
  change.call_orientation = fields.optional_word("callOrientation", {"any", "landscape"});
  change.outcome_deadline_minutes =
      fields.optional_whole("outcomeDeadlineMinutes", service::AdminTenant::kLeastDeadlineMinutes,
                            service::AdminTenant::kMostDeadlineMinutes);
  change.brand_colour = fields.optional_text("brandColour", {0, 7});
  static_cast<void>(fields.objects("consentTexts", 2, false, [&](Fields& text) {
    service::AdminTenant::Change::ConsentText one;
    one.language = text.word("language", {"zh-CN", "en"});
    one.text = text.text("text", {1, service::AdminTenant::kMostConsentCharacters});
    change.consent_texts.push_back(std::move(one));
  }));
  static_cast<void>(fields.objects("guestConsentTexts", 2, false, [&](Fields& text) {
    service::AdminTenant::Change::ConsentText one;
    one.language = text.word("language", {"zh-CN", "en"});
    one.text = text.text("text", {1, service::AdminTenant::kMostConsentCharacters});
    change.guest_consent_texts.push_back(std::move(one));
  }));
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(service.update(*request.caller, change));
}

Result<Response> create_queue(service::AdminQueues& service, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  const std::string name = fields.text("name", kName);
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(service.create(*request.caller, name), 201);
}

Result<Response> update_queue(service::AdminQueues& service, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::AdminQueues::Change change;
  change.name = fields.optional_text("name", kName);
  change.enabled = fields.optional_flag("enabled");
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(service.update(*request.caller, request.path_value("queueId"), change));
}

Result<Response> create_user(service::AdminUsers& service, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::AdminUsers::NewUser user;
  user.name = fields.text("name", kName);
  user.display_name = fields.text("displayName", kName);
  const std::string role = fields.word("role", {"agent", "administrator"});
  user.password = fields.text("password", kPassword);
  user.can_supervise = fields.optional_flag("canSupervise").value_or(false);
  user.queue_ids = fields.optional_texts("queueIds", kMaxQueuesOfAUser, {1, 64}).value_or(std::vector<std::string>());
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  user.role = service::parse_role(role).value_or(service::Role::agent);
  return answer(service.create(*request.caller, user), 201);
}

Result<Response> update_user(service::AdminUsers& service, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::AdminUsers::Change change;
  change.display_name = fields.optional_text("displayName", kName);
  if (const auto role = fields.optional_word("role", {"agent", "administrator"}))
    change.role = service::parse_role(*role);
  change.enabled = fields.optional_flag("enabled");
  change.password = fields.optional_text("password", kPassword);
  change.can_supervise = fields.optional_flag("canSupervise");
  change.queue_ids = fields.optional_texts("queueIds", kMaxQueuesOfAUser, {1, 64});
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(service.update(*request.caller, request.path_value("userId"), change));
}

Result<Response> create_api_key(service::AdminApiKeys& service, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  const std::string name = fields.text("name", kName);
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(service.create(*request.caller, name), 201);
}

Result<Response> update_api_key(service::AdminApiKeys& service, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::AdminApiKeys::Change change;
  change.name = fields.optional_text("name", kName);
  change.enabled = fields.optional_flag("enabled");
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(service.update(*request.caller, request.path_value("keyId"), change));
}

Result<Response> create_reason(service::AdminReasons& service, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  const std::string kind = fields.word("kind", {"rejected", "needs_supplement"});
  const std::string text = fields.text("text", kReasonText);
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(
      service.create(*request.caller, service::parse_reason_kind(kind).value_or(service::ReasonKind::rejected), text),
      201);
}

Result<Response> update_reason(service::AdminReasons& service, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::AdminReasons::Change change;
  change.text = fields.optional_text("text", kReasonText);
  change.enabled = fields.optional_flag("enabled");
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(service.update(*request.caller, request.path_value("reasonId"), change));
}

void add_queue_administration(Router& router, service::AdminQueues& queues) {
  router.add(Method::get, "/admin/queues", Access::administrator,
             [&queues](const Request& request) { return answer_list(queues.list(*request.caller)); });
  router.add(Method::post, "/admin/queues", Access::administrator,
             [&queues](const Request& request) { return create_queue(queues, request); });
  router.add(Method::patch, "/admin/queues/{queueId}", Access::administrator,
             [&queues](const Request& request) { return update_queue(queues, request); });
  router.add(Method::del, "/admin/queues/{queueId}", Access::administrator, [&queues](const Request& request) {
    return answer(queues.remove(*request.caller, request.path_value("queueId")));
  });
}

}  // namespace

void add_admin_routes(Router& router, const Services& services) {
  constexpr Access kAdministrator = Access::administrator;
  auto& tenant = services.admin_tenant;
  router.add(Method::get, "/admin/tenant", kAdministrator,
             [&tenant](const Request& request) { return answer(tenant.read(*request.caller)); });
  router.add(Method::patch, "/admin/tenant", kAdministrator,
             [&tenant](const Request& request) { return update_tenant(tenant, request); });
  add_queue_administration(router, services.admin_queues);

  auto& users = services.admin_users;
  router.add(Method::get, "/admin/users", kAdministrator,
             [&users](const Request& request) { return answer_list(users.list(*request.caller)); });
  router.add(Method::post, "/admin/users", kAdministrator,
             [&users](const Request& request) { return create_user(users, request); });
  router.add(Method::patch, "/admin/users/{userId}", kAdministrator,
             [&users](const Request& request) { return update_user(users, request); });

  auto& keys = services.admin_api_keys;
  router.add(Method::get, "/admin/api-keys", kAdministrator,
             [&keys](const Request& request) { return answer_list(keys.list(*request.caller)); });
  router.add(Method::post, "/admin/api-keys", kAdministrator,
             [&keys](const Request& request) { return create_api_key(keys, request); });
  router.add(Method::patch, "/admin/api-keys/{keyId}", kAdministrator,
             [&keys](const Request& request) { return update_api_key(keys, request); });

  auto& reasons = services.admin_reasons;
  router.add(Method::get, "/admin/reasons", kAdministrator,
             [&reasons](const Request& request) { return answer_list(reasons.list(*request.caller)); });
  router.add(Method::post, "/admin/reasons", kAdministrator,
             [&reasons](const Request& request) { return create_reason(reasons, request); });
  router.add(Method::patch, "/admin/reasons/{reasonId}", kAdministrator,
             [&reasons](const Request& request) { return update_reason(reasons, request); });

  router.add(Method::get, "/admin/audit", kAdministrator,
             [&audit = services.audit_log](const Request& request) -> Result<Response> {
               const auto page = page_request(request);
               if (!page) return tl::unexpected(page.error());
               return answer_page(audit.list(*request.caller, *page));
             });
}

}  // namespace tw::api
