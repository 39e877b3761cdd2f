#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "domain/words.hpp"

namespace tw::domain {

/// How long things may take; from the configuration.
struct Timing {
  std::chrono::seconds ring_timeout{30};
  std::chrono::seconds longest_wait{600};
  std::chrono::seconds agent_absence{30};
  std::chrono::seconds customer_absence{60};
};
/// Starting a recording takes milliseconds; a claim older than this was left by something that died.
inline constexpr std::chrono::seconds kAnswerPatience{15};
/// After everybody idle was tried, they are rung again no sooner than this: never a hot loop.
inline constexpr std::chrono::seconds kRetryPause{5};
/// Beginnings of music that an interview's timeline takes: a page that lies cannot fill it.
inline constexpr std::int64_t kMostMusicStarts = 100;

/// A conversation that is being handed over. To an agent: they are rung while the present one goes on talking. To a
/// queue (no target): the present one has left, and the customer waits in the room, which stays open and recorded.
struct Transfer {
  AgentId from;
  std::optional<AgentId> target;
  WallTime since;
  std::optional<WallTime> until;  ///< of the target's ring
  std::string note;               ///< for whoever is rung
  friend bool operator==(const Transfer&, const Transfer&) = default;
};

/// The part of an interview that rules are about. Pure data: `apply` alone changes it.
struct Interview {
  InterviewId id;
  QueueId queue;
  Status status = Status::created;
  std::optional<EndReason> end_reason;
  std::optional<OutcomeKind> outcome;
  std::string outcome_reason;
  std::optional<WallTime> outcome_at;
  std::optional<WallTime> outcome_until;  ///< put off until then; gone with the outcome
  bool outcome_overdue = false;           ///< that time has passed; it can still be given
  bool consent_given = false;
  std::optional<PlaceStatus> place;

  bool answering = false;             ///< claimed by `agent`; the recording is being started
  bool returning = false;             ///< lost an agent; waits at the head of the queue to go on
  std::optional<AgentId> agent;       ///< rung or talking now
  std::optional<AgentId> last_agent;  ///< who talked last
  std::vector<AgentId> tried;         ///< rung without an answer; not again before retry_at
  std::optional<Transfer> transfer;
  bool held = false;  ///< customer and guests hear music
  /// The medium that the waiting customer's page plays; gone with the wait and with the page.
  std::optional<std::string> queue_music;
  std::int64_t music_starts = 0;  ///< of queue_music so far, at most kMostMusicStarts

  WallTime created_at;
  std::optional<WallTime> queued_at;      ///< joined for the first time
  std::optional<WallTime> waiting_since;  ///< of the present wait
  std::optional<WallTime> ringing_since;
  std::optional<WallTime> answered_at;    ///< for the first time
  std::optional<WallTime> talking_since;  ///< present stretch of talk
  std::chrono::microseconds talked{0};    ///< stretches before
  std::optional<WallTime> ended_at;

  WallTime expires_at;
  std::optional<WallTime> ring_until;
  std::optional<WallTime> retry_at;
  std::optional<WallTime> wait_until;
  std::optional<WallTime> answer_until;
  std::optional<WallTime> agent_absent_until;
  std::optional<WallTime> customer_absent_until;

  /// Handed over to a queue and not yet answered there: queued or ringing, in a room that stays open.
  [[nodiscard]] bool kept() const { return transfer && !transfer->target; }
  /// The room's gate is open and a part of the recording runs.
  [[nodiscard]] bool in_room() const { return status == Status::talking || kept(); }
  /// This agent is rung: for a waiting customer or to take a conversation over.
  [[nodiscard]] bool rings_at(const AgentId& who) const {
    return (status == Status::ringing && agent == who) || (transfer && transfer->target == who);
  }
  /// The first deadline that counts in the present state. Waiting, ringing and answering always have one.
  [[nodiscard]] std::optional<WallTime> deadline() const;
  /// From joining the queue to the first answer, or to the end without one; nullopt before either.
  [[nodiscard]] std::optional<std::chrono::milliseconds> waited() const;
  /// Talk so far, all stretches; nullopt when nobody answered.
  [[nodiscard]] std::optional<std::chrono::milliseconds> talked_until(WallTime now) const;

  friend bool operator==(const Interview&, const Interview&) = default;
};

/// Something that happened: an entry of the timeline. `data_json` is an object.
struct Event {
  std::string kind;
  std::string data_json = "{}";
};
using Events = std::vector<Event>;

namespace command {
/// The customer opened a session. `data_json` goes to the timeline as it is, here and below.
struct Enter {
  std::string data_json = "{}";
};
struct Consent {
  bool accepted = false;
  std::string data_json = "{}";
};
struct GivePlace {
  PlaceStatus status = PlaceStatus::given;
  PlacePolicy policy = PlacePolicy::optional;
  std::string data_json = "{}";
};
struct JoinQueue {
  PlacePolicy policy = PlacePolicy::optional;
};
struct Ring {
  AgentId agent;
};
struct Decline {
  AgentId agent;
};
/// The rung agent can no longer answer (page closed, presence changed); not counted as tried.
struct WithdrawRing {
  AgentId agent;
};
/// First half of answering a ring: only the agent that is rung, only once. Where the customer is in the room already
/// (a transfer) it is the whole: the recording runs.
struct ClaimAnswer {
  AgentId agent;
};
/// First half of taking a waiting customer.
struct ClaimTake {
  AgentId agent;
};
/// Second half: the recording has started.
struct Answered {
  AgentId agent;
  WallTime at;
  std::string data_json = "{}";
};
/// Second half: it could not.
struct AnswerFailed {
  AgentId agent;
  std::string code;
};
struct Leave {};
struct HangUp {
  AgentId agent;
};
struct Conclude {
  AgentId agent;
  OutcomeKind kind = OutcomeKind::passed;
  std::string reason;
};
/// Puts the outcome off until a deadline, and ends the conversation if it still runs.
struct Defer {
  AgentId agent;
  WallTime until;
};
/// Hands the conversation over: to one agent, who must be free to be rung, or to a queue that somebody serves. Exactly
/// one of the two is given.
struct StartTransfer {
  AgentId agent;
  std::optional<AgentId> target;
  std::optional<QueueId> queue;
  std::string note;
};
struct CancelTransfer {
  AgentId agent;
};
struct Hold {
  AgentId agent;
};
struct Resume {
  AgentId agent;
};
struct AgentGone {};
struct AgentBack {};
struct CustomerGone {};
struct CustomerBack {};
/// The waiting customer's page plays this medium. Nothing where nobody waits before it any longer.
struct HearQueueMusic {
  std::string media;
  std::string title;
};
/// It plays nothing now.
struct StopQueueMusic {};
/// The conversation cannot go on (after a restart the recording could not be started): back to the queue at once.
struct Interrupt {};
/// Whatever deadline has come by now.
struct Tick {};
}  // namespace command

using Command =
    std::variant<command::Enter, command::Consent, command::GivePlace, command::JoinQueue, command::Ring,
                 command::Decline, command::WithdrawRing, command::ClaimAnswer, command::ClaimTake, command::Answered,
                 command::AnswerFailed, command::Leave, command::HangUp, command::Conclude, command::Defer,
                 command::StartTransfer, command::CancelTransfer, command::Hold, command::Resume, command::AgentGone,
                 command::AgentBack, command::CustomerGone, command::CustomerBack, command::HearQueueMusic,
                 command::StopQueueMusic, command::Interrupt, command::Tick>;

/// Decides and changes the interview; it is untouched when an error comes back. Codes: interview.ended,
/// interview.wrong_state, interview.already_answered, interview.not_ringing, interview.not_waiting,
/// interview.not_talking, interview.not_yours, consent.required, place.required, place.missing, outcome.already_given,
/// outcome.already_deferred, outcome.reason_required, outcome.not_allowed, transfer.running, transfer.not_running,
/// transfer.to_self.
[[nodiscard]] Result<Events> apply(Interview& interview, const Command& command, WallTime now, const Timing& timing);

}  // namespace tw::domain
