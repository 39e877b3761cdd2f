#include "api/json/views.hpp"
#include "api/json/write.hpp"

namespace tw::api {
namespace json = boost::json;

json::object to_json(const service::WebhookEndpoint& endpoint) {
  json::object out;
  put(out, "id", endpoint.id);
  put(out, "url", endpoint.url);
  put_text(out, "description", endpoint.description);
  put(out, "enabled", endpoint.enabled);
  put_texts(out, "events", endpoint.events);
  put(out, "createdAt", endpoint.created_at);
  return out;
}

json::object to_json(const service::CreatedWebhookEndpoint& created) {
  json::object out = to_json(created.endpoint);
  put(out, "secret", created.secret);
  return out;
}

json::object to_json(const service::WebhookMessage& message) {
  json::object out;
  put(out, "id", message.id);
  put(out, "endpointId", message.endpoint_id);
  put(out, "interviewId", message.interview_id);
  put(out, "type", message.type);
  put(out, "createdAt", message.created_at);
  put(out, "status", message.status);
  put(out, "attempts", message.attempts);
  put(out, "lastAttemptAt", message.last_attempt_at);
  put(out, "nextAttemptAt", message.next_attempt_at);
  put_text(out, "lastResult", message.last_result);
  put_json(out, "payload", message.payload_json);
  return out;
}

}  // namespace tw::api
