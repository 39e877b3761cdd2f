#include "service/accounts/idempotency.hpp"

#include "service/accounts/accounts_test_support.hpp"

namespace tw::service {
namespace {

using namespace std::chrono_literals;

class IdempotencyTest : public AccountsTest {
 protected:
  Result<std::optional<Idempotency::Answer>> begin(const std::string& key, const std::string& body = "{}") {
    return idempotency_.begin(api_key(), key, "POST", "/api/v1/interviews", body);
  }
  Idempotency idempotency_{context_};
};

TEST_F(IdempotencyTest, TheFirstAnswerIsGivenAgainForADay) {
  const auto first = begin("k-1");
  ASSERT_TRUE(first);
  EXPECT_FALSE(*first);
  ASSERT_TRUE(idempotency_.finish(api_key(), "k-1", {201, R"({"secret":"面签"})"}));
  for (const auto later : {0s, std::chrono::seconds{23h + 59min}}) {
    clock_.advance(later);
    const auto again = begin("k-1");
    ASSERT_TRUE(again && *again);
    EXPECT_EQ((*again)->status, 201u);
    EXPECT_EQ((*again)->body, R"({"secret":"面签"})");
  }
  clock_.advance(1min);
  EXPECT_FALSE(begin("k-1").value()) << "forgotten after a day";
}

TEST_F(IdempotencyTest, AnotherRequestUnderTheSameKeyIsAConflict) {
  ASSERT_TRUE(begin("k-1"));
  EXPECT_EQ(code_of(begin("k-1", R"({"other":1})")), "idempotency.conflict");
  ASSERT_TRUE(idempotency_.finish(api_key(), "k-1", {201, "{}"}));
  EXPECT_EQ(code_of(begin("k-1", R"({"other":1})")), "idempotency.conflict");
  EXPECT_EQ(code_of(idempotency_.begin(api_key(), "k-1", "POST", "/api/v1/agent-links", "{}")), "idempotency.conflict");
  EXPECT_TRUE(begin("k-1").value());
}

TEST_F(IdempotencyTest, WhileTheFirstIsAtWorkOthersWait) {
  ASSERT_TRUE(begin("k-1"));
  EXPECT_EQ(code_of(begin("k-1")), "idempotency.running");
  clock_.advance(Idempotency::kGivenUpAfter - 1s);
  EXPECT_EQ(code_of(begin("k-1")), "idempotency.running");
  clock_.advance(1s);
  EXPECT_FALSE(begin("k-1").value()) << "the first was lost in a crash";
  EXPECT_EQ(code_of(begin("k-1")), "idempotency.running");
}

TEST_F(IdempotencyTest, AnAbandonedOneMayBeTriedAgainAFinishedOneStays) {
  ASSERT_TRUE(begin("k-1"));
  idempotency_.abandon(api_key(), "k-1");
  EXPECT_FALSE(begin("k-1").value());
  ASSERT_TRUE(idempotency_.finish(api_key(), "k-1", {201, "{}"}));
  idempotency_.abandon(api_key(), "k-1");
  EXPECT_TRUE(begin("k-1").value());
}

TEST_F(IdempotencyTest, KeysAreTheCallersOwn) {
  ASSERT_TRUE(begin("k-1"));
  EXPECT_FALSE(idempotency_.begin(administrator(), "k-1", "POST", "/x", "").value());
  EXPECT_FALSE(idempotency_.begin(stranger(), "k-1", "POST", "/x", "").value());
}

TEST_F(IdempotencyTest, AnswersAreSealedAtRest) {
  ASSERT_TRUE(begin("k-1"));
  ASSERT_TRUE(idempotency_.finish(api_key(), "k-1", {201, "whsec_very_secret"}));
  EXPECT_EQ(
      number("SELECT COUNT(*) FROM idempotency_keys WHERE sealed_answer LIKE '%very_secret%' OR key_hash = 'k-1'"), 0);
}

TEST_F(IdempotencyTest, WhatIsNoKeyIsRefused) {
  for (const std::string& key : {std::string(), std::string(129, 'x'), std::string("a\nb"), std::string("键")}) {
    EXPECT_EQ(code_of(begin(key)), "field.invalid");
  }
  EXPECT_TRUE(begin(std::string(128, 'x')));
}

TEST_F(IdempotencyTest, AnAnswerThatIsTooLargeFreesTheKey) {
  ASSERT_TRUE(begin("k-1"));
  EXPECT_EQ(code_of(idempotency_.finish(api_key(), "k-1", {200, std::string(Idempotency::kMostBodyBytes + 1, 'x')})),
            "idempotency.answer_too_large");
  EXPECT_FALSE(begin("k-1").value());
}

}  // namespace
}  // namespace tw::service
