#include "service/view_builder.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "domain/retention.hpp"
#include "domain/routing.hpp"
#include "service/accounts/brands.hpp"
#include "service/after_views.hpp"
#include "service/media_library.hpp"
#include "service/media_tokens.hpp"
#include "service/payloads.hpp"
#include "service/presence_book.hpp"
#include "service/queue_music.hpp"
#include "service/work.hpp"
#include "store/accounts/mark_labels.hpp"
#include "store/accounts/queues.hpp"
#include "store/accounts/reasons.hpp"
#include "store/accounts/tenants.hpp"
#include "store/agents.hpp"
#include "store/customers.hpp"
#include "store/recordings.hpp"
#include "store/supervisors.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;
using domain::Status;

constexpr const char* kApi = "/api/v1";

std::optional<std::int64_t> count_of(const std::optional<std::chrono::milliseconds>& duration) {
  if (!duration) return std::nullopt;
  return duration->count();
}

/// Coordinates with six digits: a tenth of a metre.
std::string degrees(double value) {
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, 6);
  return {buffer.data(), result.ptr};
}

std::optional<double> number(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

std::string text_of(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::string interview_url(const InterviewId& id) { return std::string(kApi) + "/interviews/" + id.str(); }

OutcomeView build_outcome(store::Connection& connection, const store::InterviewRecord& record,
                          const InterviewView& interview, WallTime now) {
  const domain::Interview& s = record.state;
  OutcomeView view;
  view.kind = *s.outcome;
  view.business_id = record.business_id;
  view.assist_id = record.assist_id;
  view.at = s.outcome_at.value_or(now);
  view.agent_name = interview.agent_name;
  view.queue = s.queue;
  view.wait_ms = interview.wait_ms.value_or(0);
  view.place = interview.place;
  if (view.kind != domain::OutcomeKind::passed) {
    view.reason = s.outcome_reason;
    return view;
  }
  view.photos = build_photos(connection, record.tenant, s.id);
  // What counts: neither what failed nor what was taken again, nor what nobody has taken yet.
  std::erase_if(*view.photos, [](const PhotoView& photo) {
    return photo.status == "failed" || photo.until || !photo.replaced_by.empty();
  });
  if (interview.recording) {
    view.recording_path = interview.recording->path;
    view.recording_name = interview.recording->name;
  }
  view.duration_ms = interview.duration_ms;
  return view;
}

}  // namespace

std::optional<PlaceView> build_place(const std::string& place_json) {
  if (place_json.empty()) return std::nullopt;
  const json::object object = json::parse(place_json).as_object();
  PlaceView place;
  place.status = domain::parse<domain::PlaceStatus>(std::string_view(object.at("status").as_string())).value();
  place.latitude = number(object, "latitude");
  place.longitude = number(object, "longitude");
  place.accuracy_m = number(object, "accuracyM");
  place.reason = text_of(object, "reason");
  place.address = text_of(object, "address");
  place.address_source = text_of(object, "addressSource");
  if (const json::value* at = object.if_contains("at")) place.at = parse_rfc3339(std::string_view(at->as_string()));
  if (place.latitude && place.longitude) {
    place.latitude_longitude = degrees(*place.latitude) + "," + degrees(*place.longitude);
    place.location_information = place.address.empty() ? place.latitude_longitude : place.address;
  }
  return place;
}

std::string watermark_place(const std::string& place_json) {
  const auto place = build_place(place_json);
  if (!place) return {};
  return place->address.empty() ? place->latitude_longitude : place->address + " " + place->latitude_longitude;
}

PhotoView build_photo(const store::PhotoRow& photo) {
  PhotoView view;
  view.id = photo.id;
  view.status = photo.status;
  view.taken_at = photo.taken_at;
  view.deleted = photo.deleted_at.has_value();
  view.failure = photo.failure;
  view.category = photo.category;
  view.source = photo.source;
  view.replaces = photo.replaces;
  view.until = photo.asked_until;
  if (photo.status != "ready") return view;
  view.width = photo.width;
  view.height = photo.height;
  view.sha256 = photo.sha256;
  view.watermarked_sha256 = photo.watermarked_sha256;
  const std::string base = interview_url(photo.interview) + "/photos/" + photo.id.str();
  view.original_url = base + "/original";
  view.watermarked_url = base + "/watermarked";
  return view;
}

std::vector<PhotoView> build_photos(store::Connection& connection, const TenantId& tenant,
                                    const InterviewId& interview) {
  std::vector<PhotoView> views;
  for (const store::PhotoRow& photo : store::photos::of_interview(connection, tenant, interview)) {
    if (!photo.deleted_at) views.push_back(build_photo(photo));
  }
  for (const PhotoView& retake : views) {
    if (retake.replaces.empty() || retake.status != "ready") continue;
    const auto before =
        std::ranges::find_if(views, [&](const PhotoView& view) { return view.id.str() == retake.replaces; });
    if (before != views.end()) before->replaced_by = retake.id.str();
  }
  return views;
}

CustomerPhotoView build_customer_photo(const store::PhotoRow& photo) {
  CustomerPhotoView view{photo.id, photo.category, photo.source, photo.taken_at, {}, {}, {}};
  if (photo.status != "ready") return view;
  view.width = photo.width;
  view.height = photo.height;
  view.watermarked_url = std::string(kApi) + "/customer/photos/" + photo.id.str() + "/watermarked";
  return view;
}

std::vector<CustomerPhotoView> build_customer_photos(store::Connection& connection, const TenantId& tenant,
                                                     const InterviewId& interview) {
  std::vector<CustomerPhotoView> views;
  for (const store::PhotoRow& photo : store::photos::of_interview(connection, tenant, interview)) {
    if (!photo.deleted_at && photo.status == "ready") views.push_back(build_customer_photo(photo));
  }
  return views;
}

std::string orientation_of(store::Connection& connection, const TenantId& tenant, const InterviewId& interview) {
  if (auto asked = store::interviews::orientation(connection, tenant, interview); !asked.empty()) return asked;
  const auto row = store::find_tenant(connection, tenant);
  return row ? row->call_orientation : std::string("any");
}

namespace {

/// What the customer's page needs to know of photos.
void add_photos(store::Connection& connection, const store::InterviewRecord& record, const store::TenantRow& tenant,
                CustomerState& state) {
  state.customer_photos = tenant.customer_photos;
  if (!record.state.answered_at) return;
  if (tenant.customer_photos != "none") {
    state.photos = build_customer_photos(connection, record.tenant, record.state.id);
  }
  if (!record.state.in_room()) return;
  for (const store::PhotoRow& photo : store::photos::of_interview(connection, record.tenant, record.state.id)) {
    if (photo.asked_until) state.photo_request = PhotoRequestView{photo.id, photo.category, *photo.asked_until};
  }
}

/// Holds, retention and deletion.
void add_custody(store::Connection& connection, const store::InterviewRecord& record, const store::RecordingRow& row,
                 RecordingView& view) {
  const auto name = [&](const std::string& user) {
    return store::agents::display_name(connection, record.tenant, AgentId::trusted(user));
  };
  if (row.held_since) view.legal_hold = LegalHoldView{*row.held_since, name(row.held_by), row.held_reason};
  if (row.deleted_at) {
    view.status = "deleted";
    view.deletion = RecordingDeletionView{*row.deleted_at,
                                          row.deleted_by == store::kRetention ? row.deleted_by : name(row.deleted_by),
                                          row.deletion_reason};
    return;
  }
  if (const auto tenant = store::find_tenant(connection, record.tenant)) {
    view.expires_at = domain::expires_at(tenant->retention, record.state.ended_at);
  }
}

}  // namespace

RecordingView for_reader(RecordingView recording, CallerKind reader) {
  if (recording.legal_hold && reader != CallerKind::administrator && reader != CallerKind::api_key) {
    recording.legal_hold->by.clear();
    recording.legal_hold->reason.clear();
  }
  return recording;
}

std::optional<RecordingView> build_recording(store::Connection& connection, const store::InterviewRecord& record) {
  const TenantId& tenant = record.tenant;
  const InterviewId& interview = record.state.id;
  const auto row = store::recordings::of_interview(connection, tenant, interview);
  if (!row) return std::nullopt;
  RecordingView view;
  view.id = row->id;
  view.status = row->status;
  view.path = row->path;
  view.name = row->name;
  view.started_at = row->started_at;
  view.recovered = row->recovered;
  view.av_offset_ms = row->av_offset_ms;
  if (row->status == "processing") view.progress_percent = row->progress;
  if (row->status == "ready") view.duration_ms = row->duration_ms;
  const json::value gaps = json::parse(row->gaps_json);
  for (const json::value& item : gaps.as_array()) {
    const json::object& gap = item.as_object();
    view.gaps.push_back({gap.at("fromMs").to_number<std::int64_t>(), gap.at("toMs").to_number<std::int64_t>(),
                         std::string(gap.at("cause").as_string())});
  }
  for (const store::RecordingFileRow& file : store::recordings::files(connection, tenant, row->id)) {
    view.files.push_back({file.name, file.kind, file.participant, file.size_bytes, file.sha256, file.duration_ms,
                          interview_url(interview) + "/recording/files/" + file.name, file.stream, file.av_offset_ms,
                          file.display_name});
    view.av_offset_flag = view.av_offset_flag || std::abs(file.av_offset_ms.value_or(0)) > recording::kAvOffsetFlagMs;
  }
  const json::value chapters = json::parse(row->chapters_json);
  for (const json::value& item : chapters.as_array()) {
    const json::object& chapter = item.as_object();
    view.chapters.push_back({chapter.at("atMs").to_number<std::int64_t>(), std::string(chapter.at("kind").as_string()),
                             std::string(chapter.at("title").as_string())});
  }
  add_custody(connection, record, *row, view);
  return view;
}

InterviewView build_interview(store::Connection& connection, const store::InterviewRecord& record, WallTime now) {
  const domain::Interview& s = record.state;
  InterviewView view;
  view.id = s.id;
  view.business_id = record.business_id;
  view.assist_id = record.assist_id;
  view.company_name = record.company_name;
  view.customer = record.customer;
  if (const auto customer = store::customers::find(connection, record.tenant, record.customer)) {
    view.nick_name = customer->nick_name;
    view.customer_number = customer->number;
  }
  view.queue = s.queue;
  view.queue_name = queue_name(connection, record.tenant, s.queue);
  view.status = s.status;
  view.end_reason = s.end_reason;
  // While it rings nobody has it yet; while it waits after a lost agent nobody has it any more.
  if (s.last_agent && (s.status == Status::talking || s.status == Status::ended)) {
    view.agent_name = store::agents::display_name(connection, record.tenant, *s.last_agent);
  }
  view.place = build_place(record.place_json);
  view.created_at = s.created_at;
  view.queued_at = s.queued_at;
  view.answered_at = s.answered_at;
  view.ended_at = s.ended_at;
  view.wait_ms = count_of(s.waited());
  view.duration_ms = count_of(s.talked_until(now));
  view.voice_only = record.voice_only;
  if (s.answered_at) view.recording = build_recording(connection, record);
  view.outcome_due_at = s.outcome_until;
  view.outcome_overdue = s.outcome_overdue;
  view.follows = record.follows;
  view.receipt_number = record.receipt_number;
  if (s.outcome) view.outcome = build_outcome(connection, record, view, now);
  return view;
}

std::vector<store::InterviewRecord> waiting_line(store::Connection& connection, const TenantId& tenant,
                                                 const QueueId& queue) {
  auto line = store::interviews::in_status(connection, tenant, Status::queued, queue);
  auto ringing = store::interviews::in_status(connection, tenant, Status::ringing, queue);
  std::move(ringing.begin(), ringing.end(), std::back_inserter(line));
  const auto key = [](const store::InterviewRecord& r) {
    return domain::WaitingInterview{
        r.state.id, r.state.queue, r.state.returning, r.state.waiting_since.value_or(r.state.created_at), {}};
  };
  std::sort(line.begin(), line.end(),
            [&](const auto& a, const auto& b) { return domain::waits_before(key(a), key(b)); });
  return line;
}

std::int64_t position_of(store::Connection& connection, const store::InterviewRecord& record) {
  std::int64_t position = 1;
  for (const auto& other : waiting_line(connection, record.tenant, record.state.queue)) {
    if (other.state.id == record.state.id) break;
    ++position;
  }
  return position;
}

std::optional<PlayerView> build_player(store::Connection& connection, const TenantId& tenant,
                                       const InterviewId& interview) {
  const auto row = store::players::find(connection, tenant, interview);
  if (!row) return std::nullopt;
  return PlayerView{row->media.str(), row->title, row->kind, row->state, row->position_ms, row->duration_ms, row->at};
}

Result<CustomerState> build_customer_state(Core& core, store::Connection& connection,
                                           const store::InterviewRecord& record) {
  const auto tenant = store::find_tenant(connection, record.tenant);
  if (!tenant) return interview_unknown();
  const domain::Interview& s = record.state;
  CustomerState state;
  state.interview = s.id;
  state.status = s.status;
  state.business_id = record.business_id;
  state.company_name = record.company_name;
  state.tenant_name = tenant->name;
  state.brand = build_brand(connection, record.tenant, record.company_name);
  state.queue_name = queue_name(connection, record.tenant, s.queue);
  if (const auto customer = store::customers::find(connection, record.tenant, record.customer)) {
    state.nick_name = customer->nick_name;
  }
  state.place_policy = tenant->place_policy;
  for (store::ConsentTextRow& text : store::current_consent_texts(connection, record.tenant)) {
    state.consent_texts.push_back({text.version, text.language, text.body, text.sha256});
  }
  state.consent_given = s.consent_given;
  state.place_given = s.place.has_value() || tenant->place_policy == domain::to_text(domain::PlacePolicy::off);
  state.place = build_place(record.place_json);
  state.queued_at = s.queued_at;
  state.agents_online = store::agents::online(connection, record.tenant, s.queue);
  state.voice_only = record.voice_only;
  state.held = s.held;
  if (s.kept()) {
    // Still in the room, connected and recorded: only nobody speaks with them yet.
    state.status = Status::talking;
    state.transferring = true;
  } else if (s.status == Status::queued || s.status == Status::ringing) {
    state.position = position_of(connection, record);
    state.reconnecting = s.returning;
    if (s.status == Status::queued) state.queue_music = build_queue_music(connection, record.tenant);
  }
  if (s.status == Status::talking && s.agent) {
    state.agent_name = store::agents::display_name(connection, record.tenant, *s.agent);
    state.agent_connection = core.presence().agent(*s.agent, s.id);
  }
  state.answered_at = s.answered_at;
  const Member member{kCustomerSide, {domain::Part::customer, {}}, {}};
  state.people = build_people(core, connection, record, member.party);
  if (has_media(s)) state.media = build_media_access(core, record, member);
  if (s.status == Status::talking) state.player = build_player(connection, record.tenant, s.id);
  add_photos(connection, record, *tenant, state);
  state.orientation = orientation_of(connection, record.tenant, s.id);
  state.end_reason = s.end_reason;
  state.ended_at = s.ended_at;
  add_after(connection, record, *tenant, core.now(), state);
  state.server_time = core.now();
  return state;
}

AgentInterview build_agent_interview(Core& core, store::Connection& connection, const Caller& caller,
                                     const store::InterviewRecord& record) {
  AgentInterview view;
  view.interview = build_interview(connection, record, core.now());
  if (view.interview.recording) {
    view.interview.recording = for_reader(std::move(*view.interview.recording), CallerKind::agent);
  }
  view.sections = sections_from_json(record.sections_json);
  for (auto& section : sections_from_json(record.supplied_json)) view.sections.push_back(std::move(section));
  view.photos = build_photos(connection, record.tenant, record.state.id);
  view.customer_connection = core.presence().customer(record.state.id);
  view.customer_quality = core.presence().customer_quality(record.state.id);
  // Whoever is rung for somebody who is in the room already must not hear them before answering.
  const bool may_connect = has_media(record.state) && (!record.state.kept() || record.state.status == Status::talking);
  if (may_connect && record.state.agent == caller.user()) {
    view.media = build_media_access(core, record, {kAgentSide, {domain::Part::agent, {}}, caller.id});
  }
  view.player = build_player(connection, record.tenant, record.state.id);
  if (const auto risk = store::media_items::of_interview(connection, record.tenant, record.state.id))
    view.risk_video = build_media_item(*risk);
  view.people = build_people(core, connection, record, {domain::Part::agent, {}});
  view.guests = build_guests(core, connection, record);
  view.held = record.state.held;
  view.transfer = build_transfer(connection, record);
  view.customer_page = core.presence().customer_page(record.state.id);
  view.customer_devices = core.presence().customer_devices(record.state.id);
  view.orientation = orientation_of(connection, record.tenant, record.state.id);
  view.notes = build_notes(connection, record.tenant, record.state.id);
  view.marks = build_marks(connection, record.tenant, record.state.id);
  view.consent = build_consent(record.consent_json);
  view.can_refresh_order = !record.order_endpoint.empty();
  view.server_time = core.now();
  return view;
}

DeskState build_desk_state(Core& core, store::Connection& connection, const Caller& caller) {
  const domain::Agent agent = store::agents::find(connection, caller.tenant, caller.user());
  DeskState desk;
  desk.presence = agent.presence;
  desk.activity = agent.activity;
  for (auto& served : store::agents::queues_of(connection, caller.tenant, agent.id)) {
    DeskQueue queue{served.id, std::move(served.name), {}};
    for (const auto& record : waiting_line(connection, caller.tenant, served.id)) {
      const auto customer = store::customers::find(connection, caller.tenant, record.customer);
      queue.waiting.push_back({record.state.id, customer ? customer->nick_name : std::string(), record.business_id,
                               record.state.queued_at.value_or(record.state.created_at),
                               static_cast<std::int64_t>(queue.waiting.size()) + 1, record.state.returning});
    }
    desk.queues.push_back(std::move(queue));
  }
  if (agent.interview) {
    const auto record = store::interviews::find(connection, caller.tenant, *agent.interview);
    if (record && agent.activity == domain::Activity::ringing && record->state.rings_at(agent.id)) {
      const domain::Interview& s = record->state;
      const bool handed_over = s.transfer && s.transfer->target == agent.id;
      const WallTime since =
          handed_over ? s.transfer->since : s.ringing_since.value_or(s.waiting_since.value_or(s.created_at));
      const auto customer = store::customers::find(connection, caller.tenant, record->customer);
      desk.ring = RingView{
          record->state.id,
          customer ? customer->nick_name : std::string(),
          record->business_id,
          queue_name(connection, caller.tenant, record->state.queue),
          since,
          (handed_over ? s.transfer->until : s.ring_until).value_or(since + domain::kAnswerPatience),
          record->voice_only,
          s.transfer ? store::agents::display_name(connection, caller.tenant, s.transfer->from) : std::string(),
          s.transfer ? s.transfer->note : std::string()};
    }
    if (agent.activity == domain::Activity::talking || agent.activity == domain::Activity::wrapping_up) {
      desk.interview = agent.interview;
    }
  }
  for (store::ReasonRow& reason : store::reasons_of(connection, caller.tenant)) {
    if (reason.enabled) desk.reasons.push_back({reason.id.str(), reason.kind, reason.text, true});
  }
  for (store::MarkLabelRow& label : store::mark_labels_of(connection, caller.tenant)) {
    desk.mark_labels.push_back({label.id, std::move(label.text), label.key});
  }
  desk.owed_outcomes = build_owed_outcomes(connection, caller.tenant, agent.id);
  if (!core.ports().rooms.can_record()) desk.alarms.emplace_back("recording_disk_full");
  if (core.ports().rooms.lacks_copy()) desk.alarms.emplace_back("recording_copy_lost");
  if (core.draining()) desk.alarms.emplace_back("draining");
  for (const auto& session : store::supervisors::of_user(connection, caller.tenant, agent.id)) {
    desk.supervision = session.id;
  }
  desk.server_time = core.now();
  return desk;
}

}  // namespace tw::service
