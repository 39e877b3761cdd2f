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

json::object mark_label_json(const service::MarkLabelView& label) {
  json::object out;
  put(out, "id", label.id);
  put(out, "text", label.text);
  put(out, "key", label.key);
  return out;
}

json::object owed_json(const service::OwedOutcomes& owed) {
  json::object out;
  put(out, "count", owed.count);
  put(out, "overdue", owed.overdue);
  put(out, "nextUntil", owed.next_until);
  put(out, "nextRemindAt", owed.next_remind_at);
  put(out, "deadlineMinutes", owed.deadline_minutes);
  return out;
}

json::object consent_json(const service::GivenConsent& consent) {
  json::object out;
  put(out, "at", consent.at);
  put(out, "language", consent.language);
  put(out, "textVersion", consent.text_version);
  put_text(out, "userAgent", consent.user_agent);
  return out;
}

}  // namespace

json::object to_json(const service::NotesView& notes) {
  json::object out;
  put(out, "version", notes.version);
  put(out, "text", notes.text);
  put(out, "updatedAt", notes.updated_at);
  put_text(out, "updatedBy", notes.updated_by);
  return out;
}

json::object to_json(const service::MarkView& mark) {
  json::object out;
  put(out, "number", mark.number);
  put(out, "at", mark.at);
  put(out, "label", mark.label);
  return out;
}

json::object to_json(const service::OpenOutcomeView& outcome) {
  json::object out;
  put(out, "interviewId", outcome.interview);
  put(out, "businessId", outcome.business_id);
  put(out, "nickName", outcome.nick_name);
  put(out, "endedAt", outcome.ended_at);
  put(out, "dueAt", outcome.until);
  put(out, "remindAt", outcome.remind_at);
  put(out, "overdue", outcome.overdue);
  return out;
}

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
  out["brand"] = to_json(user.brand);
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
  put_list(out, "markLabels", desk.mark_labels, mark_label_json);
  out["openOutcomes"] = owed_json(desk.owed_outcomes);
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
  out["notes"] = to_json(interview.notes);
  put_list(out, "marks", interview.marks, [](const service::MarkView& mark) { return to_json(mark); });
  if (interview.consent) out["consent"] = consent_json(*interview.consent);
  put(out, "canRefreshOrder", interview.can_refresh_order);
  put(out, "serverTime", interview.server_time);
  return out;
}

}  // namespace tw::api
