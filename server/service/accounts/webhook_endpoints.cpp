#include "service/accounts/webhook_endpoints.hpp"

#include <algorithm>

#include "crypto/secret_key.hpp"
#include "service/accounts/rules.hpp"
#include "service/accounts/webhook_delivery.hpp"
#include "store/accounts/audit.hpp"
#include "store/accounts/webhooks.hpp"
#include "store/database.hpp"

namespace tw::service {
namespace {

constexpr std::size_t kMostDescriptionCharacters = 200;
constexpr std::size_t kMostUrlBytes = 1'024;

WebhookEndpoint to_view(const store::WebhookEndpointRow& row) {
  return {row.id, row.url, row.description, row.enabled, row.events, row.created_at};
}

WebhookMessage to_view(store::WebhookMessageRow row) {
  return {row.id,
          row.endpoint,
          row.interview,
          std::move(row.type),
          row.created_at,
          std::move(row.status),
          row.attempts,
          row.last_attempt_at,
          row.next_attempt_at,
          std::move(row.last_result),
          std::move(row.payload_json)};
}

tl::unexpected<Error> unknown() { return fail(ErrorKind::not_found, "webhook.unknown", "There is no such endpoint."); }
tl::unexpected<Error> message_unknown() {
  return fail(ErrorKind::not_found, "webhook.message_unknown", "There is no such message.");
}

Result<void> require_owner(const Caller& caller) {
  return require(caller, {CallerKind::api_key, CallerKind::administrator});
}

Result<void> check_url(OutgoingHttp& http, const std::string& url) {
  if (url.size() > kMostUrlBytes) return field_invalid("url", "The address is longer than 1024 bytes.");
  auto good = http.check_url(url);
  if (!good) good.error().kind = ErrorKind::unprocessable;
  return good;
}

/// The known events among these in the contract's order, each once.
Result<std::vector<std::string>> check_events(const std::vector<std::string>& wanted) {
  const auto& known = webhook_event_types();
  for (const std::string& event : wanted) {
    if (std::find(known.begin(), known.end(), event) == known.end())
      return field_invalid("events", "There is no event of one of these names.");
  }
  std::vector<std::string> events;
  for (const std::string& event : known) {
    if (std::find(wanted.begin(), wanted.end(), event) != wanted.end()) events.push_back(event);
  }
  return events;
}

Result<store::WebhookEndpointRow> find(store::Connection& connection, const TenantId& tenant, const std::string& id) {
  const auto endpoint_id = WebhookEndpointId::parse(id);
  auto row = endpoint_id ? store::find_webhook_endpoint(connection, tenant, *endpoint_id) : std::nullopt;
  if (!row) return unknown();
  return std::move(*row);
}

}  // namespace

const std::vector<std::string>& webhook_event_types() {
  static const std::vector<std::string> kTypes{"interview.queued",
                                               "interview.answered",
                                               "interview.transferred",
                                               "interview.concluded",
                                               "interview.outcome_deferred",
                                               "interview.outcome_overdue",
                                               "interview.follow_up_created",
                                               "interview.ended",
                                               "interview.exited",
                                               "interview.rated",
                                               "recording.ready"};
  return kTypes;
}

WebhookEndpoints::WebhookEndpoints(AccountsContext context, OutgoingHttp& http, WebhookDelivery& delivery)
    : context_(context), http_(http), delivery_(delivery) {}

Result<std::vector<WebhookEndpoint>> WebhookEndpoints::list(const Caller& caller) {
  if (auto allowed = require_owner(caller); !allowed) return tl::unexpected(allowed.error());
  return context_.database.read([&](store::Connection& connection) -> Result<std::vector<WebhookEndpoint>> {
    std::vector<WebhookEndpoint> endpoints;
    for (const auto& row : store::webhook_endpoints_of(connection, caller.tenant)) endpoints.push_back(to_view(row));
    return endpoints;
  });
}

Result<CreatedWebhookEndpoint> WebhookEndpoints::create(const Caller& caller, const NewEndpoint& endpoint) {
  if (auto allowed = require_owner(caller); !allowed) return tl::unexpected(allowed.error());
  if (auto good = check_url(http_, endpoint.url); !good) return tl::unexpected(good.error());
  if (auto good = check_text("description", endpoint.description, 0, kMostDescriptionCharacters); !good)
    return tl::unexpected(good.error());
  auto events = check_events(endpoint.events.empty() ? webhook_event_types() : endpoint.events);
  if (!events) return tl::unexpected(events.error());
  const auto tenant_key = context_.tenant_keys.of(caller.tenant);
  if (!tenant_key) return tl::unexpected(tenant_key.error());

  const WallTime now = context_.clock.wall_now();
  const SecretKey secret = SecretKey::make(context_.random);
  store::WebhookEndpointRow row{WebhookEndpointId::make(now, context_.random),
                                endpoint.url,
                                endpoint.description,
                                true,
                                std::move(*events),
                                "",
                                now};
  row.wrapped_secret = to_base64(tenant_key->wrap(secret, webhook_secret_context(row.id), context_.random));
  return context_.database.write([&](store::Transaction& transaction) -> Result<CreatedWebhookEndpoint> {
    if (store::webhook_endpoints_of(transaction, caller.tenant).size() >= static_cast<std::size_t>(kMostEndpoints)) {
      return fail(ErrorKind::conflict, "webhook.too_many", "There are as many endpoints as there may be; delete one.");
    }
    store::add_webhook_endpoint(transaction, caller.tenant, row);
    store::append_audit(transaction, {caller.tenant, now, caller.actor(), "webhook_endpoint.created", row.id.str()},
                        context_.random);
    return CreatedWebhookEndpoint{to_view(row), "whsec_" + to_base64(secret.bytes())};
  });
}

Result<WebhookEndpoint> WebhookEndpoints::update(const Caller& caller, const std::string& id, const Change& change) {
  if (auto allowed = require_owner(caller); !allowed) return tl::unexpected(allowed.error());
  if (change.url) {
    if (auto good = check_url(http_, *change.url); !good) return tl::unexpected(good.error());
  }
  if (change.description) {
    if (auto good = check_text("description", *change.description, 0, kMostDescriptionCharacters); !good)
      return tl::unexpected(good.error());
  }
  std::optional<std::vector<std::string>> events;
  if (change.events) {
    auto checked = check_events(*change.events);
    if (!checked) return tl::unexpected(checked.error());
    events = std::move(*checked);
  }
  const WallTime now = context_.clock.wall_now();
  auto changed = context_.database.write([&](store::Transaction& transaction) -> Result<WebhookEndpoint> {
    auto row = find(transaction, caller.tenant, id);
    if (!row) return tl::unexpected(row.error());
    row->url = change.url.value_or(row->url);
    row->description = change.description.value_or(row->description);
    row->enabled = change.enabled.value_or(row->enabled);
    if (events) row->events = *events;
    store::change_webhook_endpoint(transaction, caller.tenant, *row, now);
    store::append_audit(
        transaction,
        {caller.tenant, now, caller.actor(), "webhook_endpoint.changed", row->id.str(),
         json_of({{"enabled", row->enabled ? "true" : "false"}, {"addressChanged", change.url ? "true" : "false"}})},
        context_.random);
    return to_view(*row);
  });
  if (changed && changed->enabled) delivery_.wake();
  return changed;
}

Result<void> WebhookEndpoints::remove(const Caller& caller, const std::string& id) {
  if (auto allowed = require_owner(caller); !allowed) return allowed;
  return context_.database.write([&](store::Transaction& transaction) -> Result<void> {
    const auto row = find(transaction, caller.tenant, id);
    if (!row) return tl::unexpected(row.error());
    store::remove_webhook_endpoint(transaction, caller.tenant, row->id);
    store::append_audit(
        transaction,
        {caller.tenant, context_.clock.wall_now(), caller.actor(), "webhook_endpoint.deleted", row->id.str()},
        context_.random);
    return {};
  });
}

Result<Page<WebhookMessage>> WebhookEndpoints::messages(const Caller& caller, const MessageFilter& filter,
                                                        const PageRequest& page) {
  if (auto allowed = require_owner(caller); !allowed) return tl::unexpected(allowed.error());
  const auto before = decode_cursor(page);
  if (!before) return tl::unexpected(before.error());
  return context_.database.read([&](store::Connection& connection) -> Result<Page<WebhookMessage>> {
    auto rows = store::webhook_messages(connection, caller.tenant,
                                        {filter.endpoint_id, filter.interview_id, *before, page.limit + 1});
    Page<WebhookMessage> messages;
    if (rows.size() > page.limit) {
      rows.resize(page.limit);
      messages.next_cursor = encode_cursor(rows.back().id.str());
    }
    for (auto& row : rows) messages.items.push_back(to_view(std::move(row)));
    return messages;
  });
}

Result<WebhookMessage> WebhookEndpoints::resend(const Caller& caller, const std::string& id) {
  if (auto allowed = require_owner(caller); !allowed) return tl::unexpected(allowed.error());
  const WallTime now = context_.clock.wall_now();
  auto queued = context_.database.write([&](store::Transaction& transaction) -> Result<WebhookMessage> {
    const auto message_id = MessageId::parse(id);
    const auto row = message_id ? store::find_webhook_message(transaction, caller.tenant, *message_id) : std::nullopt;
    if (!row) return message_unknown();
    const auto endpoint = store::find_webhook_endpoint(transaction, caller.tenant, row->endpoint);
    if (!endpoint) return message_unknown();
    if (!endpoint->enabled)
      return fail(ErrorKind::conflict, "webhook.endpoint_disabled", "Enable the endpoint before sending to it again.");
    store::resend_webhook_message(transaction, caller.tenant, row->id, now);
    store::append_audit(transaction, {caller.tenant, now, caller.actor(), "webhook_message.resent", row->id.str()},
                        context_.random);
    return to_view(*store::find_webhook_message(transaction, caller.tenant, row->id));
  });
  if (queued) delivery_.wake();
  return queued;
}

}  // namespace tw::service
