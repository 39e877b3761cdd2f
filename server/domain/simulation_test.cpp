#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>

#include "base/random.hpp"
#include "domain/agent.hpp"
#include "domain/interview.hpp"
#include "domain/routing.hpp"

namespace tw::domain {
namespace {

using namespace std::chrono_literals;

/// Several agents and customers who do what they like, on a simulated clock, with routing after every step as the
/// service does it.
class World {
 public:
  World(std::uint64_t seed, int agents, int queues) : random_(seed), queues_(queues) {
    for (int n = 0; n < agents; ++n) {
      Agent agent;
      agent.id = AgentId::trusted("agt_" + std::to_string(n));
      agent.idle_since = now_;
      agents_[agent.id] = agent;
      for (int q = 0; q < queues; ++q) {
        if (q == n % queues || below(3) == 0) served_[agent.id].insert(queue(q));
      }
    }
  }

  void step() {
    switch (below(26)) {
      case 0:
      case 1: arrive(); break;
      case 2:
      case 3: (void)set_presence(any_agent(), Presence::online, now_); break;
      case 4: change_presence(any_agent(), static_cast<Presence>(below(4))); break;
      case 5:
      case 6:
      case 7: connect(any_agent(), below(4) != 0); break;
      case 8:
      case 9:
      case 10: answer(any_agent(), false); break;
      case 11: answer(any_agent(), true); break;
      case 12: on_interview([&](Interview& i, const AgentId& a) { run(i, command::Decline{a}); }); break;
      case 13: on_interview([&](Interview& i, const AgentId& a) { run(i, command::HangUp{a}); }); break;
      case 14:
        on_interview([&](Interview& i, const AgentId& a) {
          run(i, command::Conclude{a, OutcomeKind::rejected, below(2) == 0 ? "" : "r"});
        });
        break;
      case 15: on_interview([&](Interview& i, const AgentId&) { run(i, command::CustomerGone{}); }); break;
      case 16: on_interview([&](Interview& i, const AgentId&) { run(i, command::CustomerBack{}); }); break;
      case 17:
        if (below(6) == 0) on_interview([&](Interview& i, const AgentId&) { run(i, command::Leave{}); });
        break;
      case 18:
      case 19: (void)finish_wrap_up(any_agent(), now_); break;
      case 20: on_interview([&](Interview& i, const AgentId& a) { hand_over(i, a); }); break;
      case 21: on_interview([&](Interview& i, const AgentId& a) { run(i, command::CancelTransfer{a}); }); break;
      case 22:
        on_interview([&](Interview& i, const AgentId& a) {
          if (below(2) == 0) return run(i, command::Hold{a});
          run(i, command::Resume{a});
        });
        break;
      default: pass(std::chrono::milliseconds(below(8'000))); break;
    }
    route();
    check();
  }

  /// Nobody does anything any more: only time passes. Every interview that waits must come to an end.
  void run_out() {
    for (int n = 0; n < 400; ++n) {
      pass(10s);
      route();
      check();
    }
    for (const auto& [id, interview] : interviews_) {
      ASSERT_TRUE(interview.status == Status::talking || interview.status == Status::ended) << id << " waits for ever";
    }
  }

  [[nodiscard]] std::size_t talked() const {
    std::size_t count = 0;
    for (const auto& [id, interview] : interviews_) count += interview.answered_at ? 1 : 0;
    return count;
  }
  [[nodiscard]] const std::map<EndReason, int>& ends() const { return ends_; }
  [[nodiscard]] int returned() const { return returned_; }
  [[nodiscard]] int handed_over() const { return handed_over_; }

 private:
  std::uint32_t below(std::uint32_t limit) { return random_.u32() % limit; }
  static QueueId queue(int n) { return QueueId::trusted("que_" + std::to_string(n)); }
  Agent& any_agent() { return std::next(agents_.begin(), below(static_cast<std::uint32_t>(agents_.size())))->second; }

  void arrive() {
    if (interviews_.size() > 200) return;
    Interview i;
    i.id = InterviewId::trusted("itv_" + std::to_string(1'000 + interviews_.size()));
    i.queue = queue(static_cast<int>(below(static_cast<std::uint32_t>(queues_))));
    i.created_at = now_;
    i.expires_at = now_ + 1h;
    Interview& stored = interviews_[i.id] = i;
    run(stored, command::Enter{});
    run(stored, command::Consent{true});
    run(stored, command::GivePlace{PlaceStatus::refused});
    run(stored, command::JoinQueue{});
  }

  template <class Do>
  void on_interview(Do act) {
    if (interviews_.empty()) return;
    // Mostly one that lives: the ended ones grow in number.
    for (int tries = 0; tries < 5; ++tries) {
      Interview& i = std::next(interviews_.begin(), below(static_cast<std::uint32_t>(interviews_.size())))->second;
      if (i.status == Status::ended && tries < 4) continue;
      act(i, i.agent && below(5) != 0 ? *i.agent : any_agent().id);
      return;
    }
  }

  void answer(Agent& agent, bool take) {
    Interview* wanted = nullptr;
    for (auto& [id, i] : interviews_) {
      if (i.status == Status::ended) continue;
      if (take ? i.status == Status::queued : i.rings_at(agent.id)) wanted = &i;
    }
    if (wanted == nullptr) return;
    if (take && !may_take(agent, wanted->id)) return;
    if (take) {
      run(*wanted, command::ClaimTake{agent.id});
    } else {
      run(*wanted, command::ClaimAnswer{agent.id});
    }
    if (!wanted->answering) return;
    switch (below(6)) {
      case 0: run(*wanted, command::AnswerFailed{agent.id, "recording.unavailable"}); break;
      case 1: break;  // the server forgets it: the claim's deadline must help
      default: run(*wanted, command::Answered{agent.id, now_}); break;
    }
  }

  /// As the service does it: only to an agent who can be rung, or to a queue that somebody serves.
  void hand_over(Interview& interview, const AgentId& from) {
    Agent& target = any_agent();
    if (below(2) == 0) {
      if (target.may_be_rung()) run(interview, command::StartTransfer{from, target.id, {}, ""});
    } else {
      run(interview, command::StartTransfer{from, {}, *served_[target.id].begin(), ""});
    }
  }

  void change_presence(Agent& agent, Presence presence) {
    if (!set_presence(agent, presence, now_)) return;
    if (presence != Presence::online) withdraw(agent);
  }
  void withdraw(Agent& agent) {
    if (agent.activity == Activity::ringing) run(interviews_.at(*agent.interview), command::WithdrawRing{agent.id});
  }
  void connect(Agent& agent, bool connected) {
    set_connected(agent, connected, now_, timing_);
    if (agent.activity == Activity::talking) {
      Interview& i = interviews_.at(*agent.interview);
      if (connected) {
        run(i, command::AgentBack{});
      } else {
        run(i, command::AgentGone{});
      }
    }
    if (!connected) withdraw(agent);
  }

  void run(Interview& interview, const Command& command) {
    const Interview before = interview;
    const auto events = apply(interview, command, now_, timing_);
    if (!events) {
      ASSERT_EQ(interview, before) << events.error().code << " changed something";
      return;
    }
    for (auto& [id, agent] : agents_) follow(agent, before, interview, now_);
    if (before.status != Status::ended && interview.status == Status::ended) ++ends_[*interview.end_reason];
    bool told_end = false;
    for (const Event& event : *events) {
      returned_ += event.kind == "returned_to_queue" ? 1 : 0;
      handed_over_ += event.kind == "transfer_completed" ? 1 : 0;
      told_end |= event.kind == "transfer_failed" || event.kind == "transfer_completed";
    }
    // A transfer never drops the customer: only what ends any call ends one that is handed over.
    if (std::holds_alternative<command::StartTransfer>(command) || std::holds_alternative<command::Decline>(command)) {
      ASSERT_TRUE(!before.in_room() || interview.in_room()) << interview.id;
    }
    // Each that began is told how it ended.
    ASSERT_EQ(before.transfer && !interview.transfer, told_end) << interview.id;
  }

  void pass(std::chrono::microseconds by) {
    const WallTime until = now_ + by;
    while (true) {
      Interview* due = nullptr;
      for (auto& [id, i] : interviews_) {
        const auto deadline = i.deadline();
        if (deadline && *deadline <= until && (due == nullptr || *deadline < *due->deadline())) due = &i;
      }
      if (due == nullptr) break;
      now_ = std::max(now_, *due->deadline());
      run(*due, command::Tick{});
      const auto next = due->deadline();
      ASSERT_TRUE(!next || *next > now_) << "a deadline that has come stays";
      route();
    }
    now_ = until;
    for (auto& [id, agent] : agents_) expire_absence(agent, now_);
  }

  void route() {
    std::vector<WaitingInterview> waiting;
    for (const auto& [id, i] : interviews_) {
      if (i.status == Status::queued) waiting.push_back({id, i.queue, i.returning, *i.waiting_since, i.tried});
    }
    std::vector<IdleAgent> idle;
    for (const auto& [id, agent] : agents_) {
      if (agent.may_be_rung()) idle.push_back({id, agent.idle_since, served_[id]});
    }
    for (const auto& [interview, agent] : assign(waiting, idle)) run(interviews_.at(interview), command::Ring{agent});
    // Whoever could be rung now is: nobody idle is left who serves a waiting customer and was not tried.
    for (const auto& w : waiting) {
      const Interview& i = interviews_.at(w.id);
      if (i.status != Status::queued) continue;
      for (const auto& [id, agent] : agents_) {
        const bool tried = std::find(i.tried.begin(), i.tried.end(), id) != i.tried.end();
        ASSERT_FALSE(agent.may_be_rung() && served_[id].contains(i.queue) && !tried) << w.id << " could ring at " << id;
      }
    }
  }

  void check() {
    std::map<AgentId, InterviewId> with;
    for (const auto& [id, i] : interviews_) {
      const bool has_agent = i.status == Status::ringing || i.status == Status::talking;
      ASSERT_EQ(has_agent, i.agent.has_value()) << id;
      if (i.agent) {
        ASSERT_TRUE(with.emplace(*i.agent, id).second) << *i.agent << " is in two interviews";
        const Agent& agent = agents_.at(*i.agent);
        ASSERT_EQ(agent.interview, id);
        ASSERT_EQ(agent.activity, i.status == Status::talking ? Activity::talking : Activity::ringing);
      }
      if (i.transfer && i.transfer->target) {
        ASSERT_EQ(i.status, Status::talking) << "only a call that runs is handed to one agent";
        ASSERT_TRUE(with.emplace(*i.transfer->target, id).second) << *i.transfer->target << " is in two interviews";
        ASSERT_EQ(agents_.at(*i.transfer->target).activity, Activity::ringing);
        ASSERT_TRUE(i.deadline());
      }
      ASSERT_TRUE(!i.kept() || i.status == Status::queued || i.status == Status::ringing);
      ASSERT_TRUE(!i.kept() || i.held) << "nobody waits in silence";
      ASSERT_TRUE(!i.held || i.in_room());
      const bool waits = i.status == Status::queued || i.status == Status::ringing;
      ASSERT_TRUE(!waits || i.deadline()) << id;
      ASSERT_TRUE(i.status != Status::ended || (i.end_reason && i.ended_at));
      ASSERT_TRUE(!i.answering || i.status == Status::ringing);
      ASSERT_TRUE(!i.outcome || i.last_agent);
    }
    for (const auto& [id, agent] : agents_) {
      const bool engaged = agent.activity == Activity::ringing || agent.activity == Activity::talking;
      ASSERT_EQ(engaged, with.contains(id)) << id;
    }
  }

  SeededRandom random_;
  int queues_;
  Timing timing_;
  WallTime now_{1'700'000'000s};
  std::map<AgentId, Agent> agents_;
  std::map<AgentId, std::set<QueueId>> served_;
  std::map<InterviewId, Interview> interviews_;
  std::map<EndReason, int> ends_;
  int returned_ = 0;
  int handed_over_ = 0;
};

TEST(Simulation, ThousandsOfStepsKeepEveryPromise) {
  std::map<EndReason, int> ends;
  std::size_t talked = 0;
  int returned = 0;
  int handed_over = 0;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE(seed);
    World world(seed, 2 + static_cast<int>(seed % 5), 1 + static_cast<int>(seed % 3));
    for (int step = 0; step < 800 && !HasFatalFailure(); ++step) world.step();
    world.run_out();
    ASSERT_FALSE(HasFatalFailure());
    talked += world.talked();
    returned += world.returned();
    handed_over += world.handed_over();
    for (const auto& [reason, count] : world.ends()) ends[reason] += count;
  }
  // The walk must have visited what it promises about.
  EXPECT_GT(talked, 100U);
  EXPECT_GT(returned, 10);
  EXPECT_GT(handed_over, 10);
  for (const EndReason reason : {EndReason::concluded, EndReason::left_queue, EndReason::queue_timeout,
                                 EndReason::no_answer, EndReason::hung_up, EndReason::connection_lost}) {
    EXPECT_GT(ends[reason], 0) << to_text(reason);
  }
}

TEST(Simulation, AnySeedAndAnySizeKeepThem) {
  const bool held = rc::check("a world of any size keeps its promises", [](std::uint64_t seed) {
    const int agents = *rc::gen::inRange(1, 7);
    const int queues = *rc::gen::inRange(1, 4);
    World world(seed, agents, queues);
    for (int step = 0; step < 120; ++step) world.step();
    RC_ASSERT(!::testing::Test::HasFatalFailure());
  });
  EXPECT_TRUE(held);
}

TEST(Routing, TheLongestIdleAgentIsRungForWhoeverCameFirst) {
  const auto at = [](int s) { return WallTime{std::chrono::seconds{s}}; };
  const auto agent = [](int n) { return AgentId::trusted("agt_" + std::to_string(n)); };
  const auto interview = [](int n) { return InterviewId::trusted("itv_" + std::to_string(n)); };
  const QueueId a = QueueId::trusted("que_a"), b = QueueId::trusted("que_b");
  const std::vector<WaitingInterview> waiting{{interview(1), a, false, at(10), {}},
                                              {interview(2), a, false, at(5), {}},
                                              {interview(3), a, true, at(20), {}},
                                              {interview(4), b, false, at(1), {agent(1)}}};
  const std::vector<IdleAgent> idle{{agent(1), at(3), {a, b}}, {agent(2), at(1), {a}}, {agent(3), at(2), {a}}};
  const std::vector<std::pair<InterviewId, AgentId>> expected{
      {interview(3), agent(2)}, {interview(2), agent(3)}, {interview(1), agent(1)}};
  EXPECT_EQ(assign(waiting, idle), expected);
  EXPECT_TRUE(assign(waiting, {}).empty());
  EXPECT_TRUE(assign({}, idle).empty());
}

}  // namespace
}  // namespace tw::domain
