#include "api/json/views.hpp"
#include "api/json/write.hpp"

namespace tw::api {
namespace json = boost::json;
namespace {

template <class Queue>
json::object queue_json(const Queue& queue) {
  json::object out;
  put(out, "id", queue.id);
  put(out, "number", queue.number);
  put(out, "name", queue.name);
  put(out, "enabled", queue.enabled);
  put(out, "waiting", queue.waiting);
  put(out, "agentsOnline", queue.agents_online);
  put(out, "createdAt", queue.created_at);
  return out;
}

}  // namespace

json::object to_json(const service::AdminQueue& queue) { return queue_json(queue); }
json::object to_json(const service::QueueView& queue) { return queue_json(queue); }

json::object to_json(const service::Tenant& tenant) {
  json::object out;
  put(out, "id", tenant.id);
  put(out, "account", tenant.account);
  put(out, "name", tenant.name);
  put(out, "placePolicy", tenant.place_policy);
  put_texts(out, "returnOrigins", tenant.return_origins);
  put_texts(out, "embedOrigins", tenant.embed_origins);
  put(out, "customerSeesOutcome", tenant.customer_sees_outcome);
  put(out, "tellReason", tenant.after.tell_reason);
  put(out, "askSatisfaction", tenant.after.ask_satisfaction);
  put(out, "timeZone", tenant.time_zone);
  out["recordingRetentionDays"] =
      tenant.recording_retention_days ? json::value(*tenant.recording_retention_days) : json::value(nullptr);
  put(out, "customerPhotos", tenant.customer_photos);
  put(out, "callOrientation", tenant.call_orientation);
  put(out, "outcomeDeadlineMinutes", tenant.outcome_deadline_minutes);
  put(out, "brandColour", tenant.brand_colour);
  put_text(out, "logoUrl", tenant.logo_url);
  put(out, "returnSecret", tenant.return_secret);
  const auto text_json = [](const service::ConsentTextVersion& text) {
    return json::object{
        {"version", text.version}, {"language", text.language}, {"text", text.text}, {"sha256", text.sha256}};
  };
  put_list(out, "consentTexts", tenant.consent_texts, text_json);
  put_list(out, "guestConsentTexts", tenant.guest_consent_texts, text_json);
  return out;
}

json::object to_json(const service::PlaceAddressSettings& settings) {
  json::object out;
  put(out, "offlineAvailable", settings.offline_available);
  if (settings.provider) {
    json::object provider;
    put(provider, "url", settings.provider->url);
    put(provider, "addressPointer", settings.provider->address_pointer);
    put(provider, "coordinates", settings.provider->shifted ? "gcj02" : "wgs84");
    put(provider, "hasKey", settings.has_key);
    out["provider"] = std::move(provider);
  }
  return out;
}

json::object to_json(const service::AdminUser& user) {
  json::object out;
  put(out, "id", user.id);
  put(out, "number", user.number);
  put(out, "name", user.name);
  put(out, "displayName", user.display_name);
  put(out, "role", service::to_string(user.role));
  put(out, "enabled", user.enabled);
  put(out, "canSupervise", user.can_supervise);
  put_list(out, "queueIds", user.queue_ids, [](const QueueId& queue) { return json::value(queue.str()); });
  put(out, "createdAt", user.created_at);
  put(out, "lastSignInAt", user.last_sign_in_at);
  return out;
}

json::object to_json(const service::ApiKey& key) {
  json::object out;
  put(out, "id", key.id);
  put(out, "name", key.name);
  put(out, "enabled", key.enabled);
  put(out, "createdAt", key.created_at);
  put(out, "lastUsedAt", key.last_used_at);
  return out;
}

json::object to_json(const service::CreatedApiKey& created) {
  json::object out = to_json(created.key);
  put(out, "secret", created.secret);
  return out;
}

json::object to_json(const service::Reason& reason) {
  json::object out;
  put(out, "id", reason.id);
  put(out, "kind", service::to_string(reason.kind));
  put(out, "text", reason.text);
  put(out, "enabled", reason.enabled);
  return out;
}

json::object to_json(const service::MarkLabel& label) {
  json::object out;
  put(out, "id", label.id);
  put(out, "text", label.text);
  put(out, "key", label.key);
  put(out, "order", label.order);
  return out;
}

json::object to_json(const service::AuditEntry& entry) {
  json::object out;
  put(out, "id", entry.id);
  put(out, "at", entry.at);
  put(out, "actor", entry.actor);
  put(out, "action", entry.action);
  put_text(out, "subject", entry.subject);
  put_json(out, "data", entry.data_json);
  return out;
}

}  // namespace tw::api
