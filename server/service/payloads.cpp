#include "service/payloads.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace tw::service {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostSections = 20;  // the contract's limits for what an order endpoint may answer
constexpr std::size_t kMostFields = 60;
constexpr std::size_t kMostTitle = 64;
constexpr std::size_t kMostValue = 1'000;
constexpr std::size_t kMostMessage = 200;
constexpr std::array<std::string_view, 6> kKinds{"order",     "product", "borrower",
                                                 "guarantor", "company", "corporate_guarantor"};

/// Fills an object, leaving out what is not there.
class Object {
 public:
  Object& set(const char* name, std::string_view value) {
    object_[name] = json::value(value);
    return *this;
  }
  Object& text(const char* name, const std::string& value) { return value.empty() ? *this : set(name, value); }
  Object& time(const char* name, const std::optional<WallTime>& value) {
    return value ? set(name, to_rfc3339(*value)) : *this;
  }
  template <class T>
  Object& value(const char* name, const std::optional<T>& value) {
    if (value) object_[name] = json::value(*value);
    return *this;
  }
  Object& put(const char* name, json::value value) {
    object_[name] = std::move(value);
    return *this;
  }
  json::object take() { return std::move(object_); }

 private:
  json::object object_;
};

json::object place_json(const PlaceView& place) {
  return Object()
      .set("status", domain::to_text(place.status))
      .value("latitude", place.latitude)
      .value("longitude", place.longitude)
      .value("accuracyM", place.accuracy_m)
      .text("reason", place.reason)
      .text("address", place.address)
      .text("addressSource", place.address_source)
      .time("at", place.at)
      .text("latitudeLongitude", place.latitude_longitude)
      .text("locationInformation", place.location_information)
      .take();
}

json::object photo_json(const PhotoView& photo) {
  return Object()
      .set("id", photo.id.str())
      .set("status", photo.status)
      .time("takenAt", photo.taken_at)
      .value("width", photo.width)
      .value("height", photo.height)
      .text("sha256", photo.sha256)
      .text("watermarkedSha256", photo.watermarked_sha256)
      .text("originalUrl", photo.original_url)
      .text("watermarkedUrl", photo.watermarked_url)
      .text("failure", photo.failure)
      .set("category", photo.category)
      .set("source", photo.source)
      .text("replaces", photo.replaces)
      .take();
}

json::object recording_json(const RecordingView& recording) {
  json::array gaps;
  for (const RecordingGapView& gap : recording.gaps) {
    gaps.push_back(json::object{{"fromMs", gap.from_ms}, {"toMs", gap.to_ms}, {"cause", gap.cause}});
  }
  json::array files;
  for (const RecordingFileView& file : recording.files) {
    files.push_back(Object()
                        .set("name", file.name)
                        .set("kind", file.kind)
                        .text("participant", file.participant)
                        .text("stream", file.stream)
                        .put("sizeBytes", file.size_bytes)
                        .text("sha256", file.sha256)
                        .put("durationMs", file.duration_ms)
                        .set("url", file.url)
                        .take());
  }
  return Object()
      .set("status", recording.status)
      .set("path", recording.path)
      .set("name", recording.name)
      .time("startedAt", recording.started_at)
      .value("durationMs", recording.duration_ms)
      .value("progressPercent", recording.progress_percent)
      .put("recovered", recording.recovered)
      .value("avOffsetMs", recording.av_offset_ms)
      .put("avOffsetFlag", recording.av_offset_flag)
      .put("gaps", std::move(gaps))
      .put("files", std::move(files))
      .take();
}

json::object outcome_json(const OutcomeView& outcome) {
  Object object;
  object.set("kind", domain::to_text(outcome.kind))
      .set("businessId", outcome.business_id)
      .text("assistId", outcome.assist_id)
      .time("at", outcome.at)
      .set("agentName", outcome.agent_name)
      .set("queueId", outcome.queue.str())
      .put("waitMs", outcome.wait_ms)
      .value("reason", outcome.reason)
      .value("recordingPath", outcome.recording_path)
      .value("recordingName", outcome.recording_name)
      .value("durationMs", outcome.duration_ms);
  if (outcome.place) object.put("place", place_json(*outcome.place));
  if (outcome.photos) {
    json::array photos;
    for (const PhotoView& photo : *outcome.photos) photos.push_back(photo_json(photo));
    object.put("photos", std::move(photos));
  }
  return object.take();
}

json::object satisfaction_json(const SatisfactionView& satisfaction) {
  return Object()
      .put("score", satisfaction.score)
      .text("comment", satisfaction.comment)
      .set("at", to_rfc3339(satisfaction.given_at))
      .take();
}

json::object exit_json(const ExitView& exit) {
  Object object;
  object.set("latitudeLongitude", exit.latitude_longitude).set("locationInformation", exit.location_information);
  if (exit.recording) {
    object.put("recording", Object()
                                .set("status", exit.recording->status)
                                .set("path", exit.recording->path)
                                .set("name", exit.recording->name)
                                .set("url", exit.recording->url)
                                .take());
  }
  json::array photos;
  for (const PhotoView& photo : exit.photos) photos.push_back(photo_json(photo));
  object.put("photos", std::move(photos));
  object.put("faces", json::object{{"available", false}, {"results", json::array()}});
  return object.take();
}

/// Texts of an answer from outside; empty optional where it is none or too long.
std::optional<std::string> text_of(const json::object& object, const char* name, std::size_t most_characters) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || value->is_null()) return std::string();
  if (!value->is_string()) return std::nullopt;
  const std::string_view text = value->get_string();
  const auto characters = std::count_if(text.begin(), text.end(), [](char c) { return (c & '\xC0') != '\x80'; });
  if (static_cast<std::size_t>(characters) > most_characters) return std::nullopt;
  return std::string(text);
}

std::optional<OrderSection> section_of(const json::value& value) {
  const json::object* object = value.if_object();
  if (object == nullptr) return std::nullopt;
  OrderSection section;
  const auto kind = text_of(*object, "kind", kMostTitle);
  const auto title = text_of(*object, "title", kMostTitle);
  const json::value* fields = object->if_contains("fields");
  if (!kind || std::find(kKinds.begin(), kKinds.end(), *kind) == kKinds.end() || !title) return std::nullopt;
  if (fields == nullptr || !fields->is_array() || fields->get_array().size() > kMostFields) return std::nullopt;
  section.kind = *kind;
  section.title = *title;
  for (const json::value& item : fields->get_array()) {
    const json::object* field = item.if_object();
    if (field == nullptr) return std::nullopt;
    auto label = text_of(*field, "label", kMostTitle);
    auto text = text_of(*field, "value", kMostValue);
    if (!label || !text) return std::nullopt;
    section.fields.push_back({std::move(*label), std::move(*text)});
  }
  return section;
}

std::optional<std::vector<OrderSection>> sections_of(const json::value& value) {
  const json::array* array = value.if_array();
  if (array == nullptr || array->size() > kMostSections) return std::nullopt;
  std::vector<OrderSection> sections;
  for (const json::value& item : *array) {
    auto section = section_of(item);
    if (!section) return std::nullopt;
    sections.push_back(std::move(*section));
  }
  return sections;
}

tl::unexpected<Error> order_unavailable() {
  return fail(ErrorKind::unavailable, "order.unavailable",
              "The order endpoint did not give an answer of the contract's form; try again later.",
              {{"cause", "malformed"}});
}

}  // namespace

std::string interview_payload(const InterviewView& interview) {
  Object object;
  object.set("id", interview.id.str())
      .set("businessId", interview.business_id)
      .text("assistId", interview.assist_id)
      .set("nickName", interview.nick_name)
      .set("companyName", interview.company_name)
      .set("customerId", interview.customer.str())
      .put("customerNumber", interview.customer_number)
      .set("queueId", interview.queue.str())
      .set("queueName", interview.queue_name)
      .set("status", domain::to_text(interview.status))
      .text("agentName", interview.agent_name)
      .time("createdAt", interview.created_at)
      .time("queuedAt", interview.queued_at)
      .time("answeredAt", interview.answered_at)
      .time("endedAt", interview.ended_at)
      .value("waitMs", interview.wait_ms)
      .value("durationMs", interview.duration_ms);
  if (interview.voice_only) object.put("voiceOnly", true);
  if (interview.end_reason) object.set("endReason", domain::to_text(*interview.end_reason));
  object.time("outcomeDueAt", interview.outcome_due_at);
  if (interview.outcome_overdue) object.put("outcomeOverdue", true);
  if (interview.follows) object.set("followsInterviewId", interview.follows->str());
  if (interview.outcome) object.put("outcome", outcome_json(*interview.outcome));
  if (interview.place) object.put("place", place_json(*interview.place));
  if (interview.recording) object.put("recording", recording_json(*interview.recording));
  object.text("receiptNumber", interview.receipt_number);
  if (interview.satisfaction) object.put("satisfaction", satisfaction_json(*interview.satisfaction));
  if (interview.exit) object.put("exit", exit_json(*interview.exit));
  return json::serialize(object.take());
}

std::string sections_to_json(const std::vector<OrderSection>& sections) {
  json::array array;
  for (const OrderSection& section : sections) {
    json::array fields;
    for (const OrderField& field : section.fields) {
      fields.push_back(json::object{{"label", field.label}, {"value", field.value}});
    }
    array.push_back(
        Object().set("kind", section.kind).text("title", section.title).put("fields", std::move(fields)).take());
  }
  return json::serialize(array);
}

std::vector<OrderSection> sections_from_json(const std::string& text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error) return {};
  return sections_of(value).value_or(std::vector<OrderSection>{});
}

Result<OrderAnswer> parse_order_answer(std::string_view body) {
  boost::system::error_code error;
  const json::value value = json::parse(body, error);
  const json::object* object = error ? nullptr : value.if_object();
  if (object == nullptr) return order_unavailable();
  const json::value* allowed = object->if_contains("allowed");
  auto message = text_of(*object, "message", kMostMessage);
  if (allowed == nullptr || !allowed->is_bool() || !message) return order_unavailable();
  OrderAnswer answer{allowed->get_bool(), std::move(*message), {}};
  if (const json::value* sections = object->if_contains("sections")) {
    auto read = sections_of(*sections);
    if (!read) return order_unavailable();
    answer.sections = std::move(*read);
  }
  return answer;
}

}  // namespace tw::service
