#pragma once

#include <string>
#include <vector>

#include "service/caller.hpp"
#include "service/core.hpp"
#include "service/views.hpp"
#include "store/interviews.hpp"
#include "store/photos.hpp"

namespace tw::service {

/// Views out of rows. `now` decides about durations of what still runs.
[[nodiscard]] InterviewView build_interview(store::Connection& connection, const store::InterviewRecord& record,
                                            WallTime now);
/// With everything that administrators may know; others get `for_reader` of it.
[[nodiscard]] std::optional<RecordingView> build_recording(store::Connection& connection,
                                                           const store::InterviewRecord& record);
/// Who holds a recording, and why, may concern the agents: only administrators and integrators learn it.
[[nodiscard]] RecordingView for_reader(RecordingView recording, CallerKind reader);
[[nodiscard]] PhotoView build_photo(const store::PhotoRow& photo);
/// Those that are not deleted.
[[nodiscard]] std::vector<PhotoView> build_photos(store::Connection& connection, const TenantId& tenant,
                                                  const InterviewId& interview);
[[nodiscard]] CustomerPhotoView build_customer_photo(const store::PhotoRow& photo);
/// The ready ones, as the customer sees them. Whether they may is for the caller to know.
[[nodiscard]] std::vector<CustomerPhotoView> build_customer_photos(store::Connection& connection,
                                                                   const TenantId& tenant,
                                                                   const InterviewId& interview);
/// How the customer's page shows the call: as the agent asked, otherwise as the tenant wants it.
[[nodiscard]] std::string orientation_of(store::Connection& connection, const TenantId& tenant,
                                         const InterviewId& interview);
[[nodiscard]] std::optional<PlaceView> build_place(const std::string& place_json);
/// What a mark in a picture says of the place: address and coordinates, as far as there are any.
[[nodiscard]] std::string watermark_place(const std::string& place_json);
/// Where this interview stands in its queue; 1 is next.
[[nodiscard]] std::int64_t position_of(store::Connection& connection, const store::InterviewRecord& record);
/// The waiting and ringing of a queue in the order in which they are served.
[[nodiscard]] std::vector<store::InterviewRecord> waiting_line(store::Connection& connection, const TenantId& tenant,
                                                               const QueueId& queue);

/// What is played in the room of an interview; nullopt when nothing is.
[[nodiscard]] std::optional<PlayerView> build_player(store::Connection& connection, const TenantId& tenant,
                                                     const InterviewId& interview);
/// Somebody in the room: their name there, their part, and what binds a token to them (an agent, a session).
struct Member {
  std::string participant;
  domain::Party party;
  std::string bound_to;
};
[[nodiscard]] bool has_media(const domain::Interview& state);
[[nodiscard]] MediaAccessView build_media_access(const Core& core, const store::InterviewRecord& record,
                                                 const Member& member);
/// Who is in the room, as far as a viewer may know. Empty outside of rings and conversations.
[[nodiscard]] std::vector<PersonView> build_people(Core& core, store::Connection& connection,
                                                   const store::InterviewRecord& record, const domain::Party& viewer);
[[nodiscard]] std::vector<GuestView> build_guests(Core& core, store::Connection& connection,
                                                  const store::InterviewRecord& record);
[[nodiscard]] std::optional<TransferView> build_transfer(store::Connection& connection,
                                                         const store::InterviewRecord& record);
[[nodiscard]] std::string queue_name(store::Connection& connection, const TenantId& tenant, const QueueId& queue);
/// The timeline's kind of a mark that an agent set.
inline constexpr const char* kMarkSet = "mark_set";
[[nodiscard]] NotesView build_notes(store::Connection& connection, const TenantId& tenant,
                                    const InterviewId& interview);
[[nodiscard]] std::vector<MarkView> build_marks(store::Connection& connection, const TenantId& tenant,
                                                const InterviewId& interview);
/// nullopt until it was given.
[[nodiscard]] std::optional<GivenConsent> build_consent(const std::string& consent_json);
[[nodiscard]] OwedOutcomes build_owed_outcomes(store::Connection& connection, const TenantId& tenant,
                                               const AgentId& agent);
/// Without `return_url` and `signed_exit`, which need the tenant's key.
[[nodiscard]] Result<CustomerState> build_customer_state(Core& core, store::Connection& connection,
                                                         const store::InterviewRecord& record);
[[nodiscard]] AgentInterview build_agent_interview(Core& core, store::Connection& connection, const Caller& caller,
                                                   const store::InterviewRecord& record);
[[nodiscard]] DeskState build_desk_state(Core& core, store::Connection& connection, const Caller& caller);

}  // namespace tw::service
