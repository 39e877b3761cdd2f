#include <gtest/gtest.h>

#include "domain/agent.hpp"
#include "domain/interview.hpp"

namespace tw::domain {
namespace {

using namespace std::chrono_literals;
using namespace command;

const AgentId kAnn = AgentId::trusted("agt_ann");
const AgentId kBob = AgentId::trusted("agt_bob");
const AgentId kCy = AgentId::trusted("agt_cy");
const QueueId kOther = QueueId::trusted("que_other");

/// A conversation with Ann that is handed over, with three agents who follow it.
class TransferTest : public ::testing::Test {
 protected:
  TransferTest() {
    i.id = InterviewId::trusted("itv_1");
    i.queue = QueueId::trusted("que_1");
    i.created_at = now;
    i.expires_at = now + 24h;
    for (Agent* agent : {&ann, &bob, &cy}) {
      agent->presence = Presence::online;
      agent->connected = true;
    }
    ann.id = kAnn;
    bob.id = kBob;
    cy.id = kCy;
    for (const Command& command : {Command{Enter{}}, Command{Consent{true}}, Command{GivePlace{}}, Command{JoinQueue{}},
                                   Command{Ring{kAnn}}, Command{ClaimAnswer{kAnn}}, Command{Answered{kAnn, now}}}) {
      (void)does(command);
    }
    EXPECT_EQ(i.status, Status::talking);
  }
  std::string does(const Command& command) {
    const Interview before = i;
    const auto events = apply(i, command, now, timing);
    if (!events) {
      EXPECT_EQ(i, before);
      return "!" + events.error().code;
    }
    for (Agent* agent : {&ann, &bob, &cy}) follow(*agent, before, i, now);
    std::string kinds;
    for (const Event& event : *events) kinds += (kinds.empty() ? "" : " ") + event.kind;
    last = events->empty() ? Event{} : events->back();
    return kinds;
  }
  std::string to_bob() { return does(StartTransfer{kAnn, kBob, {}, "speaks Cantonese"}); }
  std::string to_queue() { return does(StartTransfer{kAnn, {}, kOther, ""}); }

  Interview i;
  Agent ann, bob, cy;
  Event last;
  Timing timing;
  WallTime now{1'700'000'000s};
};

TEST_F(TransferTest, TheColleagueWhoAnswersIsTheAgentAndTheOneBeforeWrapsUp) {
  EXPECT_EQ(to_bob(), "transfer_started");
  EXPECT_EQ(i.status, Status::talking);
  EXPECT_EQ(i.agent, kAnn) << "the customer is not left alone while it rings";
  EXPECT_EQ(bob.activity, Activity::ringing);
  now += 10s;
  EXPECT_EQ(does(ClaimAnswer{kBob}), "transfer_completed");
  EXPECT_EQ(last.data_json, R"({"fromAgentId":"agt_ann","agentId":"agt_bob"})");
  EXPECT_EQ(i.agent, kBob);
  EXPECT_EQ(i.last_agent, kBob);
  EXPECT_EQ(ann.activity, Activity::wrapping_up);
  EXPECT_EQ(bob.activity, Activity::talking);
  EXPECT_FALSE(i.transfer);
  EXPECT_EQ(i.talked_until(now + 5s), 15s) << "talk is counted through the hand-over";
  EXPECT_EQ(does(Conclude{kAnn, OutcomeKind::passed, ""}), "!interview.not_yours");
  EXPECT_EQ(does(HangUp{kAnn}), "!interview.not_yours");
  EXPECT_EQ(does(Conclude{kBob, OutcomeKind::passed, ""}), "concluded ended");
}

TEST_F(TransferTest, WhatTheColleagueDoesInsteadLeavesTheCallAsItWas) {
  struct Case {
    const char* what;
    Command command;
    std::chrono::seconds later;
    const char* reason;
  };
  for (const Case& c : {Case{"declines", Decline{kBob}, 1s, "declined"},
                        Case{"is gone", WithdrawRing{kBob}, 1s, "gone"}, Case{"does nothing", Tick{}, 30s, "no_answer"},
                        Case{"is no longer wanted", CancelTransfer{kAnn}, 1s, "cancelled"}}) {
    SCOPED_TRACE(c.what);
    ASSERT_EQ(to_bob(), "transfer_started");
    now += c.later;
    EXPECT_EQ(does(c.command), "transfer_failed");
    EXPECT_NE(last.data_json.find('"' + std::string(c.reason) + '"'), std::string::npos) << last.data_json;
    EXPECT_EQ(i.agent, kAnn);
    EXPECT_EQ(i.status, Status::talking);
    EXPECT_EQ(ann.activity, Activity::talking);
    EXPECT_EQ(bob.activity, Activity::idle);
    EXPECT_EQ(does(ClaimAnswer{kBob}), "!interview.already_answered");
    EXPECT_EQ(does(CancelTransfer{kAnn}), "!transfer.not_running");
    EXPECT_EQ(i.deadline(), std::nullopt);
  }
}

TEST_F(TransferTest, OnlyTheAgentOfARunningCallHandsItOverAndOnlyOnceAtATime) {
  EXPECT_EQ(does(StartTransfer{kBob, kCy, {}, ""}), "!interview.not_yours");
  EXPECT_EQ(does(StartTransfer{kAnn, kAnn, {}, ""}), "!transfer.to_self");
  EXPECT_EQ(to_bob(), "transfer_started");
  EXPECT_EQ(does(StartTransfer{kAnn, kCy, {}, ""}), "!transfer.running");
  EXPECT_EQ(to_queue(), "!transfer.running");
  EXPECT_EQ(does(ClaimAnswer{kCy}), "!interview.already_answered") << "it rings at Bob's alone";
  EXPECT_EQ(does(ClaimTake{kCy}), "!interview.already_answered");
  EXPECT_EQ(does(CancelTransfer{kBob}), "!interview.not_yours");
  (void)does(Leave{});
  EXPECT_EQ(to_bob(), "!interview.not_talking");
}

TEST_F(TransferTest, ACustomerWhoLeavesMeanwhileEndsItForEverybody) {
  (void)to_bob();
  EXPECT_EQ(does(Leave{}), "transfer_failed ended");
  EXPECT_EQ(ann.activity, Activity::wrapping_up);
  EXPECT_EQ(bob.activity, Activity::idle);
  EXPECT_EQ(does(ClaimAnswer{kBob}), "!interview.ended");
}

TEST_F(TransferTest, AnAgentWhoseAbsenceRunsOutMeanwhileLeavesTheCustomerToTheQueue) {
  (void)does(AgentGone{});
  now += 20s;
  (void)to_bob();
  now += 10s;
  EXPECT_EQ(does(Tick{}), "transfer_failed returned_to_queue");
  EXPECT_EQ(i.status, Status::queued);
  EXPECT_FALSE(i.kept());
  EXPECT_EQ(bob.activity, Activity::idle);
  EXPECT_EQ(ann.activity, Activity::idle);
}

TEST_F(TransferTest, AnAbsentAgentsColleagueWhoAnswersInTimeSavesTheCall) {
  (void)to_bob();
  (void)does(AgentGone{});
  now += 29s;
  EXPECT_EQ(does(ClaimAnswer{kBob}), "transfer_completed");
  now += 5s;
  EXPECT_EQ(does(Tick{}), "") << "the absence was Ann's, not Bob's";
  EXPECT_EQ(i.agent, kBob);
}

TEST_F(TransferTest, ToAQueueTheCustomerStaysInTheRoomAndHearsMusicUntilSomebodyOfItAnswers) {
  EXPECT_EQ(to_queue(), "transfer_started hold_started");
  EXPECT_TRUE(i.kept() && i.in_room() && i.held);
  EXPECT_EQ(i.status, Status::queued);
  EXPECT_EQ(i.queue, kOther);
  EXPECT_EQ(ann.activity, Activity::wrapping_up);
  EXPECT_EQ(does(Resume{kAnn}), "!interview.not_talking");
  EXPECT_EQ(does(Ring{kBob}), "ringing");
  EXPECT_EQ(does(Decline{kBob}), "declined");
  EXPECT_TRUE(i.in_room());
  EXPECT_EQ(does(Ring{kCy}), "ringing");
  now += 3s;
  EXPECT_EQ(does(ClaimAnswer{kCy}), "transfer_completed hold_ended") << "recorded all the time: nothing has to start";
  EXPECT_EQ(i.status, Status::talking);
  EXPECT_EQ(cy.activity, Activity::talking);
  EXPECT_FALSE(i.answering || i.held || i.kept() || i.returning);
  EXPECT_TRUE(i.tried.empty());
}

TEST_F(TransferTest, AWaitingTransferIsTakenFromTheListByOneAlone) {
  (void)to_queue();
  EXPECT_EQ(does(ClaimTake{kBob}), "taken transfer_completed hold_ended");
  EXPECT_EQ(does(ClaimTake{kCy}), "!interview.already_answered");
  EXPECT_EQ(does(ClaimAnswer{kCy}), "!interview.already_answered");
}

TEST_F(TransferTest, AQueueThatNeverAnswersEndsItLikeEveryWait) {
  (void)to_queue();
  now += 600s;
  EXPECT_EQ(does(Tick{}), "transfer_failed hold_ended ended");
  EXPECT_EQ(i.end_reason, EndReason::queue_timeout);
}

TEST_F(TransferTest, ARestartTakesTheRoomButNotThePlaceInTheQueue) {
  (void)to_queue();
  EXPECT_EQ(does(Interrupt{}), "transfer_failed hold_ended");
  EXPECT_FALSE(i.in_room());
  EXPECT_TRUE(i.returning);
  EXPECT_EQ(i.status, Status::queued);
}

TEST_F(TransferTest, HoldingIsTheAgentsAndEndsWithTheCall) {
  EXPECT_EQ(does(Hold{kBob}), "!interview.not_yours");
  EXPECT_EQ(does(Hold{kAnn}), "hold_started");
  EXPECT_EQ(does(Hold{kAnn}), "");
  EXPECT_TRUE(i.held);
  EXPECT_EQ(does(Resume{kAnn}), "hold_ended");
  EXPECT_EQ(does(Resume{kAnn}), "");
  (void)does(Hold{kAnn});
  (void)to_bob();
  EXPECT_EQ(does(ClaimAnswer{kBob}), "transfer_completed hold_ended") << "whoever takes over begins to talk";
  (void)does(Hold{kBob});
  EXPECT_EQ(does(HangUp{kBob}), "hold_ended ended");
  EXPECT_FALSE(i.held);
}

}  // namespace
}  // namespace tw::domain
