// After the interview: the receipt, what the integrator and the customer are told, how content the customer was.
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <utility>

#include "crypto/digest.hpp"
#include "domain/receipt.hpp"
#include "service/after_views.hpp"
#include "service/interviews_test_support.hpp"
#include "service/return_address.hpp"
#include "service/satisfaction.hpp"

namespace tw::service {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

namespace json = boost::json;

class After : public InterviewsTest {
 protected:
  [[nodiscard]] CustomerState state(const Caller& customer) { return CustomerSteps(*core_).state(customer).value(); }
  [[nodiscard]] InterviewView seen(const Caller& caller, const InterviewId& id) {
    return Interviews(*core_).get(caller, id.str()).value();
  }
  void conclude(const Caller& customer, domain::OutcomeKind kind, const std::string& reason = "") {
    const auto done = Conclude(*core_).conclude(agent(ann_), customer.interview.str(), {kind, reason});
    ASSERT_TRUE(done) << done.error().code;
  }
  void rules(bool sees_outcome, bool tell_reason, bool ask_satisfaction) {
    execute("UPDATE tenants SET customer_sees_outcome = :s, tell_reason = :r, ask_satisfaction = :a WHERE id = :id",
            {{"s", sees_outcome}, {"r", tell_reason}, {"a", ask_satisfaction}, {"id", tenant_}});
  }
  std::string rate(const Caller& customer, std::int64_t score, const std::string& comment = "") {
    return code_of(Satisfaction(*core_).give(customer, score, comment));
  }
  /// The payloads of this type, oldest first.
  std::vector<std::string> told(const InterviewId& id, const std::string& type) {
    return database_
        ->read([&](store::Connection& connection) -> Result<std::vector<std::string>> {
          std::vector<std::string> payloads;
          for (const auto& row : connection.query(
                   "SELECT payload_json FROM outbox WHERE interview_id = :id AND type = :type ORDER BY at, id",
                   {{"id", id}, {"type", type}})) {
            payloads.push_back(row.text(0));
          }
          return payloads;
        })
        .value();
  }
  void run_jobs() {
    for (auto& job : std::exchange(jobs_, {})) job();
  }
};

TEST_F(After, EveryEndGivesAReceiptOnceAndByItTheInterviewIsFound) {
  const Caller customer = talk(ann_);
  EXPECT_EQ(state(customer).receipt_number, "");
  conclude(customer, domain::OutcomeKind::passed);
  const std::string receipt = state(customer).receipt_number;
  EXPECT_EQ(domain::parse_receipt_number(receipt), receipt);
  EXPECT_EQ(read(customer.interview).receipt_number, receipt);
  ASSERT_TRUE(Desk(*core_).finish_wrap_up(agent(ann_)));

  const Caller left = queue();
  ASSERT_TRUE(CustomerSteps(*core_).leave(left));
  EXPECT_NE(state(left).receipt_number, "");
  EXPECT_NE(state(left).receipt_number, receipt);

  InterviewFilter filter;
  filter.receipt_number = receipt;
  const auto found = Interviews(*core_).list(administrator(), filter, {}).value();
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_EQ(found.items[0].id, customer.interview);
  EXPECT_TRUE(Interviews(*core_).list(stranger(), filter, {}).value().items.empty()) << "another company's";
  EXPECT_EQ(number("SELECT COUNT(DISTINCT receipt_number) FROM interviews WHERE receipt_number <> ''"), 2);
}

TEST_F(After, TheSignedCallCarriesPlaceRecordingAndPhotosWithTheirHashesAndSaysThatFacesAreNotThere) {
  const Caller customer = talk(ann_);
  ASSERT_TRUE(Photos(*core_).take(agent(ann_), customer.interview.str(), {"portrait", "cloud", {}}));
  run_jobs();
  conclude(customer, domain::OutcomeKind::rejected, "证件模糊");
  const auto payloads = told(customer.interview, "interview.exited");
  ASSERT_EQ(payloads.size(), 1U);
  const json::object data = json::parse(payloads[0]).as_object();
  EXPECT_EQ(data.at("receiptNumber").as_string(), state(customer).receipt_number);
  EXPECT_EQ(data.at("endReason").as_string(), "concluded");
  EXPECT_EQ(data.at("outcome").at("reason").as_string(), "证件模糊") << "the integrator's server is told everything";
  const json::object& exit = data.at("exit").as_object();
  EXPECT_EQ(exit.at("latitudeLongitude").as_string(), "31.230400,121.473700");
  EXPECT_FALSE(exit.at("locationInformation").as_string().empty());
  const json::object& recording = exit.at("recording").as_object();
  EXPECT_FALSE(recording.at("path").as_string().empty());
  EXPECT_EQ(recording.at("url").as_string(), "/api/v1/interviews/" + customer.interview.str() + "/recording");
  ASSERT_EQ(exit.at("photos").as_array().size(), 1U) << "though the outcome is not passed";
  const json::object& photo = exit.at("photos").at(0).as_object();
  EXPECT_EQ(photo.at("sha256").as_string().size(), 64U);
  EXPECT_EQ(photo.at("watermarkedSha256").as_string().size(), 64U);
  EXPECT_THAT(std::string(photo.at("originalUrl").as_string()), HasSubstr("/photos/"));
  EXPECT_EQ(exit.at("faces"), json::value({{"available", false}, {"results", json::array()}}));
  EXPECT_EQ(seen(api_key(), customer.interview).exit->photos.size(), 1U);
}

TEST_F(After, TheExitIsToldOnceTheLastPhotoIsMadeOrGivenUp) {
  const Caller customer = talk(ann_);
  ASSERT_TRUE(Photos(*core_).take(agent(ann_), customer.interview.str(), {"portrait", "cloud", {}}));
  ASSERT_TRUE(Photos(*core_).take(agent(ann_), customer.interview.str(), {"id_front", "local", {}}));
  conclude(customer, domain::OutcomeKind::passed);
  EXPECT_THAT(outbox_types(customer.interview), Contains("interview.ended"));
  EXPECT_THAT(outbox_types(customer.interview), Not(Contains("interview.exited"))) << "two photos are being made";
  run_jobs();
  EXPECT_THAT(outbox_types(customer.interview), Not(Contains("interview.exited"))) << "a device is asked for one";
  advance(31s);
  const auto payloads = told(customer.interview, "interview.exited");
  ASSERT_EQ(payloads.size(), 1U);
  EXPECT_EQ(json::parse(payloads[0]).at("exit").at("photos").as_array().size(), 1U);
}

TEST_F(After, ARestartGivesUpWhatWasBeingMadeAndTellsTheExit) {
  const Caller customer = talk(ann_);
  ASSERT_TRUE(Photos(*core_).take(agent(ann_), customer.interview.str(), {"portrait", "cloud", {}}));
  conclude(customer, domain::OutcomeKind::passed);
  EXPECT_THAT(outbox_types(customer.interview), Not(Contains("interview.exited")));
  restart();
  jobs_.clear();
  ASSERT_TRUE(Recovery(*core_).run());
  ASSERT_EQ(told(customer.interview, "interview.exited").size(), 1U);
}

TEST_F(After, WhoNobodyTalkedWithExitsAsWell) {
  const Caller customer = queue();
  ASSERT_TRUE(CustomerSteps(*core_).leave(customer));
  const auto payloads = told(customer.interview, "interview.exited");
  ASSERT_EQ(payloads.size(), 1U);
  const json::value data = json::parse(payloads[0]);
  EXPECT_EQ(data.at("endReason").as_string(), "left_queue");
  EXPECT_FALSE(data.at("exit").as_object().contains("recording"));
  EXPECT_TRUE(data.at("exit").at("photos").as_array().empty());
}

struct Told {
  bool sees_outcome;
  bool tell_reason;
  bool outcome;
  bool reason;
};
class AfterTold : public After, public ::testing::WithParamInterface<Told> {};
INSTANTIATE_TEST_SUITE_P(Settings, AfterTold,
                         ::testing::Values(Told{false, false, false, false}, Told{false, true, false, false},
                                           Told{true, false, true, false}, Told{true, true, true, true}));

TEST_P(AfterTold, TheCustomerLearnsOfTheDecisionWhatTheCompanyTells) {
  rules(GetParam().sees_outcome, GetParam().tell_reason, false);
  const Caller customer = talk(ann_);
  ASSERT_TRUE(Desk(*core_).hang_up(agent(ann_), customer.interview.str()));
  EXPECT_EQ(state(customer).outcome_pending, GetParam().outcome);
  conclude(customer, domain::OutcomeKind::rejected, "证件模糊");
  const CustomerState after = state(customer);
  EXPECT_EQ(after.outcome.has_value(), GetParam().outcome);
  EXPECT_EQ(after.outcome_reason, GetParam().reason ? "证件模糊" : "");
  EXPECT_FALSE(after.outcome_pending);
  EXPECT_THAT(after.signed_exit, Not(HasSubstr("rejected")));
}

TEST_F(After, WhatThePageCarriesIsSignedAndSaysNothingOfTheDecision) {
  rules(true, true, false);
  const Caller customer = talk(ann_);
  EXPECT_EQ(state(customer).signed_exit, "");
  conclude(customer, domain::OutcomeKind::rejected, "fraud");
  const CustomerState after = state(customer);
  EXPECT_EQ(after.return_url, "") << "no address was given";
  const std::size_t sign = after.signed_exit.find("&sign=");
  ASSERT_NE(sign, std::string::npos);
  const std::string signed_part = after.signed_exit.substr(0, sign);
  EXPECT_THAT(signed_part, HasSubstr("interview=" + customer.interview.str() + "&endReason=concluded&time="));
  EXPECT_THAT(signed_part, HasSubstr("&place=31.230400%2C121.473700&receipt=" + after.receipt_number));
  EXPECT_THAT(after.signed_exit, Not(HasSubstr("fraud")));
  const std::string secret = return_secret(*tenant_keys_.of(tenant_));
  EXPECT_EQ(after.signed_exit.substr(sign + 6), to_base64url(hmac_sha256(as_bytes(secret), as_bytes(signed_part))));
}

TEST_F(After, TheCustomerSaysOnceHowContentTheyWere) {
  rules(false, false, true);
  const Caller customer = talk(ann_);
  EXPECT_FALSE(state(customer).satisfaction);
  EXPECT_EQ(rate(customer, 5), "interview.not_ended");
  conclude(customer, domain::OutcomeKind::passed);
  ASSERT_TRUE(state(customer).satisfaction);
  EXPECT_FALSE(state(customer).satisfaction->score);
  for (const std::int64_t wrong : {0, 6, -1}) EXPECT_EQ(rate(customer, wrong), "field.invalid");
  std::string long_comment;
  for (std::size_t i = 0; i <= Satisfaction::kMostCommentCharacters; ++i) long_comment += "好";
  EXPECT_EQ(rate(customer, 4, long_comment), "field.invalid");
  EXPECT_EQ(rate(customer, 4, "\xFF"), "field.invalid");
  EXPECT_EQ(number("SELECT COUNT(*) FROM satisfaction"), 0) << "what was refused changed nothing";

  EXPECT_EQ(rate(customer, 4, long_comment.substr(0, long_comment.size() - 3)), "");
  EXPECT_EQ(rate(customer, 1, "changed my mind"), "satisfaction.given");
  EXPECT_EQ(state(customer).satisfaction->score, 4);
  EXPECT_EQ(seen(administrator(), customer.interview).satisfaction->score, 4);
  EXPECT_EQ(seen(api_key(), customer.interview).satisfaction->score, 4);
  EXPECT_FALSE(seen(agent(ann_), customer.interview).satisfaction) << "so that customers may be frank";
  EXPECT_THAT(kinds(customer.interview), Contains("satisfaction_given"));
  EXPECT_EQ(number("SELECT COUNT(*) FROM timeline WHERE data_json LIKE '%好%'"), 0) << "the chain never forgets";
  const auto payloads = told(customer.interview, "interview.rated");
  ASSERT_EQ(payloads.size(), 1U);
  EXPECT_EQ(json::parse(payloads[0]).at("satisfaction").at("score").as_int64(), 4);
}

TEST_F(After, NobodyElseSaysItAndNotForEver) {
  rules(false, false, true);
  const Caller customer = talk(ann_);
  conclude(customer, domain::OutcomeKind::passed);
  EXPECT_EQ(rate(agent(ann_), 5), "auth.wrong_role");
  EXPECT_EQ(rate(administrator(), 5), "auth.wrong_role");
  EXPECT_EQ(rate(api_key(), 5), "auth.wrong_role");
  Caller foreign = customer;
  foreign.tenant = stranger().tenant;
  EXPECT_EQ(rate(foreign, 5), "interview.unknown");
  clock_.advance(kSatisfactionOpenFor);
  EXPECT_EQ(rate(customer, 5), "satisfaction.closed");
  EXPECT_FALSE(state(customer).satisfaction);
}

TEST_F(After, NobodyIsAskedWhereTheCompanyDoesNotAskOrNobodyTalked) {
  const Caller customer = talk(ann_);
  conclude(customer, domain::OutcomeKind::passed);
  EXPECT_FALSE(state(customer).satisfaction);
  EXPECT_EQ(rate(customer, 5), "satisfaction.not_asked");
  rules(false, false, true);
  ASSERT_TRUE(Desk(*core_).finish_wrap_up(agent(ann_)));
  ASSERT_TRUE(Desk(*core_).set_presence(agent(ann_), domain::Presence::offline));
  const Caller left = queue();
  ASSERT_TRUE(CustomerSteps(*core_).leave(left));
  EXPECT_FALSE(state(left).satisfaction);
  EXPECT_EQ(rate(left, 5), "satisfaction.not_asked");
}

}  // namespace
}  // namespace tw::service
