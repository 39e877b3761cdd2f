#include "service/desk.hpp"

#include <gmock/gmock.h>

#include <stdlib.h>

#include <atomic>
#include <barrier>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "service/interviews_test_support.hpp"
#include "service/media_access.hpp"
#include "service/work.hpp"

namespace tw::service {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

class DeskUseCases : public InterviewsTest {
 protected:
  [[nodiscard]] DeskState desk_of(const AgentId& id) { return desk().state(agent(id)).value(); }
  Desk desk() { return Desk(*core_); }
  CustomerSteps steps() { return CustomerSteps(*core_); }
  Connections connections() { return Connections(*core_); }
  void customer_media(const InterviewId& id, media::SessionState state) {
    connections().media_session({id.str(), "ses-c", {"customer", "camera"}, "customer", true, state});
  }
};

TEST_F(DeskUseCases, TheCustomerIsRungAtTheAgentIdleLongest) {
  online(bob_);
  clock_.advance(1s);
  online(ann_);
  const Caller customer = queue();
  ASSERT_TRUE(desk_of(bob_).ring);
  EXPECT_EQ(desk_of(bob_).ring->until - desk_of(bob_).ring->since, 30s);
  EXPECT_FALSE(desk_of(ann_).ring);
  EXPECT_TRUE(rooms_.is_open(customer.interview)) << "both connect while it rings";
  EXPECT_FALSE(rooms_.is_recording(customer.interview));
  EXPECT_EQ(desk_of(ann_).queues.at(0).waiting.size(), 1U);
}

TEST_F(DeskUseCases, NobodyOnlineIsToldAndTheFirstWhoComesIsRung) {
  const Caller customer = queue();
  const auto state = steps().state(customer).value();
  EXPECT_EQ(state.agents_online, 0);
  EXPECT_EQ(state.position, 1);
  EXPECT_FALSE(state.media);
  online(ann_);
  EXPECT_EQ(status(customer), "ringing");
  EXPECT_TRUE(steps().state(customer)->media);
}

TEST_F(DeskUseCases, ARingTimesOutToTheNextAgentAndComesBackAfterAPause) {
  online(ann_);
  clock_.advance(1s);
  online(bob_);
  const Caller customer = queue();
  (void)wakes_.earliest();
  advance(30s);
  EXPECT_FALSE(desk_of(ann_).ring);
  ASSERT_TRUE(desk_of(bob_).ring);
  const auto wake = wakes_.earliest();
  ASSERT_TRUE(wake) << "the next deadline is asked for, not polled";
  EXPECT_GT(*wake, clock_.wall_now());
  EXPECT_LE(*wake, clock_.wall_now() + 30s);
  ASSERT_TRUE(desk().decline(agent(bob_), customer.interview.str()));
  EXPECT_EQ(status(customer), "queued");
  advance(5s - 1us);
  EXPECT_EQ(status(customer), "queued");
  advance(1us);
  EXPECT_EQ(status(customer), "ringing");
}

TEST_F(DeskUseCases, TheLongestWaitEndsInQueueTimeout) {
  const Caller customer = queue();
  advance(600s - 1us);
  EXPECT_EQ(status(customer), "queued");
  advance(1us);
  EXPECT_EQ(steps().state(customer)->end_reason, domain::EndReason::queue_timeout);
  EXPECT_THAT(outbox_types(customer.interview), Contains("interview.ended"));
}

TEST_F(DeskUseCases, OnlyTheRungAgentAnswersOnce) {
  online(ann_);
  const Caller customer = queue();
  online(bob_);
  const std::string id = customer.interview.str();
  EXPECT_EQ(code_of(desk().answer(agent(bob_), id)), "interview.not_ringing");
  EXPECT_EQ(code_of(desk().take(agent(bob_), id)), "interview.not_waiting");
  EXPECT_EQ(code_of(desk().answer(agent(bob_), "nonsense")), "interview.unknown");
  EXPECT_EQ(code_of(desk().answer(customer, id)), "auth.wrong_role");
  ASSERT_TRUE(desk().answer(agent(ann_), id));
  EXPECT_EQ(code_of(desk().answer(agent(ann_), id)), "interview.already_answered");
  EXPECT_EQ(code_of(desk().answer(agent(bob_), id)), "interview.already_answered");
  EXPECT_EQ(code_of(desk().hang_up(agent(bob_), id)), "interview.not_yours");
}

TEST_F(DeskUseCases, ARecordingThatCannotStartIsNotAnsweredAndRingsOn) {
  online(ann_);
  const Caller customer = queue();
  rooms_.may_start = false;
  EXPECT_EQ(code_of(desk().answer(agent(ann_), customer.interview.str())), "recording.unavailable");
  EXPECT_EQ(status(customer), "ringing");
  EXPECT_EQ(desk_of(ann_).activity, domain::Activity::ringing);
  rooms_.may_start = true;
  EXPECT_TRUE(desk().answer(agent(ann_), customer.interview.str()));
  EXPECT_THAT(kinds(customer.interview), Contains("answer_failed"));
}

TEST_F(DeskUseCases, ACustomerWhoLeavesWhileTheRecordingStartsIsNotConnected) {
  online(ann_);
  const Caller customer = queue();
  rooms_.before_start = [&] { EXPECT_TRUE(steps().leave(customer)); };
  EXPECT_EQ(code_of(desk().answer(agent(ann_), customer.interview.str())), "interview.ended");
  EXPECT_FALSE(rooms_.is_recording(customer.interview));
  EXPECT_FALSE(rooms_.is_open(customer.interview));
  EXPECT_EQ(desk_of(ann_).activity, domain::Activity::idle);
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs"), 0) << "nobody talked: there is nothing to compose";
}

TEST_F(DeskUseCases, AWaitingCustomerIsTakenByWhoIsFree) {
  connections().agent_socket_opened(agent(ann_));
  const Caller customer = queue();
  EXPECT_EQ(code_of(desk().take(agent(ann_), customer.interview.str())), "agent.not_online");
  ASSERT_TRUE(desk().set_presence(agent(ann_), domain::Presence::busy));
  ASSERT_TRUE(desk().take(agent(ann_), customer.interview.str()));
  EXPECT_EQ(status(customer), "talking");
  const Caller second = queue();
  EXPECT_EQ(code_of(desk().take(agent(ann_), second.interview.str())), "agent.busy");
  EXPECT_EQ(code_of(desk().set_presence(agent(ann_), domain::Presence::offline)), "agent.in_call");
}

TEST_F(DeskUseCases, ADrainingServerTakesNoNewCalls) {
  online(ann_);
  const Caller customer = queue();
  core_->start_draining();
  EXPECT_EQ(code_of(desk().answer(agent(ann_), customer.interview.str())), "server.draining");
  EXPECT_THAT(desk_of(ann_).alarms, Contains("draining"));
  rooms_.can_record_now = false;
  EXPECT_THAT(desk_of(ann_).alarms, Contains("recording_disk_full"));
}

TEST_F(DeskUseCases, AnAgentWhoDropsLosesTheCustomerToTheNextAfterThirtySeconds) {
  const Caller customer = talk(ann_);
  const InterviewId id = customer.interview;
  const auto before = read(id);
  advance(10s);
  connections().agent_socket_closed(agent(ann_));
  EXPECT_EQ(steps().state(customer)->agent_connection, domain::ConnectionState::lost) << "told at once";
  advance(30s - 1us);
  EXPECT_EQ(status(customer), "talking");
  const Caller other = queue();
  advance(1us);
  const auto state = steps().state(customer).value();
  EXPECT_TRUE(state.reconnecting);
  EXPECT_EQ(state.position, 1) << "at the head, before the one who came earlier to this wait";
  EXPECT_FALSE(rooms_.is_recording(id));
  EXPECT_EQ(desk_of(ann_).presence, domain::Presence::offline);
  online(bob_);
  EXPECT_EQ(status(customer), "ringing");
  ASSERT_TRUE(desk().answer(agent(bob_), id.str()));
  const auto after = read(id);
  EXPECT_EQ(after.recording->path, before.recording->path);
  EXPECT_EQ(after.recording->name, before.recording->name);
  EXPECT_EQ(after.answered_at, before.answered_at);
  EXPECT_EQ(after.agent_name, "Agent bob");
  const auto happened = kinds(id);
  EXPECT_EQ(std::count(happened.begin(), happened.end(), "answered"), 2);
  EXPECT_THAT(happened, Contains("recording_gap"));
  EXPECT_EQ(rooms_.starts(), 2);
  EXPECT_EQ(status(other), "queued");
}

TEST_F(DeskUseCases, AnAgentWhoComesBackInTimeGoesOn) {
  const Caller customer = talk(ann_);
  connections().agent_socket_closed(agent(ann_));
  advance(29s);
  connections().agent_socket_opened(agent(ann_));
  advance(1h);
  EXPECT_EQ(status(customer), "talking");
  EXPECT_EQ(desk_of(ann_).presence, domain::Presence::online);
  EXPECT_THAT(kinds(customer.interview), Contains("connection_restored"));
}

TEST_F(DeskUseCases, ACustomerWhoIsGoneForAMinuteLostTheConnectionAndTheAgentConcludes) {
  const Caller customer = talk(ann_);
  const InterviewId id = customer.interview;
  customer_media(id, media::SessionState::connecting);
  customer_media(id, media::SessionState::connected);
  connections().customer_socket_closed(customer);
  const auto seen = [&] { return Calls(*core_).agent_interview(agent(ann_), id.str())->customer_connection; };
  EXPECT_EQ(seen(), domain::ConnectionState::unstable) << "the page is closed, media still flow for a moment";
  EXPECT_THAT(kinds(id), Not(Contains("connection_lost")));
  customer_media(id, media::SessionState::lost);
  EXPECT_EQ(seen(), domain::ConnectionState::lost);
  EXPECT_THAT(kinds(id), Contains("connection_lost"));
  advance(60s);
  EXPECT_EQ(read(id).end_reason, domain::EndReason::connection_lost);
  EXPECT_EQ(desk_of(ann_).activity, domain::Activity::wrapping_up);
  EXPECT_TRUE(Conclude(*core_).conclude(agent(ann_), id.str(), {domain::OutcomeKind::needs_supplement, "again"}));
}

TEST_F(DeskUseCases, ACustomerWithoutAPageHasLeftTheQueueAfterAMinute) {
  const Caller customer = queue();
  connections().customer_socket_closed(customer);
  advance(60s);
  EXPECT_EQ(steps().state(customer)->end_reason, domain::EndReason::left_queue);
}

TEST_F(DeskUseCases, ARingIsWithdrawnFromAClosedPageAndFromWhoGoesAway) {
  online(ann_);
  clock_.advance(1s);
  online(bob_);
  const Caller customer = queue();
  connections().agent_socket_closed(agent(ann_));
  EXPECT_FALSE(desk_of(ann_).ring);
  ASSERT_TRUE(desk_of(bob_).ring);
  ASSERT_TRUE(desk().set_presence(agent(bob_), domain::Presence::away));
  EXPECT_EQ(status(customer), "queued");
  connections().agent_socket_opened(agent(ann_));
  EXPECT_TRUE(desk_of(ann_).ring) << "it was not declined there";
}

TEST_F(DeskUseCases, MediaTokensOpenOneInterviewForOneSideFromTheRingToTheEnd) {
  const Caller customer = talk(ann_);
  MediaAccess access(*core_);
  const auto agents = Calls(*core_).agent_interview(agent(ann_), customer.interview.str())->media.value();
  const auto customers = steps().state(customer)->media.value();
  EXPECT_EQ(access.authorize(agents.token)->side, "agent");
  EXPECT_EQ(access.authorize(customers.token)->side, "customer");
  EXPECT_EQ(access.authorize(customers.token)->interview, customer.interview);
  EXPECT_EQ(steps().state(customer)->media->token, customers.token) << "a repeated state does not differ by its token";
  EXPECT_EQ(code_of(access.authorize("twm_AAAA.BBBB")), "auth.invalid");
  connections().agent_socket_closed(agent(ann_));
  advance(30s);
  EXPECT_EQ(code_of(access.authorize(customers.token)), "interview.not_ringing");
  online(bob_);
  EXPECT_EQ(code_of(access.authorize(agents.token)), "auth.invalid") << "the agent who lost it opens nothing";
  ASSERT_TRUE(steps().leave(customer));
  EXPECT_EQ(code_of(access.authorize(customers.token)), "interview.ended");
}

/// Rounds, not disks, are meant there: the database lies in memory where the machine has such a folder.
struct TemporaryFoldersInMemory {
  TemporaryFoldersInMemory() {
    if (std::filesystem::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 1);
  }
  ~TemporaryFoldersInMemory() { ::unsetenv("TMPDIR"); }
};
class AnswerRace : private TemporaryFoldersInMemory, public DeskUseCases {
 protected:
  /// Back to the queue, where the agent, free again, is rung at once.
  void ring_again(const Caller& customer) {
    EXPECT_TRUE(transact(*core_, [&](Work& work) -> Result<void> {
      auto record = work.interview(tenant_, customer.interview);
      if (!record) return tl::unexpected(record.error());
      auto back = work.apply(*record, domain::command::Interrupt{});
      if (!back) return tl::unexpected(back.error());
      return {};
    }));
    EXPECT_EQ(status(customer), "ringing");
  }
};

struct Race {
  int callers;
  int rounds;
};
class AnswerRaces : public AnswerRace, public ::testing::WithParamInterface<Race> {};

/// Simultaneous answers: by the rung agent many times over, by others, and by takers. TELEWITNESS_RACE_ROUNDS runs
/// more.
TEST_P(AnswerRaces, SimultaneousAnswersHaveExactlyOneWinner) {
  constexpr int kRoundsOfACustomer = 25;  // coming in by the link takes longer than the race
  const char* more = std::getenv("TELEWITNESS_RACE_ROUNDS");
  const int rounds = more == nullptr ? GetParam().rounds : std::atoi(more);
  const int callers = GetParam().callers;
  online(ann_);
  connections().agent_socket_opened(agent(bob_));
  ASSERT_TRUE(desk().set_presence(agent(bob_), domain::Presence::busy));

  Caller customer;
  std::atomic<int> winners{0};
  std::atomic<int> unexpected{0};
  std::atomic<bool> over{false};
  const auto race = [&](int n) {
    const Caller who = agent(n % 4 < 3 ? ann_ : bob_);
    const auto result =
        n % 4 == 1 ? desk().take(who, customer.interview.str()) : desk().answer(who, customer.interview.str());
    if (result) {
      ++winners;
    } else if (code_of(result) != "interview.already_answered" && code_of(result) != "interview.not_ringing") {
      ++unexpected;
    }
  };
  std::barrier start(callers + 1), finish(callers + 1);
  std::vector<std::jthread> threads;
  for (int n = 0; n < callers; ++n) {
    threads.emplace_back([&, n] {
      while (true) {
        start.arrive_and_wait();
        if (over) return;
        race(n);
        finish.arrive_and_wait();
      }
    });
  }
  for (int round = 0; round < rounds; ++round) {
    if (round % kRoundsOfACustomer == 0) customer = queue();
    winners = 0;
    start.arrive_and_wait();
    finish.arrive_and_wait();
    EXPECT_EQ(winners, 1) << "round " << round;
    EXPECT_EQ(unexpected, 0) << "round " << round;
    EXPECT_TRUE(rooms_.is_recording(customer.interview));
    if ((round + 1) % kRoundsOfACustomer == 0) {
      EXPECT_TRUE(steps().leave(customer));
      EXPECT_TRUE(desk().finish_wrap_up(agent(ann_)));
    } else {
      ring_again(customer);
    }
    if (HasFailure()) break;  // not ASSERT: the threads must be let go
  }
  over = true;
  start.arrive_and_wait();
  EXPECT_EQ(rooms_.starts(), rounds);
}
INSTANTIATE_TEST_SUITE_P(FewOftenAndManySometimes, AnswerRaces, ::testing::Values(Race{4, 1'000}, Race{100, 25}));

}  // namespace
}  // namespace tw::service
