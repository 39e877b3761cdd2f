#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "domain/words.hpp"
#include "service/caller.hpp"
#include "service/page.hpp"
#include "service/views.hpp"
#include "store/interviews.hpp"

namespace tw::service {

class Core;

/// As the integrator asks for it. The contract's limits (lengths, counts, enums) were checked by the API.
struct NewInterview {
  std::string business_id;
  std::string assist_id;
  std::string queue;  ///< an id as it came
  std::string company_name;
  std::string nick_name;
  std::vector<OrderSection> sections;
  std::string risk_video_url;  ///< https; fetched at once. Empty: none
  std::string order_endpoint;
  std::string return_url;
  bool voice_only = false;
  std::int64_t link_valid_seconds = 86'400;
  std::vector<OrderSection> supplied{};  ///< what an integrator's page said of people; shown after the order's sections
};

struct InterviewFilter {
  std::string business_id;  ///< empty: all; the same for the others
  std::string queue;
  std::optional<domain::Status> status;
  std::optional<domain::OutcomeKind> outcome;
  std::optional<store::RecordingSelection> recording{};
  std::string person{};  ///< part of the customer's name, or of a name of the agent who talked last
  std::optional<WallTime> created_from{};
  std::optional<WallTime> created_before{};
  std::string receipt_number{};  ///< in the one form of domain::parse_receipt_number
};

/// The integrator's (and the console's) view of interviews. Ids come as the text of the request: one that is malformed,
/// unknown or another tenant's answers `interview.unknown` (404) alike.
class Interviews {
 public:
  /// A list of recordings that expire shows those that retention deletes within this time.
  static constexpr std::chrono::days kExpiringSoon{7};

  explicit Interviews(Core& core) : core_(core) {}

  /// API keys. `queue.unknown` (422), `outgoing.*` (422) for the order endpoint, `return_url.not_registered` (422),
  /// `server.draining`, `recording.disk_full` (503).
  [[nodiscard]] Result<CreatedInterview> create(const Caller& caller, const NewInterview& wanted);
  /// An agent sees those of their queues, an administrator and an API key all. With `exit` once it has ended, and for
  /// the two last with what the customer thought of it.
  [[nodiscard]] Result<InterviewView> get(const Caller& caller, const std::string& id);
  [[nodiscard]] Result<Page<InterviewView>> list(const Caller& caller, const InterviewFilter& filter,
                                                 const PageRequest& page);
  /// API keys. `interview.ended` (409).
  [[nodiscard]] Result<LinkView> customer_link(const Caller& caller, const std::string& id);
  [[nodiscard]] Result<std::vector<TimelineEntryView>> timeline(const Caller& caller, const std::string& id);

 private:
  Core& core_;
};

/// Queues as integrators and agents read them: the enabled ones. (An administrator's are in accounts/admin_queues.hpp.)
class Queues {
 public:
  explicit Queues(Core& core) : core_(core) {}
  [[nodiscard]] Result<std::vector<QueueView>> list(const Caller& caller);
  /// `queue.unknown` (404).
  [[nodiscard]] Result<QueueView> get(const Caller& caller, const std::string& id);

 private:
  Core& core_;
};

}  // namespace tw::service
