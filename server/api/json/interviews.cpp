#include "api/json/views.hpp"
#include "api/json/write.hpp"

namespace tw::api {
namespace json = boost::json;

json::object to_json(const service::PlaceView& place) {
  json::object out;
  put(out, "status", place.status);
  put(out, "latitude", place.latitude);
  put(out, "longitude", place.longitude);
  put(out, "accuracyM", place.accuracy_m);
  put_text(out, "reason", place.reason);
  put_text(out, "address", place.address);
  put_text(out, "addressSource", place.address_source);
  put(out, "at", place.at);
  put_text(out, "latitudeLongitude", place.latitude_longitude);
  put_text(out, "locationInformation", place.location_information);
  return out;
}

json::object to_json(const service::OutcomeView& outcome) {
  json::object out;
  put(out, "kind", outcome.kind);
  put(out, "businessId", outcome.business_id);
  put_text(out, "assistId", outcome.assist_id);
  put(out, "at", outcome.at);
  put(out, "agentName", outcome.agent_name);
  put(out, "queueId", outcome.queue);
  put(out, "waitMs", outcome.wait_ms);
  if (outcome.place) out["place"] = to_json(*outcome.place);
  put(out, "reason", outcome.reason);
  if (outcome.photos)
    put_list(out, "photos", *outcome.photos, [](const service::PhotoView& photo) { return to_json(photo); });
  put(out, "recordingPath", outcome.recording_path);
  put(out, "recordingName", outcome.recording_name);
  put(out, "durationMs", outcome.duration_ms);
  return out;
}

namespace {

json::object satisfaction_json(const service::SatisfactionView& satisfaction) {
  json::object out;
  put(out, "score", satisfaction.score);
  put_text(out, "comment", satisfaction.comment);
  put(out, "at", satisfaction.given_at);
  return out;
}

json::object exit_json(const service::ExitView& exit) {
  json::object out;
  put(out, "latitudeLongitude", exit.latitude_longitude);
  put(out, "locationInformation", exit.location_information);
  if (exit.recording) {
    json::object recording;
    put(recording, "status", exit.recording->status);
    put(recording, "path", exit.recording->path);
    put(recording, "name", exit.recording->name);
    put(recording, "url", exit.recording->url);
    out["recording"] = std::move(recording);
  }
  put_list(out, "photos", exit.photos, [](const service::PhotoView& photo) { return to_json(photo); });
  out["faces"] = json::object{{"available", false}, {"results", json::array()}};
  return out;
}

}  // namespace

json::object to_json(const service::InterviewView& interview) {
  json::object out;
  put(out, "id", interview.id);
  put(out, "businessId", interview.business_id);
  put_text(out, "assistId", interview.assist_id);
  put(out, "nickName", interview.nick_name);
  put(out, "companyName", interview.company_name);
  put(out, "customerId", interview.customer);
  put(out, "customerNumber", interview.customer_number);
  put(out, "queueId", interview.queue);
  put_text(out, "queueName", interview.queue_name);
  put(out, "status", interview.status);
  put(out, "endReason", interview.end_reason);
  if (interview.outcome) out["outcome"] = to_json(*interview.outcome);
  put(out, "outcomeDueAt", interview.outcome_due_at);
  if (interview.outcome_overdue) put(out, "outcomeOverdue", true);
  put(out, "followsInterviewId", interview.follows);
  put_text(out, "agentName", interview.agent_name);
  if (interview.place) out["place"] = to_json(*interview.place);
  put(out, "createdAt", interview.created_at);
  put(out, "queuedAt", interview.queued_at);
  put(out, "answeredAt", interview.answered_at);
  put(out, "endedAt", interview.ended_at);
  put(out, "waitMs", interview.wait_ms);
  put(out, "durationMs", interview.duration_ms);
  if (interview.voice_only) put(out, "voiceOnly", true);
  if (interview.recording) out["recording"] = to_json(*interview.recording);
  put_text(out, "receiptNumber", interview.receipt_number);
  if (interview.satisfaction) out["satisfaction"] = satisfaction_json(*interview.satisfaction);
  if (interview.exit) out["exit"] = exit_json(*interview.exit);
  return out;
}

json::object to_json(const service::LinkView& link) {
  json::object out;
  put(out, "url", link.url);
  put(out, "expiresAt", link.expires_at);
  return out;
}

json::object to_json(const service::Link& link) {
  json::object out;
  put(out, "url", link.url);
  put(out, "expiresAt", link.expires_at);
  return out;
}

json::object to_json(const service::CreatedInterview& created) {
  json::object out;
  out["interview"] = to_json(created.interview);
  out["customerLink"] = to_json(created.customer_link);
  return out;
}

json::object to_json(const service::TimelineEntryView& entry) {
  json::object out;
  put(out, "number", entry.number);
  put(out, "at", entry.at);
  put(out, "kind", entry.kind);
  put_json(out, "data", entry.data_json);
  put(out, "previousHash", entry.previous_hash);
  put(out, "hash", entry.hash);
  return out;
}

json::object to_json(const service::OrderSection& section) {
  json::object out;
  put(out, "kind", section.kind);
  put_text(out, "title", section.title);
  put_list(out, "fields", section.fields, [](const service::OrderField& field) {
    return json::object{{"label", field.label}, {"value", field.value}};
  });
  return out;
}

}  // namespace tw::api
