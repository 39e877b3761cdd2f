#include "service/accounts/webhook_delivery.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "base/log.hpp"
#include "crypto/digest.hpp"
#include "service/accounts/rules.hpp"
#include "store/accounts/audit.hpp"
#include "store/accounts/webhook_outbox.hpp"
#include "store/accounts/webhooks.hpp"
#include "store/database.hpp"

namespace tw::service {
namespace {

constexpr std::string_view kSecretPrefix = "whsec_";
constexpr unsigned kGone = 410;
/// A round after a failure of the store: its disk may be full for a while.
constexpr std::chrono::seconds kPauseOfStore{10};

std::int64_t to_seconds(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

std::string webhook_secret_context(const WebhookEndpointId& id) { return "webhook:" + id.str(); }

Result<std::string> webhook_signature(const std::string& secret, const std::string& message_id,
                                      std::int64_t timestamp_s, const std::string& body) {
  const auto key = secret.starts_with(kSecretPrefix)
                       ? from_base64(std::string_view(secret).substr(kSecretPrefix.size()))
                       : std::nullopt;
  if (!key) return fail(ErrorKind::invalid, "webhook.bad_secret", "A webhook secret is whsec_ and base64.");
  const std::string signed_text = message_id + "." + std::to_string(timestamp_s) + "." + body;
  return "v1," + to_base64(hmac_sha256(*key, as_bytes(signed_text)));
}

WebhookDelivery::WebhookDelivery(AccountsContext context, OutgoingHttp& http, WakeUps& wake_ups)
    : context_(context), http_(http), wake_ups_(wake_ups) {}

void WebhookDelivery::wake() { wake_ups_.wake_at(context_.clock.wall_now()); }

std::optional<WallTime> WebhookDelivery::run_due() {
  const std::lock_guard one_at_a_time(round_);
  fan_out_all();
  send_groups(due_by_endpoint());
  clean();
  const WallTime now = context_.clock.wall_now();
  const auto next = context_.database.read([&](store::Connection& connection) -> Result<std::optional<WallTime>> {
    return store::next_due(connection, now);
  });
  const std::optional<WallTime> when = next ? *next : now + kPauseOfStore;
  if (when) wake_ups_.wake_at(*when);
  return when;
}

void WebhookDelivery::fan_out_all() {
  for (;;) {
    const auto handled = context_.database.write([&](store::Transaction& transaction) -> Result<std::size_t> {
      return store::fan_out(transaction, kMostFannedOut, context_.clock.wall_now(), context_.random);
    });
    if (!handled || *handled < kMostFannedOut) return;
  }
}

void WebhookDelivery::clean() {
  const SteadyTime now = context_.clock.steady_now();
  if (cleaned_ && now - *cleaned_ < kCleanedEvery) return;
  cleaned_ = now;
  static_cast<void>(context_.database.write([&](store::Transaction& transaction) -> Result<void> {
    store::drop_webhooks_before(transaction, context_.clock.wall_now() - kKeptFor);
    return {};
  }));
}

std::vector<WebhookDelivery::Group> WebhookDelivery::due_by_endpoint() {
  auto due = context_.database.read([&](store::Connection& connection) -> Result<Group> {
    return store::due_messages(connection, context_.clock.wall_now(), kMostAtOnce);
  });
  std::vector<Group> groups;
  if (!due) return groups;
  std::map<WebhookEndpointId, std::size_t> places;
  for (auto& message : *due) {
    const auto [place, is_new] = places.try_emplace(message.endpoint, groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].push_back(std::move(message));
  }
  return groups;
}

/// One endpoint after the other on each thread, so that a slow receiver keeps only its own messages waiting.
void WebhookDelivery::send_groups(std::vector<Group> groups) {
  const SteadyTime until = context_.clock.steady_now() + kRoundTime;
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < groups.size(); i = next++) send_group(groups[i], until);
  };
  // What goes wrong in a helper must not end the server; its messages stay due and are sent the next time.
  const auto help = [&] {
    try {
      work();
    } catch (const std::exception&) {
      log::error("webhooks could not be sent", {{"groups", groups.size()}});
    }
  };
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < std::min(groups.size(), kMostThreads); ++i) helpers.emplace_back(help);
  work();
}

void WebhookDelivery::send_group(const Group& group, SteadyTime until) {
  for (std::size_t i = 0; i < group.size() && context_.clock.steady_now() < until; ++i) {
    if (send(group[i])) continue;
    const WallTime later = context_.clock.wall_now() + kPauseOfUnreachable;
    static_cast<void>(context_.database.write([&](store::Transaction& transaction) -> Result<void> {
      for (std::size_t k = i + 1; k < group.size(); ++k) store::postpone(transaction, group[k], later);
      return {};
    }));
    return;
  }
}

bool WebhookDelivery::send(const store::DueMessage& message) {
  const auto tenant_key = context_.tenant_keys.of(message.tenant);
  auto secret = tenant_key.and_then([&](const SecretKey& key) {
    return key.unwrap(from_base64(message.wrapped_secret).value_or(Bytes{}), webhook_secret_context(message.endpoint));
  });
  if (!secret) {
    note(message, false, false, secret.error().code);
    return true;
  }
  const std::int64_t timestamp = to_seconds(context_.clock.wall_now());
  const auto signature = webhook_signature(std::string(kSecretPrefix) + to_base64(secret->bytes()), message.id.str(),
                                           timestamp, message.body);
  if (!signature) {
    note(message, false, false, signature.error().code);
    return true;
  }
  const auto answer = http_.send({.method = "POST",
                                  .url = message.url,
                                  .headers = {{"Content-Type", "application/json"},
                                              {"User-Agent", "Telewitness"},
                                              {"webhook-id", message.id.str()},
                                              {"webhook-timestamp", std::to_string(timestamp)},
                                              {"webhook-signature", *signature}},
                                  .body = message.body});
  if (!answer) {
    note(message, false, false, answer.error().code);
    return false;
  }
  note(message, answer->status >= 200 && answer->status < 300, answer->status == kGone, std::to_string(answer->status));
  return true;
}

/// `gone`: the receiver says that it wants no more (Standard Webhooks, "Responding to webhooks": 410 disables an
/// endpoint).
void WebhookDelivery::note(const store::DueMessage& message, bool taken, bool gone, const std::string& result) {
  const WallTime now = context_.clock.wall_now();
  store::Attempt attempt{"delivered", result, std::nullopt};
  if (!taken) {
    const auto tries = static_cast<std::size_t>(message.tries);
    const bool again = !gone && tries < kBackOff.size();
    attempt.status = again ? "pending" : "failed";
    if (again) attempt.next_at = now + kBackOff[tries];
    log::info("webhook attempt failed", {{"message", message.id.str()},
                                         {"endpoint", message.endpoint.str()},
                                         {"attempt", tries + 1},
                                         {"result", result},
                                         {"again", again}});
  }
  const auto written = context_.database.write([&](store::Transaction& transaction) -> Result<void> {
    store::note_attempt(transaction, message, attempt, now);
    if (!gone) return {};
    auto endpoint = store::find_webhook_endpoint(transaction, message.tenant, message.endpoint);
    if (!endpoint || !endpoint->enabled) return {};
    endpoint->enabled = false;
    store::change_webhook_endpoint(transaction, message.tenant, *endpoint, now);
    store::append_audit(
        transaction,
        {message.tenant, now, "system", "webhook_endpoint.disabled", endpoint->id.str(), json_of({{"cause", "410"}})},
        context_.random);
    return {};
  });
  // Not noted means sent again: receivers know a repeated webhook-id.
  if (!written)
    log::warning("webhook attempt not noted", {{"message", message.id.str()}, {"code", written.error().code}});
}

}  // namespace tw::service
