#include <gmock/gmock.h>

#include <utility>

#include "service/follow_ups.hpp"
#include "service/interviews_test_support.hpp"
#include "service/marks.hpp"
#include "service/notes.hpp"
#include "service/open_outcomes.hpp"
#include "service/orders.hpp"
#include "service/room_events.hpp"
#include "service/work.hpp"
#include "store/accounts/mark_labels.hpp"

namespace tw::service {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class AgentDay : public InterviewsTest {
 protected:
  Notes notes() { return Notes(*core_); }
  Marks marks() { return Marks(*core_); }
  OpenOutcomes outcomes() { return OpenOutcomes(*core_); }
  FollowUps follow_ups() { return FollowUps(*core_); }
  [[nodiscard]] DeskState desk_of(const AgentId& id) { return Desk(*core_).state(agent(id)).value(); }
  [[nodiscard]] AgentInterview seen_by(const AgentId& id, const InterviewId& interview) {
    return Calls(*core_).agent_interview(agent(id), interview.str()).value();
  }
  void conclude(const AgentId& id, const InterviewId& interview, domain::OutcomeKind kind) {
    const auto done = Conclude(*core_).conclude(agent(id), interview.str(), {kind, "资料不全"});
    ASSERT_TRUE(done) << done.error().code;
  }
  /// An agent of the same company who serves no queue of it.
  Caller outsider() {
    const AgentId id = add_agent("outsider " + std::to_string(++outsiders_));
    execute("DELETE FROM user_queues WHERE user_id = :id", {{"id", id}});
    return agent(id);
  }
  /// An agent of another company.
  Caller foreign_agent() {
    Caller caller = foreign_administrator();
    caller.kind = CallerKind::agent;
    return caller;
  }
  Caller foreign_administrator() {
    if (!foreign_) foreign_ = stranger();
    return *foreign_;
  }
  std::optional<Caller> foreign_;  ///< the other company is made once
  int outsiders_ = 0;
};

TEST_F(AgentDay, NotesAreKeptInVersionsAndAConflictChangesNothing) {
  const Caller customer = talk(ann_);
  const std::string id = customer.interview.str();
  EXPECT_EQ(notes().read(agent(ann_), id)->version, 0);
  const auto first = notes().write(agent(ann_), id, "月收入两万\n已婚", 0);
  ASSERT_TRUE(first) << first.error().code;
  EXPECT_EQ(first->version, 1);
  EXPECT_EQ(first->updated_by, "Agent ann");
  EXPECT_EQ(notes().write(agent(ann_), id, "月收入两万\n已婚", 0)->version, 1) << "a repeated request is no conflict";
  const auto late = notes().write(agent(ann_), id, "other words", 0);
  ASSERT_EQ(code_of(late), "notes.conflict");
  EXPECT_THAT(late.error().params, ElementsAre(std::pair<std::string, std::string>("version", "1")));
  EXPECT_EQ(notes().read(agent(ann_), id)->text, "月收入两万\n已婚");
  EXPECT_EQ(notes().write(agent(ann_), id, "", 1)->version, 2);
  std::string longest;
  for (std::size_t i = 0; i < Notes::kMostCharacters; ++i) longest += "字";
  EXPECT_EQ(notes().write(agent(ann_), id, longest, 2)->version, 3);
  EXPECT_EQ(code_of(notes().write(agent(ann_), id, longest + "字", 3)), "field.invalid");
  EXPECT_EQ(seen_by(ann_, customer.interview).notes.text, longest);
}

TEST_F(AgentDay, OnlyWhoConductsWritesNotesAndOnlyOwnPeopleReadThem) {
  const Caller waiting = queue();
  EXPECT_EQ(code_of(notes().write(agent(ann_), waiting.interview.str(), "x", 0)), "interview.not_talking");
  ASSERT_TRUE(CustomerSteps(*core_).leave(waiting));
  const Caller customer = talk(ann_);
  const std::string id = customer.interview.str();
  ASSERT_TRUE(notes().write(agent(ann_), id, "private words", 0));
  EXPECT_EQ(code_of(notes().write(agent(bob_), id, "x", 1)), "interview.not_yours");
  EXPECT_EQ(notes().read(agent(bob_), id)->text, "private words") << "a colleague of the queue";
  EXPECT_EQ(notes().read(administrator(), id)->text, "private words");
  for (const Caller& caller : {outsider(), foreign_agent(), foreign_administrator()}) {
    EXPECT_EQ(code_of(notes().read(caller, id)), "interview.unknown");
    EXPECT_EQ(code_of(notes().write(caller, id, "x", 1)), "interview.unknown");
  }
  for (const Caller& caller : {customer, api_key()}) {
    EXPECT_EQ(code_of(notes().read(caller, id)), "auth.wrong_role");
    EXPECT_EQ(code_of(notes().write(caller, id, "x", 1)), "auth.wrong_role");
  }
  conclude(ann_, customer.interview, domain::OutcomeKind::passed);
  EXPECT_EQ(notes().write(agent(ann_), id, "after the call", 1)->version, 2);
  EXPECT_EQ(number("SELECT COUNT(*) FROM timeline WHERE data_json LIKE '%words%'"), 0);
  EXPECT_EQ(number("SELECT COUNT(*) FROM outbox WHERE payload_json LIKE '%words%'"), 0);
}

TEST_F(AgentDay, EachSavingOfNotesStandsOnTheTimelineWithoutTheirText) {
  const Caller customer = talk(ann_);
  const std::string id = customer.interview.str();
  const auto saved = [&] {
    return core_->database()
        .read([&](store::Connection& connection) -> Result<std::vector<domain::TimelineEntry>> {
          return store::interviews::timeline_of_kind(connection, tenant_, customer.interview, kNotesSaved);
        })
        .value();
  };
  ASSERT_TRUE(notes().write(agent(ann_), id, "月收入两万", 0));
  ASSERT_TRUE(notes().write(agent(ann_), id, "月收入两万", 0));
  ASSERT_EQ(code_of(notes().write(agent(ann_), id, "other", 0)), "notes.conflict");
  ASSERT_THAT(saved(), SizeIs(1)) << "neither a repetition nor a refusal saves anything";
  EXPECT_EQ(saved().front().data_json, R"({"version":1,"characters":5,"agentId":")" + ann_.str() + R"("})");
  for (std::int64_t version = 1; version < Notes::kMostOnTimeline + 2; ++version) {
    ASSERT_TRUE(notes().write(agent(ann_), id, std::to_string(version), version));
  }
  EXPECT_THAT(saved(), SizeIs(Notes::kMostOnTimeline));
}

TEST_F(AgentDay, AMarkOfTheListStandsOnTheTimelineAndIsAChapter) {
  const Caller customer = talk(ann_);
  const std::string id = customer.interview.str();
  const auto labels = desk_of(ann_).mark_labels;
  ASSERT_THAT(labels, SizeIs(5)) << "a company begins with the usual ones";
  EXPECT_EQ(labels.at(1).key, 2);
  advance(5s);
  const auto mark = marks().set(agent(ann_), id, {labels.at(1).id.str(), ""});
  ASSERT_TRUE(mark) << mark.error().code;
  EXPECT_EQ(mark->label, "已宣读风险");
  ASSERT_TRUE(marks().set(agent(ann_), id, {"", "证件有折痕"}));
  EXPECT_THAT(seen_by(ann_, customer.interview).marks,
              ElementsAre(Field(&MarkView::label, "已宣读风险"), Field(&MarkView::label, "证件有折痕")));
  const auto timeline = core_->database().read([&](store::Connection& connection) -> Result<std::vector<std::string>> {
    std::vector<std::string> chapters;
    for (const auto& event : room_events(store::interviews::timeline(connection, tenant_, customer.interview)))
      if (event.kind == "mark_set") chapters.push_back(event.title);
    return chapters;
  });
  EXPECT_THAT(timeline.value(), ElementsAre("已宣读风险", "证件有折痕"));
}

TEST_F(AgentDay, MarksAreRefusedWithTheirReasons) {
  const Caller waiting = queue();
  EXPECT_EQ(code_of(marks().set(agent(ann_), waiting.interview.str(), {"", "x"})), "interview.not_talking");
  ASSERT_TRUE(CustomerSteps(*core_).leave(waiting));
  const Caller customer = talk(ann_);
  const std::string id = customer.interview.str();
  const std::string label = desk_of(ann_).mark_labels.at(0).id.str();
  const struct {
    Caller caller;
    NewMark mark;
    const char* code;
  } cases[]{{agent(ann_), {"", ""}, "mark.label_invalid"},
            {agent(ann_), {label, "and words"}, "mark.label_invalid"},
            {agent(ann_), {"", std::string(Marks::kMostCharacters + 1, 'x')}, "field.invalid"},
            {agent(ann_), {"", "two\nlines"}, "field.invalid"},
            {agent(ann_), {"mkl_01ARZ3NDEKTSV4RRFFQ69G5FAV", ""}, "mark_label.unknown"},
            {agent(ann_), {"rubbish", ""}, "mark_label.unknown"},
            {agent(bob_), {label, ""}, "interview.not_yours"},
            {foreign_agent(), {label, ""}, "interview.unknown"},
            {customer, {label, ""}, "auth.wrong_role"},
            {api_key(), {label, ""}, "auth.wrong_role"}};
  for (const auto& [caller, mark, code] : cases) EXPECT_EQ(code_of(marks().set(caller, id, mark)), code);
  EXPECT_THAT(kinds(customer.interview), Not(Contains("mark_set")));
  for (std::int64_t i = 0; i < Marks::kMostPerInterview; ++i) ASSERT_TRUE(marks().set(agent(ann_), id, {label, ""}));
  EXPECT_EQ(code_of(marks().set(agent(ann_), id, {label, ""})), "mark.too_many");
  ASSERT_TRUE(Desk(*core_).hang_up(agent(ann_), id));
  EXPECT_EQ(code_of(marks().set(agent(ann_), id, {label, ""})), "interview.not_talking");
}

TEST_F(AgentDay, AnOutcomePutOffIsOwedUntilItIsGiven) {
  const Caller customer = talk(ann_);
  const std::string id = customer.interview.str();
  EXPECT_EQ(code_of(outcomes().defer(agent(bob_), id)), "interview.not_yours");
  const auto deferred = outcomes().defer(agent(ann_), id);
  ASSERT_TRUE(deferred) << deferred.error().code;
  EXPECT_EQ(deferred->interview.status, domain::Status::ended) << "putting it off ends the talk";
  EXPECT_EQ(deferred->interview.end_reason, domain::EndReason::hung_up);
  EXPECT_EQ(deferred->interview.outcome_due_at, clock_.wall_now() + 24h);
  EXPECT_EQ(code_of(outcomes().defer(agent(ann_), id)), "outcome.already_deferred");
  const auto listed = outcomes().list(agent(ann_)).value();
  ASSERT_THAT(listed, SizeIs(1));
  EXPECT_EQ(listed.front().remind_at, listed.front().until - 1h);
  EXPECT_THAT(outcomes().list(agent(bob_)).value(), IsEmpty());
  EXPECT_THAT(outcomes().list(foreign_agent()).value(), IsEmpty());
  EXPECT_EQ(desk_of(ann_).owed_outcomes.count, 1);
  EXPECT_EQ(desk_of(ann_).owed_outcomes.next_until, listed.front().until);
  EXPECT_EQ(desk_of(bob_).owed_outcomes.count, 0);

  conclude(ann_, customer.interview, domain::OutcomeKind::passed);
  EXPECT_THAT(outcomes().list(agent(ann_)).value(), IsEmpty());
  EXPECT_FALSE(read(customer.interview).outcome_due_at);
  advance(48h);
  EXPECT_THAT(kinds(customer.interview), Not(Contains("outcome_overdue")));
  EXPECT_THAT(outbox_types(customer.interview), Contains("interview.outcome_deferred"));
}

TEST_F(AgentDay, AnOutcomeWhoseDeadlinePassesIsToldOnceAndCanStillBeGiven) {
  execute("UPDATE tenants SET outcome_deadline_minutes = 10 WHERE id = :id", {{"id", tenant_}});
  const Caller customer = talk(ann_);
  ASSERT_TRUE(outcomes().defer(agent(ann_), customer.interview.str()));
  restart();  // deadlines are columns: a restart forgets none
  advance(10min - 1us);
  EXPECT_THAT(kinds(customer.interview), Not(Contains("outcome_overdue")));
  const int told = quiet_.count("desk");
  advance(1us);
  EXPECT_GT(quiet_.count("desk"), told) << "the page shows it at once";
  EXPECT_TRUE(read(customer.interview).outcome_overdue);
  EXPECT_EQ(desk_of(ann_).owed_outcomes.overdue, 1);
  EXPECT_FALSE(desk_of(ann_).owed_outcomes.next_until);
  advance(24h);
  EXPECT_EQ(std::ranges::count(kinds(customer.interview), "outcome_overdue"), 1);
  EXPECT_EQ(std::ranges::count(outbox_types(customer.interview), "interview.outcome_overdue"), 1);
  conclude(ann_, customer.interview, domain::OutcomeKind::rejected);
  EXPECT_FALSE(read(customer.interview).outcome_overdue);
  EXPECT_EQ(desk_of(ann_).owed_outcomes.count, 0);
}

TEST_F(AgentDay, ASupplementIsBroughtInAFollowUpOfTheSameBusiness) {
  const Caller customer = talk(ann_);
  const std::string id = customer.interview.str();
  EXPECT_EQ(code_of(follow_ups().create(agent(ann_), id)), "follow_up.not_needed");
  conclude(ann_, customer.interview, domain::OutcomeKind::needs_supplement);
  EXPECT_EQ(code_of(follow_ups().create(agent(bob_), id)), "interview.not_yours");
  EXPECT_EQ(code_of(follow_ups().create(foreign_agent(), id)), "interview.unknown");
  EXPECT_EQ(code_of(follow_ups().create(api_key(), id)), "auth.wrong_role");
  const auto made = follow_ups().create(agent(ann_), id);
  ASSERT_TRUE(made) << made.error().code;
  EXPECT_EQ(made->interview.follows, customer.interview);
  EXPECT_EQ(made->interview.business_id, "B-1");
  EXPECT_EQ(made->interview.nick_name, "wang-01");
  EXPECT_EQ(made->customer_link.expires_at, clock_.wall_now() + FollowUps::kLinkLife);
  EXPECT_THAT(kinds(customer.interview), Contains("follow_up_created"));
  EXPECT_THAT(outbox_types(made->interview.id), ElementsAre("interview.follow_up_created"));
  EXPECT_EQ(follow_ups().create(agent(ann_), id)->interview.id, made->interview.id) << "one at a time";

  CustomerEntry entry(*core_);
  const auto opened = entry.open(token_of(made->customer_link), false);
  ASSERT_TRUE(opened) << opened.error().code;
  EXPECT_EQ(opened->state.interview, made->interview.id);
  EXPECT_FALSE(opened->state.consent_given) << "every recording is agreed to by itself";
  const auto sections = Calls(*core_).agent_interview(agent(ann_), made->interview.id.str())->sections;
  EXPECT_EQ(sections.at(0).title, "订单");
}

TEST_F(AgentDay, WhatThereWasOfABusinessIsShownToThoseWhoMaySeeIt) {
  const Caller first = talk(ann_);
  conclude(ann_, first.interview, domain::OutcomeKind::needs_supplement);
  ASSERT_TRUE(Desk(*core_).finish_wrap_up(agent(ann_)));
  clock_.advance(1s);
  const Caller second = talk(ann_);
  const auto others = follow_ups().others(agent(ann_), second.interview.str()).value();
  ASSERT_THAT(others, SizeIs(1));
  EXPECT_EQ(others.front().id, first.interview);
  EXPECT_EQ(others.front().outcome->reason, "资料不全");
  EXPECT_THAT(follow_ups().others(agent(bob_), second.interview.str()).value(), SizeIs(1));
  EXPECT_EQ(code_of(follow_ups().others(outsider(), second.interview.str())), "interview.unknown");
  EXPECT_EQ(code_of(follow_ups().others(foreign_agent(), second.interview.str())), "interview.unknown");
  EXPECT_EQ(code_of(follow_ups().others(second, second.interview.str())), "auth.wrong_role");
  // Who may see only one of them is not told of the other.
  const Caller cleo = outsider();
  execute("UPDATE interviews SET last_agent_id = :id WHERE id = :interview",
          {{"id", cleo.id}, {"interview", first.interview}});
  EXPECT_THAT(follow_ups().others(cleo, first.interview.str()).value(), IsEmpty());
}

TEST_F(AgentDay, TheOrderIsAskedForAnewAndAFailureLeavesWhatWasThere) {
  NewInterview wanted_order = wanted();
  wanted_order.order_endpoint = "https://bank.example/orders";
  std::string body = R"({"allowed":true,"sections":[{"kind":"order","fields":[{"label":"额度","value":"1"}]}]})";
  unsigned answer_status = 200;
  outgoing_.answer = [&](const OutgoingRequest&) -> Result<OutgoingResponse> {
    return OutgoingResponse{answer_status, "application/json", body};
  };
  online(ann_);
  const Caller customer = enter(wanted_order);
  ASSERT_TRUE(CustomerSteps(*core_).enter_queue(customer));
  const std::string id = customer.interview.str();
  ASSERT_TRUE(Desk(*core_).answer(agent(ann_), id));
  EXPECT_TRUE(seen_by(ann_, customer.interview).can_refresh_order);
  Orders orders(*core_);
  body = R"({"allowed":true,"sections":[{"kind":"order","fields":[{"label":"额度","value":"2"}]}]})";
  EXPECT_EQ(code_of(orders.refresh(agent(bob_), id)), "interview.not_yours");
  EXPECT_EQ(orders.refresh(agent(ann_), id)->sections.at(0).fields.at(0).value, "2");
  EXPECT_EQ(code_of(orders.refresh(agent(ann_), id)), "order.too_soon");

  const struct {
    unsigned status;
    const char* body;
    const char* code;
    const char* param;
  } cases[]{{500, "", "order.unavailable", "500"},
            {200, "<html>", "order.unavailable", "malformed"},
            {200, R"({"allowed":false,"message":"已撤单"})", "interview.not_allowed", "已撤单"}};
  for (const auto& each : cases) {
    advance(Orders::kPause);
    answer_status = each.status;
    body = each.body;
    const auto failed = orders.refresh(agent(ann_), id);
    ASSERT_EQ(code_of(failed), each.code);
    ASSERT_THAT(failed.error().params, SizeIs(1));
    EXPECT_EQ(failed.error().params.front().second, each.param);
    EXPECT_EQ(seen_by(ann_, customer.interview).sections.at(0).fields.at(0).value, "2");
  }
  EXPECT_EQ(std::ranges::count(kinds(customer.interview), "order_refresh_failed"), 3);

  const Caller without = enter();
  execute("UPDATE interviews SET last_agent_id = :a WHERE id = :i", {{"a", ann_}, {"i", without.interview}});
  EXPECT_EQ(code_of(orders.refresh(agent(ann_), without.interview.str())), "order.no_endpoint");
}

TEST_F(AgentDay, AnOrderThatIsBeingAskedForIsNotAskedForASecondTime) {
  NewInterview wanted_order = wanted();
  wanted_order.order_endpoint = "https://bank.example/orders";
  Orders orders(*core_);
  std::string meanwhile;
  bool pressed_again = false;
  const auto answers = [](const OutgoingRequest&) -> Result<OutgoingResponse> {
    return OutgoingResponse{200, "application/json", R"({"allowed":true,"sections":[]})"};
  };
  outgoing_.answer = answers;
  online(ann_);
  const Caller customer = enter(wanted_order);
  ASSERT_TRUE(CustomerSteps(*core_).enter_queue(customer));
  const std::string id = customer.interview.str();
  ASSERT_TRUE(Desk(*core_).answer(agent(ann_), id));
  const std::size_t asked_before = outgoing_.sent.size();
  outgoing_.answer = [&](const OutgoingRequest& request) {
    // The endpoint takes its time, and the button is pressed in another place.
    if (!std::exchange(pressed_again, true)) meanwhile = code_of(orders.refresh(agent(ann_), id));
    return answers(request);
  };
  EXPECT_TRUE(orders.refresh(agent(ann_), id));
  EXPECT_EQ(meanwhile, "order.too_soon");
  EXPECT_EQ(outgoing_.sent.size(), asked_before + 1);
  EXPECT_EQ(std::ranges::count(kinds(customer.interview), "order_refreshed"), 1);
  advance(Orders::kPause);
  EXPECT_TRUE(orders.refresh(agent(ann_), id)) << "what was asked and answered no longer stands in the way";
  EXPECT_EQ(outgoing_.sent.size(), asked_before + 2);
}

TEST_F(AgentDay, TheAgentSeesToWhatTheCustomerAgreedAndWithWhichDevice) {
  const Caller customer = talk(ann_);
  const auto consent = seen_by(ann_, customer.interview).consent;
  ASSERT_TRUE(consent);
  EXPECT_EQ(consent->user_agent, "UA");
  EXPECT_FALSE(consent->text_version.empty());
}

}  // namespace
}  // namespace tw::service
