#include "domain/interview.hpp"

#include <gtest/gtest.h>

#include "domain/agent.hpp"
#include "domain/timeline.hpp"

namespace tw::domain {
namespace {

using namespace std::chrono_literals;
using namespace command;

const AgentId kAnn = AgentId::trusted("agt_ann");
const AgentId kBob = AgentId::trusted("agt_bob");

/// One interview on a clock of its own.
class InterviewTest : public ::testing::Test {
 protected:
  InterviewTest() {
    i.id = InterviewId::trusted("itv_1");
    i.queue = QueueId::trusted("que_1");
    i.created_at = now;
    i.expires_at = now + 24h;
  }
  /// The events' kinds, or "!" and the error's code.
  std::string does(const Command& command) {
    const auto events = apply(i, command, now, timing);
    if (!events) return "!" + events.error().code;
    std::string kinds;
    for (const Event& event : *events) kinds += (kinds.empty() ? "" : " ") + event.kind;
    return kinds;
  }
  void enter() {
    (void)does(Enter{});
    (void)does(Consent{true});
    (void)does(GivePlace{});
  }
  void queue() {
    enter();
    ASSERT_EQ(does(JoinQueue{}), "queued");
  }
  void ring(const AgentId& agent = kAnn) { ASSERT_EQ(does(Ring{agent}), "ringing"); }
  void talk(const AgentId& agent = kAnn) {
    ring(agent);
    ASSERT_EQ(does(ClaimAnswer{agent}), "");
    ASSERT_EQ(does(Answered{agent, now}), "answered");
  }

  Interview i;
  Timing timing;
  WallTime now{1'700'000'000s};
};

TEST_F(InterviewTest, GoesFromTheLinkToTheOutcome) {
  EXPECT_EQ(does(Enter{}), "entered");
  EXPECT_EQ(does(Consent{true}), "consent_given");
  EXPECT_EQ(does(GivePlace{}), "place_given");
  EXPECT_EQ(does(JoinQueue{}), "queued");
  now += 5s;
  EXPECT_EQ(does(Ring{kAnn}), "ringing");
  now += 2s;
  EXPECT_EQ(does(ClaimAnswer{kAnn}), "");
  EXPECT_EQ(i.status, Status::ringing) << "nobody talks before the recording has started";
  EXPECT_EQ(does(Answered{kAnn, now}), "answered");
  EXPECT_EQ(i.deadline(), std::nullopt);
  now += 65s;
  EXPECT_EQ(does(Conclude{kAnn, OutcomeKind::passed, "not kept"}), "concluded ended");
  EXPECT_EQ(i.end_reason, EndReason::concluded);
  EXPECT_EQ(i.outcome_reason, "");
  EXPECT_EQ(i.waited(), 7'000ms);
  EXPECT_EQ(i.talked_until(now + 10s), 65'000ms);
  EXPECT_EQ(i.deadline(), std::nullopt);
}

TEST_F(InterviewTest, MusicBeginsAndEndsWithTheWait) {
  const HearQueueMusic piece{"med_1", "Piece"};
  EXPECT_EQ(does(piece), "") << "nobody waits yet";
  queue();
  EXPECT_EQ(does(piece), "queue_music_started");
  EXPECT_EQ(does(piece), "") << "it plays already";
  EXPECT_EQ(does(HearQueueMusic{"med_2", "Other"}), "queue_music_ended queue_music_started");
  EXPECT_EQ(does(StopQueueMusic{}), "queue_music_ended");
  EXPECT_EQ(does(StopQueueMusic{}), "");
  (void)does(piece);
  EXPECT_EQ(does(Ring{kAnn}), "ringing queue_music_ended");
  EXPECT_EQ(does(piece), "") << "at the ring there is a tone";
  EXPECT_EQ(does(Decline{kAnn}), "declined");
  EXPECT_EQ(does(piece), "queue_music_started");
  EXPECT_EQ(does(CustomerGone{}), "connection_lost queue_music_ended") << "a page that is gone plays nothing";
  EXPECT_EQ(does(piece), "");
  EXPECT_EQ(does(CustomerBack{}), "connection_restored");
  EXPECT_EQ(does(piece), "queue_music_started");
  EXPECT_EQ(does(Leave{}), "queue_music_ended ended");
}

TEST_F(InterviewTest, MusicCannotFillTheTimeline) {
  queue();
  std::int64_t heard = 0;
  for (std::int64_t tries = 0; tries < kMostMusicStarts * 2; ++tries) {
    heard += does(HearQueueMusic{"med_1", "Piece"}).empty() ? 0 : 1;
    (void)does(StopQueueMusic{});
  }
  EXPECT_EQ(heard, kMostMusicStarts);
}

TEST_F(InterviewTest, WhereNoPlaceIsAskedForNoneIsTakenAndNoneIsMissed) {
  (void)does(Enter{});
  (void)does(Consent{true});
  EXPECT_EQ(does(GivePlace{PlaceStatus::given, PlacePolicy::off}), "!place.not_asked");
  EXPECT_EQ(does(JoinQueue{PlacePolicy::off}), "queued");
}

TEST_F(InterviewTest, TheQueueNeedsConsentAndAPlace) {
  (void)does(Enter{});
  EXPECT_EQ(does(JoinQueue{}), "!consent.required");
  EXPECT_EQ(does(GivePlace{}), "!consent.required");
  (void)does(Consent{true});
  EXPECT_EQ(does(JoinQueue{}), "!place.missing");
  EXPECT_EQ(does(GivePlace{PlaceStatus::refused, PlacePolicy::required}), "!place.required");
  EXPECT_EQ(does(GivePlace{PlaceStatus::refused, PlacePolicy::optional}), "place_refused");
  EXPECT_EQ(does(JoinQueue{PlacePolicy::required}), "!place.required");
  EXPECT_EQ(does(JoinQueue{}), "queued");
  const Interview before = i;
  now += 1s;
  EXPECT_EQ(does(JoinQueue{}), "") << "joining twice keeps the place in the queue";
  EXPECT_EQ(i, before);
}

TEST_F(InterviewTest, RefusingTheRecordingEndsIt) {
  (void)does(Enter{});
  EXPECT_EQ(does(Consent{false}), "consent_refused ended");
  EXPECT_EQ(i.end_reason, EndReason::consent_refused);
  EXPECT_EQ(does(JoinQueue{}), "!interview.ended");
  EXPECT_EQ(does(Enter{}), "!interview.ended");
  EXPECT_EQ(does(Consent{true}), "!interview.ended");
}

TEST_F(InterviewTest, OnlyTheRungAgentAnswersAndOnlyOnce) {
  queue();
  ring(kAnn);
  EXPECT_EQ(does(ClaimAnswer{kBob}), "!interview.not_ringing");
  EXPECT_EQ(does(ClaimAnswer{kAnn}), "");
  EXPECT_EQ(does(ClaimAnswer{kAnn}), "!interview.already_answered");
  EXPECT_EQ(does(ClaimTake{kBob}), "!interview.already_answered");
  EXPECT_EQ(does(Decline{kAnn}), "!interview.not_ringing");
  EXPECT_EQ(does(Answered{kAnn, now}), "answered");
  EXPECT_EQ(does(ClaimAnswer{kBob}), "!interview.already_answered");
  EXPECT_EQ(does(Answered{kAnn, now}), "!interview.not_ringing");
}

TEST_F(InterviewTest, AWaitingCustomerIsTakenAndOneThatRingsElsewhereIsNot) {
  queue();
  EXPECT_EQ(does(ClaimTake{kBob}), "taken");
  EXPECT_EQ(does(AnswerFailed{kBob, "recording.unavailable"}), "answer_failed");
  EXPECT_EQ(i.status, Status::queued);
  ring(kAnn);
  EXPECT_EQ(does(ClaimTake{kBob}), "!interview.not_waiting");
  EXPECT_EQ(does(ClaimTake{kAnn}), "") << "taking what rings here answers it";
}

TEST_F(InterviewTest, ARecordingThatCannotStartLetsItRingOn) {
  queue();
  ring();
  const auto until = i.ring_until;
  (void)does(ClaimAnswer{kAnn});
  EXPECT_EQ(does(AnswerFailed{kAnn, "recording.unavailable"}), "answer_failed");
  EXPECT_EQ(i.status, Status::ringing);
  EXPECT_EQ(i.ring_until, until);
  EXPECT_EQ(does(ClaimAnswer{kAnn}), "");
}

TEST_F(InterviewTest, AClaimThatNobodyFinishesIsGivenUp) {
  queue();
  ring();
  (void)does(ClaimAnswer{kAnn});
  now += kAnswerPatience - 1us;
  EXPECT_EQ(does(Tick{}), "");
  now += 1us;
  EXPECT_EQ(does(Tick{}), "answer_failed");
  EXPECT_FALSE(i.answering);
}

TEST_F(InterviewTest, ARingTimesOutAndTheAgentIsNotRungAgainBeforeThePause) {
  queue();
  ring(kAnn);
  now += 30s - 1us;
  EXPECT_EQ(does(Tick{}), "");
  now += 1us;
  EXPECT_EQ(does(Tick{}), "ring_timed_out");
  EXPECT_EQ(i.status, Status::queued);
  EXPECT_EQ(i.tried, std::vector<AgentId>{kAnn});
  ring(kBob);
  EXPECT_EQ(does(Decline{kBob}), "declined");
  EXPECT_EQ(i.tried, (std::vector<AgentId>{kAnn, kBob}));
  now += kRetryPause;
  EXPECT_EQ(does(Tick{}), "");
  EXPECT_TRUE(i.tried.empty());
}

TEST_F(InterviewTest, AWithdrawnRingDoesNotCountAsTried) {
  queue();
  ring(kAnn);
  EXPECT_EQ(does(WithdrawRing{kAnn}), "ring_withdrawn");
  EXPECT_TRUE(i.tried.empty());
  EXPECT_EQ(does(WithdrawRing{kAnn}), "");
}

TEST_F(InterviewTest, TheLongestWaitEndsItButARingIsLetFinish) {
  queue();
  now += 590s;
  ring();
  now += 29s;
  EXPECT_EQ(does(Tick{}), "");
  now += 1s;
  EXPECT_EQ(does(Tick{}), "ring_timed_out ended");
  EXPECT_EQ(i.end_reason, EndReason::no_answer);
  EXPECT_EQ(i.waited(), 620'000ms);
}

TEST_F(InterviewTest, AnExpiredLinkEndsWhatNobodyBegan) {
  now = i.expires_at;
  EXPECT_EQ(does(Tick{}), "ended");
  EXPECT_EQ(i.end_reason, EndReason::expired);
}

TEST_F(InterviewTest, AnAgentWhoDropsGivesTheCustomerBackToTheHeadOfTheQueue) {
  queue();
  talk(kAnn);
  const auto answered = i.answered_at;
  now += 20s;
  EXPECT_EQ(does(AgentGone{}), "connection_lost");
  now += 10s;
  EXPECT_EQ(does(AgentBack{}), "connection_restored");
  EXPECT_EQ(i.deadline(), std::nullopt);
  EXPECT_EQ(does(AgentGone{}), "connection_lost");
  now += 30s;
  EXPECT_EQ(does(Tick{}), "returned_to_queue");
  EXPECT_EQ(i.status, Status::queued);
  EXPECT_TRUE(i.returning);
  EXPECT_EQ(i.talked_until(now), 60'000ms);
  now += 100s;
  talk(kBob);
  EXPECT_FALSE(i.returning);
  EXPECT_EQ(i.answered_at, answered) << "the wait is that for the first answer";
  EXPECT_EQ(i.last_agent, kBob);
  now += 5s;
  EXPECT_EQ(does(Conclude{kAnn, OutcomeKind::passed, ""}), "!interview.not_yours");
  EXPECT_EQ(does(HangUp{kBob}), "ended");
  EXPECT_EQ(i.talked_until(now), 65'000ms);
}

TEST_F(InterviewTest, AnAbsentCustomerHasLeftTheQueueOrLostTheConnection) {
  queue();
  EXPECT_EQ(does(CustomerGone{}), "connection_lost");
  EXPECT_EQ(does(CustomerGone{}), "");
  now += 59s;
  EXPECT_EQ(does(CustomerBack{}), "connection_restored");
  (void)does(CustomerGone{});
  Interview waiting = i;
  now += 60s;
  EXPECT_EQ(does(Tick{}), "ended");
  EXPECT_EQ(i.end_reason, EndReason::left_queue);

  i = waiting;
  (void)does(CustomerBack{});
  talk();
  (void)does(CustomerGone{});
  now += 60s;
  EXPECT_EQ(does(Tick{}), "ended");
  EXPECT_EQ(i.end_reason, EndReason::connection_lost);
  EXPECT_EQ(does(Conclude{kAnn, OutcomeKind::needs_supplement, "again"}), "concluded");
  EXPECT_EQ(i.end_reason, EndReason::connection_lost) << "end reason and outcome are apart";
}

TEST_F(InterviewTest, LeavingIsLeavingTheQueueOrHangingUp) {
  queue();
  Interview waiting = i;
  EXPECT_EQ(does(Leave{}), "ended");
  EXPECT_EQ(i.end_reason, EndReason::left_queue);
  EXPECT_EQ(does(Conclude{kAnn, OutcomeKind::passed, ""}), "!outcome.not_allowed");
  i = waiting;
  talk();
  EXPECT_EQ(does(Leave{}), "ended");
  EXPECT_EQ(i.end_reason, EndReason::hung_up);
  EXPECT_EQ(does(Leave{}), "!interview.ended");
  EXPECT_EQ(does(HangUp{kAnn}), "!interview.not_talking");
}

TEST_F(InterviewTest, AnOutcomeIsGivenOnceByTheAgentWhoTalkedWithItsReason) {
  queue();
  EXPECT_EQ(does(Conclude{kAnn, OutcomeKind::passed, ""}), "!outcome.not_allowed");
  talk();
  EXPECT_EQ(does(Conclude{kBob, OutcomeKind::passed, ""}), "!interview.not_yours");
  EXPECT_EQ(does(Conclude{kAnn, OutcomeKind::rejected, ""}), "!outcome.reason_required");
  EXPECT_EQ(i.status, Status::talking) << "a refused command changes nothing";
  EXPECT_EQ(does(Conclude{kAnn, OutcomeKind::rejected, "资料不全"}), "concluded ended");
  EXPECT_EQ(does(Conclude{kAnn, OutcomeKind::passed, ""}), "!outcome.already_given");
}

TEST_F(InterviewTest, ACustomerWhoLeavesDuringTheClaimIsNotTalkedTo) {
  queue();
  ring();
  (void)does(ClaimAnswer{kAnn});
  EXPECT_EQ(does(Leave{}), "ended");
  EXPECT_EQ(does(Answered{kAnn, now}), "!interview.ended");
}

class AgentTest : public InterviewTest {
 protected:
  AgentTest() {
    ann.id = kAnn;
    ann.presence = Presence::online;
    ann.connected = true;
    ann.idle_since = now - 1h;
  }
  std::string does(const Command& command) {
    const Interview before = i;
    auto kinds = InterviewTest::does(command);
    follow(ann, before, i, now);
    return kinds;
  }
  void talk() {
    queue();
    (void)does(Ring{kAnn});
    (void)does(ClaimAnswer{kAnn});
    (void)does(Answered{kAnn, now});
  }
  Agent ann;
};

TEST_F(AgentTest, FollowsTheInterview) {
  queue();
  EXPECT_TRUE(ann.may_be_rung());
  (void)does(Ring{kAnn});
  EXPECT_EQ(ann.activity, Activity::ringing);
  (void)does(ClaimAnswer{kAnn});
  (void)does(Answered{kAnn, now});
  EXPECT_EQ(ann.activity, Activity::talking);
  EXPECT_EQ(set_presence(ann, Presence::offline, now).error().code, "agent.in_call");
  EXPECT_EQ(finish_wrap_up(ann, now).error().code, "agent.not_wrapping_up");
  (void)does(Leave{});
  EXPECT_EQ(ann.activity, Activity::wrapping_up);
  EXPECT_EQ(ann.interview, i.id);
  EXPECT_EQ(may_take(ann, InterviewId::trusted("itv_2")).error().code, "agent.busy");
  now += 9s;
  EXPECT_TRUE(finish_wrap_up(ann, now));
  EXPECT_EQ(ann.idle_since, now);
  EXPECT_TRUE(ann.may_be_rung());
}

TEST_F(AgentTest, WhoDidNotAnswerGoesToTheEndOfTheLineAndWhoWasLeftDoesNot) {
  queue();
  const WallTime idle_since = ann.idle_since;
  (void)does(Ring{kAnn});
  const Interview ringing = i;
  const Agent rung = ann;
  (void)does(Leave{});
  EXPECT_EQ(ann.idle_since, idle_since);
  i = ringing;
  ann = rung;
  (void)does(Decline{kAnn});
  EXPECT_EQ(ann.activity, Activity::idle);
  EXPECT_EQ(ann.idle_since, now);
}

TEST_F(AgentTest, AbsenceMakesOfflineAndEndsWrappingUp) {
  talk();
  (void)does(Leave{});
  set_connected(ann, false, now, timing);
  EXPECT_FALSE(expire_absence(ann, now + 30s - 1us));
  EXPECT_TRUE(expire_absence(ann, now + 30s));
  EXPECT_EQ(ann.presence, Presence::offline);
  EXPECT_EQ(ann.activity, Activity::idle);
  EXPECT_EQ(may_take(ann, i.id).error().code, "agent.not_online");
  set_connected(ann, true, now, timing);
  EXPECT_FALSE(ann.absent_until);
}

TEST(Timeline, BreaksWhereAnEntryWasChangedRemovedOrPutIn) {
  TimelineHead head = timeline_start();
  std::vector<TimelineEntry> entries;
  entries.reserve(5);
  for (int n = 0; n < 5; ++n) {
    entries.push_back(append(head, WallTime{std::chrono::seconds{n}}, {"k" + std::to_string(n), "{}"}));
  }
  EXPECT_EQ(first_broken(entries), std::nullopt);
  auto changed = entries;
  changed[2].data_json = "{\"a\":1}";
  EXPECT_EQ(first_broken(changed), 3);
  auto removed = entries;
  removed.erase(removed.begin() + 1);
  EXPECT_EQ(first_broken(removed), 2);
  auto doubled = entries;
  doubled.insert(doubled.begin() + 4, entries[3]);
  EXPECT_EQ(first_broken(doubled), 5);
}

TEST_F(InterviewTest, AnOutcomeIsPutOffOnceAndItsDeadlineIsToldOnce) {
  EXPECT_EQ(does(Defer{kAnn, now + 1h}), "!outcome.not_allowed");
  queue();
  talk();
  EXPECT_EQ(does(Defer{kBob, now + 1h}), "!interview.not_yours");
  EXPECT_EQ(does(Defer{kAnn, now + 1h}), "outcome_deferred ended");
  EXPECT_EQ(i.end_reason, EndReason::hung_up);
  EXPECT_EQ(i.deadline(), now + 1h);
  EXPECT_EQ(does(Defer{kAnn, now + 2h}), "!outcome.already_deferred");
  now += 1h - 1us;
  EXPECT_EQ(does(Tick{}), "");
  now += 1us;
  EXPECT_EQ(does(Tick{}), "outcome_overdue");
  EXPECT_EQ(i.deadline(), std::nullopt);
  EXPECT_EQ(does(Tick{}), "");
  EXPECT_EQ(does(Conclude{kAnn, OutcomeKind::passed, ""}), "concluded") << "late is better than never";
  EXPECT_FALSE(i.outcome_overdue);
  EXPECT_EQ(does(Defer{kAnn, now + 1h}), "!outcome.already_given");
}

TEST_F(InterviewTest, AnOutcomeThatIsGivenHasNoDeadlineAnyMore) {
  queue();
  talk();
  (void)does(HangUp{kAnn});
  EXPECT_EQ(does(Defer{kAnn, now + 1h}), "outcome_deferred");
  EXPECT_EQ(does(Conclude{kAnn, OutcomeKind::rejected, "why"}), "concluded");
  EXPECT_EQ(i.deadline(), std::nullopt);
  EXPECT_EQ(i.outcome_until, std::nullopt);
}

}  // namespace
}  // namespace tw::domain
