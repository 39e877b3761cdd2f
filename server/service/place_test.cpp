#include <gtest/gtest.h>

#include <algorithm>

#include "place/table_test_support.hpp"
#include "service/accounts/admin_place_provider.hpp"
#include "service/interviews_test_support.hpp"

namespace tw::service {
namespace {

using domain::PlaceStatus;

constexpr const char* kUrl = "https://geo.example/v1?at={longitude},{latitude}&key={key}";

/// A customer who has consented, a table that knows Shanghai, and a geocoder that may be set.
class PlaceTest : public InterviewsTest {
 protected:
  PlaceTest() {
    Ports ports = core_->ports();
    ports.gazetteer = &table_;
    core_ = std::make_unique<Core>(std::move(ports), core_->settings());
    steps_ = std::make_unique<CustomerSteps>(*core_);
    customer_ = enter();
    outgoing_.answer = [this](const OutgoingRequest&) -> Result<OutgoingResponse> { return answer_; };
  }
  std::string tell(const PlaceReport& report) { return code_of(steps_->place(customer_, report)); }
  PlaceView told(const PlaceReport& report) {
    const auto state = steps_->place(customer_, report);
    EXPECT_TRUE(state) << state.error().message;
    return state && state->place ? *state->place : PlaceView{};
  }
  void set_provider(const std::string& url = kUrl, const std::string& key = "s3cret") {
    ASSERT_TRUE(provider_.set(administrator(), {{url, "/address"}, key}));
  }

  const Bytes bytes_ = place::make_table({"中国"}, {"上海市"}, {{{31.22222, 121.45806}, "上海市", 0, 0}});
  const place::Gazetteer table_ = place::Gazetteer::parse(bytes_).value();
  Result<OutgoingResponse> answer_ =
      OutgoingResponse{200, "application/json", R"({"address":"上海市黄浦区外滩 1 号"})"};
  AdminPlaceProvider provider_{context_, outgoing_, true};
  std::unique_ptr<CustomerSteps> steps_;
  Caller customer_;
  const PlaceReport bund_{PlaceStatus::given, 31.238, 121.49, 15.0};
};

TEST_F(PlaceTest, WithoutAGeocoderTheTableOfTownsAnswers) {
  const PlaceView place = told(bund_);
  EXPECT_EQ(place.address, "中国上海市附近");
  EXPECT_EQ(place.address_source, "offline");
  EXPECT_EQ(place.location_information, "中国上海市附近");
  EXPECT_EQ(place.latitude_longitude, "31.238000,121.490000");
  EXPECT_EQ(place.accuracy_m, 15.0);
  ASSERT_TRUE(place.at);
  EXPECT_EQ(to_rfc3339(*place.at), to_rfc3339(core_->now()));
  EXPECT_TRUE(outgoing_.sent.empty());
  EXPECT_EQ(told({PlaceStatus::given, 0.0, -140.0, 15.0}).location_information, "0.000000,-140.000000") << "the sea";
}

TEST_F(PlaceTest, TheCompanysGeocoderIsAskedWithItsKey) {
  set_provider();
  const PlaceView place = told(bund_);
  EXPECT_EQ(place.address, "上海市黄浦区外滩 1 号");
  EXPECT_EQ(place.address_source, "provider");
  ASSERT_EQ(outgoing_.sent.size(), 1U);
  EXPECT_EQ(outgoing_.sent[0].url, "https://geo.example/v1?at=121.490000,31.238000&key=s3cret");
  EXPECT_EQ(outgoing_.sent[0].method, "GET");
}

TEST_F(PlaceTest, AGeocoderThatFailsIsLeftAloneForAWhile) {
  set_provider();
  answer_ = fail(ErrorKind::unavailable, "outgoing.timeout", "Too slow.");
  EXPECT_EQ(told(bund_).address_source, "offline");
  answer_ = OutgoingResponse{200, "application/json", R"({"address":"again"})"};
  EXPECT_EQ(told(bund_).address_source, "offline");
  EXPECT_EQ(outgoing_.sent.size(), 1U);
  clock_.advance(PlaceAddresses::kPauseAfterFailure);
  EXPECT_EQ(told(bund_).address, "again");
  answer_ = OutgoingResponse{500, "", ""};
  EXPECT_EQ(told(bund_).address_source, "offline");
  EXPECT_EQ(told(bund_).address_source, "offline");
  EXPECT_EQ(outgoing_.sent.size(), 3U);
}

TEST_F(PlaceTest, AnAnswerWithoutAnAddressIsNoFailure) {
  set_provider();
  answer_ = OutgoingResponse{200, "application/json", R"({"address":[]})"};
  EXPECT_EQ(told(bund_).address_source, "offline");
  EXPECT_EQ(told(bund_).address_source, "offline");
  EXPECT_EQ(outgoing_.sent.size(), 2U);
}

TEST_F(PlaceTest, NobodyOutsideIsAskedForAPlaceThatIsNotTaken) {
  set_provider();
  execute("UPDATE tenants SET place_asked = 0");
  EXPECT_EQ(tell(bund_), "place.not_asked");
  execute("UPDATE tenants SET place_asked = 1");
  ASSERT_TRUE(steps_->leave(customer_));
  EXPECT_EQ(tell(bund_), "interview.ended");
  EXPECT_TRUE(outgoing_.sent.empty());
}

TEST_F(PlaceTest, APlaceIsToldOnlySoOften) {
  set_provider();
  for (std::size_t told_before = 1; told_before < CustomerSteps::kMostPlaces; ++told_before) {
    ASSERT_EQ(tell(bund_), "") << told_before;
  }
  EXPECT_EQ(tell(bund_), "place.too_often");
  EXPECT_EQ(tell({PlaceStatus::refused, {}, {}, {}}), "place.too_often");
  EXPECT_EQ(outgoing_.sent.size(), CustomerSteps::kMostPlaces - 1);
}

TEST_F(PlaceTest, WhyThereIsNoneIsKept) {
  const PlaceView refused = told({PlaceStatus::refused, {}, {}, {}, "inaccurate"});
  EXPECT_EQ(refused.reason, "inaccurate");
  EXPECT_FALSE(refused.latitude);
  EXPECT_EQ(refused.location_information, "");
  const PlaceView unavailable = told({PlaceStatus::unavailable, 31.0, 121.0, {}, "timed_out"});
  EXPECT_EQ(unavailable.reason, "timed_out");
  EXPECT_FALSE(unavailable.latitude) << "what was not given is not kept";
}

TEST_F(PlaceTest, WhereNoPlaceIsAskedForTheCustomerGoesOn) {
  execute("UPDATE tenants SET place_asked = 0");
  const auto created = Interviews(*core_).create(api_key(), wanted()).value();
  CustomerEntry entry(*core_);
  const Caller entered = entry.find_session(entry.open(token_of(created.customer_link), false)->token).value();
  Connections(*core_).customer_socket_opened(entered);
  consent(entered);
  const auto state = steps_->state(entered);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->place_policy, "off");
  EXPECT_TRUE(state->place_given);
  EXPECT_FALSE(state->place);
  EXPECT_TRUE(steps_->enter_queue(entered));
}

TEST_F(PlaceTest, OnlyAdministratorsSetTheGeocoderAndTheKeyIsNeverShown) {
  for (const Caller& other : {agent_caller(), api_key(), customer_}) {
    EXPECT_EQ(code_of(provider_.read(other)), "auth.wrong_role");
    EXPECT_EQ(code_of(provider_.set(other, {{kUrl, "/address"}, "s3cret"})), "auth.wrong_role");
    EXPECT_EQ(code_of(provider_.remove(other)), "auth.wrong_role");
  }
  EXPECT_FALSE(provider_.read(administrator())->provider);
  set_provider();
  const auto settings = provider_.read(administrator());
  ASSERT_TRUE(settings && settings->provider);
  EXPECT_EQ(settings->provider->url, kUrl);
  EXPECT_TRUE(settings->has_key);
  EXPECT_EQ(number("SELECT COUNT(*) FROM place_providers WHERE sealed_key LIKE '%s3cret%' OR sealed_key = ''"), 0);
  EXPECT_EQ(number("SELECT COUNT(*) FROM audit WHERE data_json LIKE '%s3cret%' OR data_json LIKE '%{key}%'"), 0);
  EXPECT_FALSE(provider_.read(stranger())->provider) << "another company's";
  set_provider("https://other.example/{latitude}/{longitude}", "");
  EXPECT_FALSE(provider_.read(administrator())->has_key) << "an address is not changed under a key";
  ASSERT_TRUE(provider_.remove(administrator()));
  ASSERT_TRUE(provider_.remove(administrator()));
  EXPECT_FALSE(provider_.read(administrator())->provider);
  const auto actions = audit_actions();
  EXPECT_EQ(std::count(actions.begin(), actions.end(), "place_provider.changed"), 2);
  EXPECT_EQ(std::count(actions.begin(), actions.end(), "place_provider.removed"), 1);
}

}  // namespace
}  // namespace tw::service
