#include "service/interviews.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "crypto/digest.hpp"
#include "domain/timeline.hpp"
#include "service/accounts/admin_tenant.hpp"
#include "service/interviews_test_support.hpp"
#include "store/interviews.hpp"

namespace tw::service {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class InterviewUseCases : public InterviewsTest {
 protected:
  Interviews interviews_{*core_};
  CustomerEntry entry_{*core_};
  CustomerSteps steps_{*core_};
  Desk desk_{*core_};
};

TEST_F(InterviewUseCases, AnInterviewGoesFromTheLinkToItsOutcomeWithTimelineAndOutbox) {
  const Caller customer = talk(ann_);
  const InterviewId id = customer.interview;
  EXPECT_TRUE(rooms_.is_recording(id));
  const auto seen = Calls(*core_).agent_interview(agent(ann_), id.str()).value();
  EXPECT_EQ(seen.sections.at(0).title, "订单");
  ASSERT_TRUE(seen.media);
  EXPECT_EQ(seen.media->watch_url, "/api/v1/media/" + id.str() + "/whep/customer/camera");
  EXPECT_EQ(seen.media->ice_servers.at(1).username, "me");
  EXPECT_EQ(seen.customer_connection, domain::ConnectionState::connected);
  EXPECT_EQ(steps_.state(customer)->agent_name, "Agent ann");

  advance(21s);
  const auto concluded =
      Conclude(*core_).conclude(agent(ann_), id.str(), {domain::OutcomeKind::passed, "never shown"}).value();
  const OutcomeView& outcome = concluded.interview.outcome.value();
  EXPECT_FALSE(outcome.reason);
  EXPECT_EQ(outcome.recording_path, seen.interview.recording->path);
  EXPECT_EQ(outcome.recording_name, seen.interview.recording->name);
  EXPECT_EQ(outcome.duration_ms, 21'000);
  EXPECT_EQ(outcome.agent_name, "Agent ann");
  EXPECT_EQ(outcome.place->latitude_longitude, "31.230400,121.473700");
  EXPECT_TRUE(outcome.photos);
  EXPECT_FALSE(rooms_.is_open(id));
  EXPECT_EQ(status(customer), "ended");

  EXPECT_THAT(kinds(id), ElementsAre("created", "entered", "consent_given", "place_given", "queued", "ringing",
                                     "answered", "concluded", "ended"));
  EXPECT_THAT(outbox_types(id), UnorderedElementsAre("interview.queued", "interview.answered", "interview.concluded",
                                                     "interview.ended", "interview.exited"));
  const auto payload = database_->read([&](store::Connection& c) -> Result<std::string> {
    return c.first("SELECT payload_json FROM outbox WHERE type = 'interview.concluded'")->text(0);
  });
  const auto object = boost::json::parse(*payload).as_object();
  EXPECT_EQ(object.at("id").as_string(), id.str());
  EXPECT_EQ(object.at("businessId").as_string(), "B-1");
  EXPECT_EQ(object.at("outcome").as_object().at("kind").as_string(), "passed");

  const auto entries = database_->read([&](store::Connection& c) -> Result<std::vector<domain::TimelineEntry>> {
    return store::interviews::timeline(c, tenant_, id);
  });
  EXPECT_EQ(domain::first_broken(*entries), std::nullopt);
  EXPECT_EQ(desk_.state(agent(ann_))->activity, domain::Activity::wrapping_up);
  EXPECT_EQ(desk_.finish_wrap_up(agent(ann_))->activity, domain::Activity::idle);
}

TEST_F(InterviewUseCases, TheOtherOutcomesCarryTheirReasonAndNothingOfTheRecording) {
  const Caller customer = talk(ann_);
  Conclude conclude(*core_);
  const std::string id = customer.interview.str();
  EXPECT_EQ(code_of(conclude.conclude(agent(ann_), id, {domain::OutcomeKind::rejected, ""})),
            "outcome.reason_required");
  EXPECT_EQ(code_of(conclude.conclude(agent(bob_), id, {domain::OutcomeKind::passed, ""})), "interview.not_yours");
  EXPECT_EQ(status(customer), "talking");
  const auto done = conclude.conclude(agent(ann_), id, {domain::OutcomeKind::rejected, "资料不全"}).value();
  const OutcomeView& outcome = done.interview.outcome.value();
  EXPECT_EQ(outcome.reason, "资料不全");
  EXPECT_FALSE(outcome.photos || outcome.recording_path || outcome.recording_name || outcome.duration_ms);
  EXPECT_EQ(code_of(conclude.conclude(agent(ann_), id, {domain::OutcomeKind::passed, ""})), "outcome.already_given");
}

TEST_F(InterviewUseCases, WhatIsWrongIsRefusedAndCreatesNothing) {
  const auto refused = [&](auto change) {
    NewInterview wanted = this->wanted();
    change(wanted);
    return code_of(interviews_.create(api_key(), wanted));
  };
  EXPECT_EQ(refused([](NewInterview& w) { w.queue = "que_01ARZ3NDEKTSV4RRFFQ69G5FAV"; }), "queue.unknown");
  EXPECT_EQ(refused([](NewInterview& w) { w.queue = "nonsense"; }), "queue.unknown");
  EXPECT_EQ(refused([](NewInterview& w) { w.order_endpoint = "http://bank.example/o"; }), "outgoing.not_https");
  EXPECT_EQ(refused([](NewInterview& w) { w.return_url = "https://evil.example/back"; }), "return_url.not_registered");
  EXPECT_EQ(code_of(interviews_.create(agent(ann_), wanted())), "auth.wrong_role");
  rooms_.can_record_now = false;
  EXPECT_EQ(code_of(interviews_.create(api_key(), wanted())), "recording.disk_full");
  rooms_.can_record_now = true;
  core_->start_draining();
  EXPECT_EQ(code_of(interviews_.create(api_key(), wanted())), "server.draining");
  EXPECT_EQ(number("SELECT COUNT(*) FROM interviews"), 0);
  EXPECT_EQ(number("SELECT COUNT(*) FROM customers"), 0);
}

TEST_F(InterviewUseCases, AnotherTenantsIdAnswersLikeAnUnknownOne) {
  const auto created = interviews_.create(api_key(), wanted()).value();
  const Caller other{stranger().tenant, CallerKind::api_key, "key_x", "", {}};
  const auto foreign = interviews_.get(other, created.interview.id.str());
  const auto unknown = interviews_.get(other, "itv_01ARZ3NDEKTSV4RRFFQ69G5FAV");
  const auto malformed = interviews_.get(other, "x' OR 1=1");
  for (const auto* answer : {&foreign, &unknown, &malformed}) {
    ASSERT_FALSE(*answer);
    EXPECT_EQ(answer->error().code, "interview.unknown");
    EXPECT_EQ(answer->error().message, unknown.error().message);
    EXPECT_THAT(answer->error().params, IsEmpty());
  }
  EXPECT_THAT(interviews_.list(other, {}, {})->items, IsEmpty());
}

TEST_F(InterviewUseCases, AnAgentSeesTheInterviewsOfTheirQueuesOnly) {
  const auto created = interviews_.create(api_key(), wanted()).value();
  execute("DELETE FROM user_queues WHERE user_id = :id", {{"id", bob_}});
  EXPECT_TRUE(interviews_.get(agent(ann_), created.interview.id.str()));
  EXPECT_EQ(code_of(interviews_.get(agent(bob_), created.interview.id.str())), "interview.unknown");
  EXPECT_EQ(interviews_.list(agent(ann_), {}, {})->items.size(), 1U);
  EXPECT_THAT(interviews_.list(agent(bob_), {}, {})->items, IsEmpty());
  EXPECT_EQ(code_of(desk_.take(agent(bob_), created.interview.id.str())), "interview.unknown");
}

TEST_F(InterviewUseCases, ListsAreFilteredAndPagedNewestFirst) {
  std::vector<std::string> ids;
  for (int n = 0; n < 5; ++n) {
    clock_.advance(1s);
    NewInterview w = wanted();
    w.business_id = n % 2 == 0 ? "even" : "odd";
    ids.insert(ids.begin(), interviews_.create(api_key(), w)->interview.id.str());
  }
  std::vector<std::string> seen;
  PageRequest page{"", 2};
  do {
    const auto part = interviews_.list(api_key(), {}, page).value();
    for (const auto& view : part.items) seen.push_back(view.id.str());
    page.cursor = part.next_cursor;
  } while (!page.cursor.empty());
  EXPECT_EQ(seen, ids);
  EXPECT_EQ(interviews_.list(api_key(), {"odd", "", {}, {}}, {})->items.size(), 2U);
  EXPECT_THAT(interviews_.list(api_key(), {"", "", domain::Status::talking, {}}, {})->items, IsEmpty());
  EXPECT_EQ(number("SELECT COUNT(*) FROM customers"), 1) << "the same nick name is the same customer";
}

TEST_F(InterviewUseCases, ALinkIsUnknownExpiredOrOver) {
  NewInterview short_lived = wanted();
  short_lived.link_valid_seconds = 60;
  const auto created = interviews_.create(api_key(), short_lived).value();
  const std::string token = token_of(created.customer_link);
  EXPECT_EQ(created.customer_link.url.rfind("https://witness.example/i#t=twl_", 0), 0U);
  EXPECT_EQ(code_of(entry_.open("", false)), "link.unknown");
  EXPECT_EQ(code_of(entry_.open("twl_AAAA.BBBB", false)), "link.unknown");
  EXPECT_EQ(code_of(entry_.open(token.substr(0, token.size() - 4) + "AAAA", false)), "link.unknown");
  const auto fresh = interviews_.customer_link(api_key(), created.interview.id.str()).value();
  advance(61s);
  EXPECT_EQ(code_of(entry_.open(token, false)), "link.expired");
  EXPECT_TRUE(entry_.open(token_of(fresh), false));
  advance(24h);
  EXPECT_EQ(read(created.interview.id).end_reason, domain::EndReason::expired);
  EXPECT_EQ(code_of(interviews_.customer_link(api_key(), created.interview.id.str())), "interview.ended");
}

TEST_F(InterviewUseCases, ASecondDeviceTakesOverAfterConfirming) {
  const auto created = interviews_.create(api_key(), wanted()).value();
  const std::string token = token_of(created.customer_link);
  const auto first = entry_.open(token, false).value();
  const Caller device = entry_.find_session(first.token).value();
  EXPECT_TRUE(entry_.open(token, false)) << "a device that is not connected does not stand in the way";
  const Caller again = entry_.find_session(entry_.open(token, false)->token).value();
  EXPECT_FALSE(entry_.find_session(first.token));
  Connections(*core_).customer_socket_opened(again);
  EXPECT_EQ(code_of(entry_.open(token, false)), "customer.other_device");
  const auto second = entry_.open(token, true).value();
  EXPECT_TRUE(entry_.find_session(second.token));
  EXPECT_NE(again.session, device.session);
  EXPECT_EQ(quiet_.count("taken over"), 3);
  EXPECT_EQ(number("SELECT COUNT(*) FROM customer_sessions WHERE is_active = 1"), 1);
}

TEST_F(InterviewUseCases, TheOrderEndpointDecides) {
  NewInterview w = wanted();
  w.sections.clear();
  w.business_id = "B 1&x";
  w.order_endpoint = "https://bank.example/orders?v=1";
  const std::string token = token_of(interviews_.create(api_key(), w)->customer_link);
  const auto answers = [&](unsigned code, std::string body) {
    outgoing_.answer = [=](const OutgoingRequest&) -> Result<OutgoingResponse> {
      return OutgoingResponse{code, "application/json", body};
    };
  };
  for (const auto& [code, body] : std::vector<std::pair<unsigned, std::string>>{
           {500, R"({"allowed":true})"},
           {200, "nonsense"},
           {200, R"({"allowed":"yes"})"},
           {200, R"({"allowed":true,"sections":[{"kind":"nonsense","fields":[]}]})"}}) {
    answers(code, body);
    EXPECT_EQ(code_of(entry_.open(token, false)), "order.unavailable") << body;
  }
  answers(200, R"({"allowed":false,"message":"该订单已完成"})");
  const auto refused = entry_.open(token, false);
  EXPECT_EQ(code_of(refused), "interview.not_allowed");
  EXPECT_THAT(refused.error().params, ElementsAre(std::pair<std::string, std::string>("message", "该订单已完成")));
  EXPECT_EQ(number("SELECT COUNT(*) FROM customer_sessions"), 0);
  answers(200, R"({"allowed":true,"sections":[{"kind":"borrower","fields":[{"label":"姓名","value":"王某"}]}]})");
  ASSERT_TRUE(entry_.open(token, false));
  EXPECT_EQ(outgoing_.sent.back().url.rfind(
                "https://bank.example/orders?v=1&businessId=B%201%26x&assistId=A-1&interviewId=itv_", 0),
            0U)
      << outgoing_.sent.back().url;
  EXPECT_EQ(number("SELECT COUNT(*) FROM interviews WHERE sections_json LIKE '%王某%'"), 1);
}

TEST_F(InterviewUseCases, TheQueueNeedsConsentToTheTextInForceAndAPlace) {
  execute("UPDATE tenants SET place_policy = 'required'");
  const auto created = interviews_.create(api_key(), wanted()).value();
  const Caller customer = entry_.find_session(entry_.open(token_of(created.customer_link), false)->token).value();
  EXPECT_EQ(code_of(steps_.enter_queue(customer)), "consent.required");
  const ConsentTextView text = steps_.state(customer)->consent_texts.at(0);
  EXPECT_EQ(code_of(steps_.consent(customer, {true, "999", text.sha256, text.language, "", ""})),
            "consent.text_unknown");
  ASSERT_TRUE(steps_.consent(customer, {true, text.version, text.sha256, text.language, "203.0.113.9", "Mozilla"}));
  EXPECT_EQ(
      number(
          "SELECT COUNT(*) FROM interviews WHERE consent_json LIKE '%203.0.113.9%' AND consent_json LIKE '%Mozilla%'"),
      1);
  EXPECT_EQ(code_of(steps_.place(customer, {domain::PlaceStatus::refused, {}, {}, {}})), "place.required");
  EXPECT_EQ(code_of(steps_.place(customer, {domain::PlaceStatus::given, {}, {}, {}})), "field.invalid");
  EXPECT_EQ(code_of(steps_.enter_queue(customer)), "place.missing");
  ASSERT_TRUE(steps_.place(customer, {domain::PlaceStatus::given, 31.0, 121.0, {}}));
  execute("UPDATE queues SET enabled = 0");
  EXPECT_EQ(code_of(steps_.enter_queue(customer)), "queue.closed");
  execute("UPDATE queues SET enabled = 1");
  EXPECT_EQ(steps_.enter_queue(customer)->position, 1);
}

TEST_F(InterviewUseCases, TheReturnAddressIsSignedAndSaysNothingOfTheDecision) {
  execute("UPDATE tenants SET return_origins_json = '[\"https://bank.example\"]'");
  NewInterview w = wanted();
  w.return_url = "https://bank.example/back?order=7#done";
  const Caller customer = enter(w);
  ASSERT_TRUE(steps_.leave(customer));
  const std::string url = steps_.state(customer)->return_url;
  EXPECT_EQ(url.rfind("https://bank.example/back?order=7&interview=itv_", 0), 0U) << url;
  EXPECT_TRUE(url.ends_with("#done"));
  EXPECT_NE(url.find("&endReason=left_queue&"), std::string::npos);
  EXPECT_NE(url.find("&place=31.230400%2C121.473700&"), std::string::npos);
  const std::size_t from = url.find("interview="), sign = url.find("&sign=");
  const std::string signed_text = url.substr(from, sign - from);
  const std::string secret = AdminTenant(context_).read(administrator())->return_secret;
  EXPECT_EQ(secret.size(), 43U) << "256 bits in base64url";
  EXPECT_EQ(url.substr(sign + 6, url.size() - sign - 6 - 5),
            to_base64url(hmac_sha256(as_bytes(secret), as_bytes(signed_text))));
}

TEST_F(InterviewUseCases, QueuesShowWhoWaitsAndWhoIsOnline) {
  (void)queue();
  online(ann_);
  const auto queues = Queues(*core_).list(api_key()).value();
  ASSERT_EQ(queues.size(), 1U);
  EXPECT_EQ(queues.front().waiting, 1);
  EXPECT_EQ(queues.front().agents_online, 1);
  EXPECT_EQ(code_of(Queues(*core_).get(api_key(), "que_01ARZ3NDEKTSV4RRFFQ69G5FAV")), "queue.unknown");
}

}  // namespace
}  // namespace tw::service
