#include "api/json/views.hpp"
#include "api/json/write.hpp"

namespace tw::api {
namespace json = boost::json;
namespace {

json::object waiting_json(const service::WaitingCustomer& customer) {
  json::object out;
  put(out, "interviewId", customer.interview);
  put(out, "nickName", customer.nick_name);
  put(out, "businessId", customer.business_id);
  put(out, "queuedAt", customer.queued_at);
  put(out, "position", customer.position);
  if (customer.returning) put(out, "returning", true);
  return out;
}

json::object desk_queue_json(const service::DeskQueue& queue) {
  json::object out;
  put(out, "id", queue.id);
  put(out, "name", queue.name);
  put_list(out, "waiting", queue.waiting, waiting_json);
  return out;
}

json::object ring_json(const service::RingView& ring) {
  json::object out;
  put(out, "interviewId", ring.interview);
  put(out, "nickName", ring.nick_name);
  put(out, "businessId", ring.business_id);
  put(out, "queueName", ring.queue_name);
  put(out, "since", ring.since);
  put(out, "until", ring.until);
  if (ring.voice_only) put(out, "voiceOnly", true);
  if (!ring.from_agent.empty()) {
    json::object transfer;
    put(transfer, "agentName", ring.from_agent);
    put_text(transfer, "note", ring.note);
    out["transfer"] = std::move(transfer);
  }
  return out;
}

json::object reason_json(const service::ReasonView& reason) {
  json::object out;
  put(out, "id", reason.id);
  put(out, "kind", reason.kind);
  put(out, "text", reason.text);
  put(out, "enabled", reason.enabled);
  return out;
}

}  // namespace

json::object to_json(const service::SignedInUser& user) {
  json::object out;
  put(out, "id", user.id);
  put(out, "number", user.number);
  put(out, "name", user.name);
  put(out, "displayName", user.display_name);
  put(out, "role", service::to_string(user.role));
  put(out, "canSupervise", user.can_supervise);
  put(out, "tenant", user.tenant);
  put(out, "tenantName", user.tenant_name);
  put(out, "queueId", user.queue_id);
  put_text(out, "returnUrl", user.return_url);
  return out;
}

json::object to_json(const service::SignedIn& signed_in) {
  json::object out;
  put(out, "token", signed_in.token);
  put(out, "expiresAt", signed_in.expires_at);
  out["user"] = to_json(signed_in.user);
  return out;
}

json::object to_json(const service::DeskState& desk) {
  json::object out;
  put(out, "presence", desk.presence);
  put(out, "activity", desk.activity);
  put_list(out, "queues", desk.queues, desk_queue_json);
  if (desk.ring) out["ring"] = ring_json(*desk.ring);
  put(out, "interviewId", desk.interview);
  put_list(out, "reasons", desk.reasons, reason_json);
  put_texts(out, "alarms", desk.alarms);
  put(out, "supervisorSessionId", desk.supervision);
  put(out, "serverTime", desk.server_time);
  return out;
}

json::object to_json(const service::AgentInterview& interview) {
  json::object out;
  out["interview"] = to_json(interview.interview);
  put_list(out, "sections", interview.sections, [](const service::OrderSection& section) { return to_json(section); });
  put_list(out, "photos", interview.photos, [](const service::PhotoView& photo) { return to_json(photo); });
  put(out, "customerConnection", interview.customer_connection);
  if (interview.customer_quality) {
    json::object quality;
    put(quality, "roundTripMs", interview.customer_quality->round_trip_ms);
    put(quality, "lossPercent", interview.customer_quality->loss_percent);
    put(quality, "bitrateBps", interview.customer_quality->bitrate_bps);
    out["customerQuality"] = std::move(quality);
  }
  put_list(out, "people", interview.people, person_json);
  put_list(out, "guests", interview.guests, [](const service::GuestView& guest) { return to_json(guest); });
  put(out, "held", interview.held);
  if (interview.transfer) out["transfer"] = transfer_json(*interview.transfer);
  if (interview.customer_page) {
    json::object page;
    put(page, "visible", interview.customer_page->visible);
    put(page, "camera", interview.customer_page->camera);
    put(page, "since", interview.customer_page->since);
    out["customerPage"] = std::move(page);
  }
  put_list(out, "customerDevices", interview.customer_devices, [](const service::CustomerDeviceView& device) {
    json::object one;
    put(one, "device", device.device);
    put(one, "state", device.state);
    put(one, "since", device.since);
    return one;
  });
  put(out, "orientation", interview.orientation);
  if (interview.media) out["media"] = to_json(*interview.media);
  if (interview.player) out["player"] = to_json(*interview.player);
  if (interview.risk_video) out["riskVideo"] = to_json(*interview.risk_video);
  put(out, "serverTime", interview.server_time);
  return out;
}

}  // namespace tw::api
