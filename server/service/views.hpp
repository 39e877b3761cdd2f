#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/mark_label.hpp"
#include "domain/people.hpp"
#include "domain/words.hpp"
#include "service/media_views.hpp"

/// What use cases show, field by field as in the contract's schemas. An empty optional (or, where said, an empty text)
/// is left out of the JSON.
namespace tw::service {

/// How the company shows itself.
struct BrandView {
  std::string company_name;
  std::string colour;    ///< #rrggbb; empty: left out
  std::string logo_url;  ///< "/api/v1/tenants/…"; empty: left out
};

/// A stream that somebody publishes now.
struct StreamView {
  std::string name;
  bool audio = false;
  bool video = false;
};
/// Somebody in the room, as far as whoever asks may know.
struct PersonView {
  std::string participant;
  domain::Part part = domain::Part::customer;
  std::string display_name;
  std::vector<StreamView> streams;
  bool held = false;
};
struct TransferView {
  std::string state;  ///< ringing, waiting
  std::optional<AgentId> agent;
  std::string agent_name;  ///< empty: left out
  std::optional<QueueId> queue;
  std::string queue_name;  ///< empty: left out
  std::string note;        ///< empty: left out
  WallTime since;
  std::optional<WallTime> until;
};
struct CustomerPageView {
  bool visible = true;
  std::string camera;  ///< live, lost, off
  WallTime since;
};
struct GuestView {
  GuestId id;
  std::string display_name;
  domain::GuestStatus status = domain::GuestStatus::invited;
  bool sign_in_required = false;
  WallTime invited_at;
  WallTime expires_at;
  std::optional<WallTime> joined_at;
  std::optional<WallTime> left_at;
  bool consent_given = false;
  domain::ConnectionState connection = domain::ConnectionState::absent;
};

struct OrderField {
  std::string label;
  std::string value;
};
struct OrderSection {
  std::string kind;
  std::string title;  ///< empty: left out
  std::vector<OrderField> fields;
};

struct PlaceView {
  domain::PlaceStatus status = domain::PlaceStatus::given;
  std::optional<double> latitude;   ///< WGS-84
  std::optional<double> longitude;  ///< WGS-84
  std::optional<double> accuracy_m;
  std::string reason;          ///< why there is none, a word of PlaceReport; empty: left out
  std::string address;         ///< empty: left out
  std::string address_source;  ///< provider, offline; empty: left out
  std::optional<WallTime> at;
  std::string latitude_longitude;    ///< "latitude,longitude"; empty: left out
  std::string location_information;  ///< empty: left out
};

struct PhotoView {
  PhotoId id;
  std::string status;  ///< pending, ready, failed
  WallTime taken_at;
  std::optional<std::int64_t> width;
  std::optional<std::int64_t> height;
  std::string sha256;  ///< of the unmarked original; these are empty until it is ready
  std::string watermarked_sha256;
  std::string original_url;  ///< "/api/v1/interviews/…"
  std::string watermarked_url;
  bool deleted = false;
  std::string failure;  ///< problem code; empty unless failed
  std::string category = "other";
  std::string source = "cloud";
  std::string replaces;             ///< empty: left out
  std::string replaced_by;          ///< the ready photo that was taken instead; empty: left out
  std::optional<WallTime> until{};  ///< while the customer's device is asked for it
};
/// A photo as the customer sees it.
struct CustomerPhotoView {
  PhotoId id;
  std::string category;
  std::string source;
  WallTime taken_at;
  std::optional<std::int64_t> width;
  std::optional<std::int64_t> height;
  std::string watermarked_url;  ///< "/api/v1/customer/photos/…"; empty until it is ready
};
struct PhotoRequestView {
  PhotoId photo;
  std::string category;
  WallTime until;
};
struct CustomerDeviceView {
  std::string device;  ///< camera, microphone, speaker
  std::string state;   ///< lost, interrupted, resumed, replaced
  WallTime since;
};

struct RecordingFileView {
  std::string name;
  std::string kind;         ///< composed, stream
  std::string participant;  ///< of a stream; empty: left out
  std::int64_t size_bytes = 0;
  std::string sha256;
  std::int64_t duration_ms = 0;
  std::string url;                       ///< "/api/v1/interviews/…"
  std::string stream{};                  ///< of a stream: camera, screen, whisper …; empty: left out
  std::optional<double> av_offset_ms{};  ///< sound against picture; positive: sound late
  std::string display_name{};            ///< of whose stream it is; empty: left out
};
/// Where a player may jump to, on the composed file's time line.
struct RecordingChapterView {
  std::int64_t at_ms = 0;
  std::string kind;  ///< of the timeline, or start
  std::string title;
};
struct RecordingGapView {
  std::int64_t from_ms = 0;
  std::int64_t to_ms = 0;
  std::string cause;  ///< interrupted, crash
};
/// Neither retention nor anybody deletes the recording.
struct LegalHoldView {
  WallTime since;
  std::string by;  ///< name shown; empty (with the reason) for who is not to know
  std::string reason;
};
struct RecordingDeletionView {
  WallTime at;
  std::string by;  ///< name shown, or "retention"
  std::string reason;
};
struct RecordingView {
  RecordingId id;
  std::string status;  ///< recording, processing, ready, failed, deleted
  std::string path;
  std::string name;
  WallTime started_at;
  std::optional<std::int64_t> duration_ms;
  std::optional<std::int64_t> progress_percent;  ///< while processing
  bool recovered = false;
  std::optional<double> av_offset_ms;
  std::vector<RecordingGapView> gaps;
  std::vector<RecordingFileView> files;
  bool av_offset_flag = false;  ///< sound and picture of a file lie too far apart
  std::vector<RecordingChapterView> chapters;
  std::optional<LegalHoldView> legal_hold{};
  std::optional<WallTime> expires_at{};
  std::optional<RecordingDeletionView> deletion{};
};

/// A15. Passed carries photos, recording and duration and no reason; the others the reason and none of these.
struct OutcomeView {
  domain::OutcomeKind kind = domain::OutcomeKind::passed;
  std::string business_id;
  std::string assist_id;  ///< empty: left out
  WallTime at;
  std::string agent_name;
  QueueId queue;
  std::int64_t wait_ms = 0;
  std::optional<PlaceView> place;
  std::optional<std::string> reason;
  std::optional<std::vector<PhotoView>> photos;
  std::optional<std::string> recording_path;
  std::optional<std::string> recording_name;
  std::optional<std::int64_t> duration_ms;
};

struct RecordingReferenceView {
  std::string status;  ///< as in RecordingView
  std::string path;
  std::string name;
  std::string url;  ///< "/api/v1/interviews/…": its state and its files
};
/// A23: what the integrator gets when the interview is over. Results of face comparison are not in it: none are made.
struct ExitView {
  std::string latitude_longitude;    ///< "latitude,longitude"; empty: the customer gave none
  std::string location_information;  ///< the address, or the coordinates where there is none
  std::optional<RecordingReferenceView> recording;
  std::vector<PhotoView> photos;  ///< the ready ones, those that were taken again included
};
struct SatisfactionView {
  std::int64_t score = 0;  ///< 1 (very dissatisfied) to 5 (very satisfied)
  std::string comment;     ///< empty: left out
  WallTime given_at;
};
/// The customer is asked, or has answered.
struct AskedSatisfactionView {
  WallTime until;
  std::optional<std::int64_t> score;  ///< once it was said
};

struct InterviewView {
  InterviewId id;
  std::string business_id;
  std::string assist_id;  ///< empty: left out
  std::string nick_name;
  std::string company_name;
  CustomerId customer;
  std::int64_t customer_number = 0;
  QueueId queue;
  std::string queue_name;
  domain::Status status = domain::Status::created;
  std::optional<domain::EndReason> end_reason;
  std::optional<OutcomeView> outcome;
  std::optional<WallTime> outcome_due_at{};  ///< put off until then
  bool outcome_overdue = false;
  std::optional<InterviewId> follows{};  ///< of which interview it is the follow-up
  std::string agent_name;                ///< empty: left out
  std::optional<PlaceView> place;
  WallTime created_at;
  std::optional<WallTime> queued_at;
  std::optional<WallTime> answered_at;
  std::optional<WallTime> ended_at;
  std::optional<std::int64_t> wait_ms;
  std::optional<std::int64_t> duration_ms;
  bool voice_only = false;
  std::optional<RecordingView> recording;
  std::string receipt_number{};                    ///< given at the end; empty: left out
  std::optional<SatisfactionView> satisfaction{};  ///< only for administrators and integrators
  std::optional<ExitView> exit{};                  ///< of one that has ended, where one interview is read or told
};

struct LinkView {
  std::string url;
  WallTime expires_at;
};
struct CreatedGuest {
  GuestView guest;
  LinkView link;
};
struct CreatedInterview {
  InterviewView interview;
  LinkView customer_link;
};
struct TimelineEntryView {
  std::int64_t number = 0;
  WallTime at;
  std::string kind;
  std::string data_json;  ///< an object, as it was hashed
  std::string previous_hash;
  std::string hash;
};

struct ConsentTextView {
  std::string version;
  std::string language;
  std::string text;
  std::string sha256;
};
struct IceServerView {
  std::vector<std::string> urls;
  std::string username;    ///< empty: left out
  std::string credential;  ///< empty: left out
};
struct MediaAccessView {
  std::string token;  ///< twm_…
  WallTime expires_at;
  std::string participant;
  std::string publish_url;  ///< "/api/v1/media/{interview}/whip/camera" below the public address
  std::string watch_url;
  std::vector<std::pair<std::string, std::string>> publish;  ///< stream and its address
  std::string watch_template;
  std::vector<IceServerView> ice_servers;
  std::string video_codec;  ///< VP8, H264
  std::int64_t video_bitrate_bps = 0;
};

struct CustomerState {
  InterviewId interview;
  domain::Status status = domain::Status::created;
  std::string business_id;
  std::string company_name;
  std::string tenant_name;
  BrandView brand;
  std::string queue_name;
  std::string nick_name;
  std::string place_policy;  ///< required, optional
  std::vector<ConsentTextView> consent_texts;
  bool consent_given = false;
  bool place_given = false;
  std::optional<std::int64_t> position;  ///< while queued or ringing; 1 is next
  std::optional<WallTime> queued_at;
  std::optional<std::int64_t> agents_online;
  bool reconnecting = false;
  std::string agent_name;  ///< empty: left out
  std::optional<domain::ConnectionState> agent_connection;
  std::vector<PersonView> people;
  bool voice_only = false;
  bool held = false;
  bool transferring = false;
  std::optional<WallTime> answered_at;
  std::optional<MediaAccessView> media;
  std::optional<PlayerView> player;           ///< what is played to everybody
  std::optional<QueueMusicView> queue_music;  ///< while queued
  std::optional<PhotoRequestView> photo_request;
  std::string customer_photos = "none";
  std::vector<CustomerPhotoView> photos;
  std::string orientation = "any";
  std::optional<domain::EndReason> end_reason;
  std::optional<WallTime> ended_at;
  std::optional<PlaceView> place{};              ///< as the customer told it
  std::optional<domain::OutcomeKind> outcome{};  ///< only where the tenant tells customers
  std::string outcome_reason{};                  ///< the same, and only where its reason is told; empty: left out
  bool outcome_pending = false;                  ///< the same: somebody talked with them and has not decided yet
  std::string receipt_number{};                  ///< after the end; empty: left out
  std::optional<AskedSatisfactionView> satisfaction{};
  std::string signed_exit{};  ///< see service/return_address.hpp; empty: left out
  std::string return_url;     ///< empty: left out
  WallTime server_time;
};
struct CustomerSessionView {
  std::string token;  ///< twc_…
  CustomerState state;
};

struct WaitingCustomer {
  InterviewId interview;
  std::string nick_name;
  std::string business_id;
  WallTime queued_at;
  std::int64_t position = 1;
  bool returning = false;
};
struct DeskQueue {
  QueueId id;
  std::string name;
  std::vector<WaitingCustomer> waiting;
};
struct RingView {
  InterviewId interview;
  std::string nick_name;
  std::string business_id;
  std::string queue_name;
  WallTime since;
  WallTime until;
  bool voice_only = false;
  std::string from_agent;  ///< who hands it over; empty for a customer who waits
  std::string note;
};
struct ReasonView {
  std::string id;
  std::string kind;  ///< rejected, needs_supplement
  std::string text;
  bool enabled = true;
};
/// What an agent wrote beside an interview. Version 0: nothing yet.
struct NotesView {
  std::int64_t version = 0;
  std::string text;
  std::optional<WallTime> updated_at;
  std::string updated_by;  ///< name shown; empty: left out
};
/// A mark that was set on the timeline.
struct MarkView {
  std::int64_t number = 0;  ///< of the timeline's entry
  WallTime at;
  std::string label;
};
struct MarkLabelView {
  MarkLabelId id;
  std::string text;
  std::optional<std::int64_t> key;  ///< 1 to 9
};
/// To what the customer agreed, and with what they came.
struct GivenConsent {
  WallTime at;
  std::string language;
  std::string text_version;
  std::string user_agent;
};
/// An outcome that was put off and is still owed.
struct OpenOutcomeView {
  InterviewId interview;
  std::string business_id;
  std::string nick_name;
  std::optional<WallTime> ended_at;
  WallTime until;
  WallTime remind_at;
  bool overdue = false;
};
/// The same in sum, for a desk.
struct OwedOutcomes {
  std::int64_t count = 0;
  std::int64_t overdue = 0;
  std::optional<WallTime> next_until;      ///< of those that are not overdue
  std::optional<WallTime> next_remind_at;  ///< of the same
  std::int64_t deadline_minutes = 0;       ///< how long one may be put off
};
struct DeskState {
  domain::Presence presence = domain::Presence::offline;
  domain::Activity activity = domain::Activity::idle;
  std::vector<DeskQueue> queues;
  std::optional<RingView> ring;
  std::optional<InterviewId> interview;    ///< being talked in or wrapped up
  std::vector<ReasonView> reasons;         ///< the enabled ones
  std::vector<MarkLabelView> mark_labels;  ///< in their order
  OwedOutcomes owed_outcomes;
  std::vector<std::string> alarms;          ///< recording_disk_full, recording_copy_lost, draining
  std::optional<SupervisorId> supervision;  ///< the session in which they listen, whisper or have joined
  WallTime server_time;
};

struct QualityView {
  std::int64_t round_trip_ms = 0;
  double loss_percent = 0;
  std::int64_t bitrate_bps = 0;
};
struct AgentInterview {
  InterviewView interview;
  std::vector<OrderSection> sections;
  std::vector<PhotoView> photos;
  domain::ConnectionState customer_connection = domain::ConnectionState::absent;
  std::optional<QualityView> customer_quality;
  std::vector<PersonView> people;
  std::vector<GuestView> guests;
  bool held = false;
  std::optional<TransferView> transfer;
  std::optional<CustomerPageView> customer_page;
  std::vector<CustomerDeviceView> customer_devices;
  std::string orientation = "any";
  std::optional<MediaAccessView> media;
  std::optional<PlayerView> player;
  std::optional<MediaItemView> risk_video;
  NotesView notes;
  std::vector<MarkView> marks;
  std::optional<GivenConsent> consent;
  bool can_refresh_order = false;
  WallTime server_time;
};

struct GuestState {
  InterviewId interview;
  GuestId guest;
  domain::GuestStatus status = domain::GuestStatus::invited;
  domain::Status interview_status = domain::Status::created;
  std::string display_name;
  std::string company_name;
  std::string tenant_name;
  BrandView brand;
  std::vector<ConsentTextView> consent_texts;
  bool consent_given = false;
  std::vector<PersonView> people;
  bool voice_only = false;
  bool held = false;
  std::optional<PlayerView> player;
  std::optional<MediaAccessView> media;
  std::optional<WallTime> ended_at;
  WallTime server_time;
};
struct GuestSessionView {
  std::string token;  ///< twg_…
  GuestState state;
};

struct SupervisorPresenceView {
  SupervisorId session;
  std::string display_name;
  domain::SupervisionMode mode = domain::SupervisionMode::listen;
};
struct LiveInterview {
  InterviewId interview;
  std::string business_id;
  std::string nick_name;
  QueueId queue;
  std::string queue_name;
  domain::Status status = domain::Status::talking;
  std::optional<AgentId> agent;
  std::string agent_name;  ///< empty: left out
  std::optional<WallTime> answered_at;
  bool voice_only = false;
  bool held = false;
  std::optional<TransferView> transfer;
  std::vector<PersonView> people;
  std::vector<SupervisorPresenceView> supervisors;
};
struct SupervisorState {
  SupervisorId session;
  domain::SupervisionMode mode = domain::SupervisionMode::listen;
  LiveInterview call;
  std::optional<PlayerView> player;
  std::optional<MediaAccessView> media;
  WallTime server_time;
};

struct TransferTargets {
  struct Agent {
    AgentId id;
    std::string display_name;
    bool available = false;
    domain::Presence presence = domain::Presence::offline;
  };
  struct Queue {
    QueueId id;
    std::string name;
    std::int64_t agents_online = 0;
    std::int64_t waiting = 0;
  };
  std::vector<Agent> agents;
  std::vector<Queue> queues;
};

struct QueueView {
  QueueId id;
  std::int64_t number = 0;
  std::string name;
  bool enabled = true;
  std::int64_t waiting = 0;
  std::int64_t agents_online = 0;
  WallTime created_at;
};

struct TicketView {
  std::string ticket;  ///< twt_…
  WallTime expires_at;
};

}  // namespace tw::service
