#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/interview.hpp"
#include "domain/timeline.hpp"
#include "store/database.hpp"

namespace tw::store {

/// A row of an interview: what rules are about, and beside it what is only kept.
struct InterviewRecord {
  TenantId tenant;
  std::int64_t version = 0;
  std::string node;
  CustomerId customer;
  std::string business_id;
  std::string assist_id;
  std::string company_name;
  std::string sections_json = "[]";
  std::string order_endpoint;
  std::string return_url;
  std::string consent_json;            ///< evidence; empty until it was given or refused
  std::string place_json;              ///< empty until it was told
  bool voice_only = false;             ///< no pictures of cameras
  std::string supplied_json = "[]";    ///< sections of what an integrator's page said of people; see ClientInterviews
  std::optional<InterviewId> follows;  ///< of which interview it is the follow-up
  std::string receipt_number;          ///< given at the end; empty before
  domain::TimelineHead timeline = domain::timeline_start();
  domain::Interview state;
};

/// Interviews with a recording, or with one in this state. `expiring`: not held, and retention deletes it soon.
enum class RecordingSelection { any, held, expiring, deleted };

/// Which interviews a list shows; empty fields mean all.
struct InterviewSelection {
  std::string business_id;
  std::string queue;
  std::optional<domain::Status> status;
  std::optional<domain::OutcomeKind> outcome;
  std::optional<AgentId> queues_of;  ///< only those of this user's queues
  std::string before_id;             ///< the page begins below this id
  std::size_t limit = 50;
  std::optional<RecordingSelection> recording{};
  WallTime ended_by{};   ///< of `expiring`: when retention deletes it soon, it ended before this
  std::string person{};  ///< part of the customer's nick name, or of a name of the agent who talked last
  std::optional<WallTime> created_from{};
  std::optional<WallTime> created_before{};
  std::optional<AgentId> deferred_by{};  ///< only those whose outcome this user has put off and still owes
  std::string receipt_number{};          ///< in the one form of domain::parse_receipt_number
};

namespace interviews {

void insert(Transaction& transaction, const InterviewRecord& record);
/// Compare and set: false when the row has another version than `record.version`. On success the version has grown.
[[nodiscard]] bool update(Transaction& transaction, InterviewRecord& record);
[[nodiscard]] std::optional<InterviewRecord> find(Connection& connection, const TenantId& tenant,
                                                  const InterviewId& id);
/// Newest first.
[[nodiscard]] std::vector<InterviewRecord> select(Connection& connection, const TenantId& tenant,
                                                  const InterviewSelection& selection);
struct DeferredOutcome {
  WallTime until;
  bool overdue = false;
};
/// What this user still owes, the most urgent first.
[[nodiscard]] std::vector<DeferredOutcome> deferred_outcomes(Connection& connection, const TenantId& tenant,
                                                             const AgentId& agent);
/// The follow-up of this interview that has not ended yet.
[[nodiscard]] std::optional<InterviewRecord> open_follow_up(Connection& connection, const TenantId& tenant,
                                                            const InterviewId& of);
/// Those of a status in a queue (all queues when nullopt).
[[nodiscard]] std::vector<InterviewRecord> in_status(Connection& connection, const TenantId& tenant,
                                                     domain::Status status,
                                                     const std::optional<QueueId>& queue = std::nullopt);

/// Conversations that run, those that wait in their room for an agent of another queue included; the oldest first.
[[nodiscard]] std::vector<InterviewRecord> in_room(Connection& connection, const TenantId& tenant, std::size_t limit);

struct Key {
  TenantId tenant;
  InterviewId id;
};
/// Of all tenants, by deadline; at most `limit`.
[[nodiscard]] std::vector<Key> due(Connection& connection, WallTime now, std::size_t limit);
[[nodiscard]] std::optional<WallTime> first_deadline(Connection& connection);
/// Of all tenants: those that wait, ring or talk.
[[nodiscard]] std::vector<Key> alive(Connection& connection);
/// The tenant of an interview, for news that name only the interview (media).
[[nodiscard]] std::optional<TenantId> tenant_of(Connection& connection, const InterviewId& id);
/// Whether an interview of this tenant has this receipt number.
[[nodiscard]] bool has_receipt(Connection& connection, const TenantId& tenant, const std::string& receipt_number);
/// How the agent asked the customer's page to show the call: any or landscape; empty: they did not.
[[nodiscard]] std::string orientation(Connection& connection, const TenantId& tenant, const InterviewId& id);
void set_orientation(Transaction& transaction, const TenantId& tenant, const InterviewId& id,
                     const std::string& orientation);

void append_timeline(Transaction& transaction, const TenantId& tenant, const InterviewId& id,
                     const domain::TimelineEntry& entry);
[[nodiscard]] std::vector<domain::TimelineEntry> timeline(Connection& connection, const TenantId& tenant,
                                                          const InterviewId& id);
/// Only entries of this kind.
[[nodiscard]] std::vector<domain::TimelineEntry> timeline_of_kind(Connection& connection, const TenantId& tenant,
                                                                  const InterviewId& id, const std::string& kind);

}  // namespace interviews
}  // namespace tw::store
