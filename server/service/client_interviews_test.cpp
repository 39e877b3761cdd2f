#include "service/client_interviews.hpp"

#include <algorithm>
#include <thread>

#include "service/accounts/admin_api_keys.hpp"
#include "service/interviews_test_support.hpp"

namespace tw::service {
namespace {

class ClientInterviewsTest : public InterviewsTest {
 protected:
  LoginTokens tokens_{context_};
  Interviews interviews_{*core_};
  ClientInterviews clients_{tokens_, interviews_, "https://sign.bank.example:8443"};
  const ApiKeyId key_ = AdminApiKeys(context_).create(administrator(), "portal").value().key.id;
  const LoginTokens::Scope scope_{company_.account, "B-1", "", "Bank"};

  std::string token(LoginTokens::NewToken wanted = {}) {
    wanted.business_id = "B-1";
    wanted.company_name = "Bank";
    return tokens_.create({tenant_, CallerKind::api_key, key_.str(), {}, {}}, wanted).value().token;
  }
  ClientInterviews::Wanted wanted() const {
    ClientInterviews::Wanted wanted;
    wanted.nick_name = "wang-01";
    wanted.queue = queue_.str();
    return wanted;
  }
  std::int64_t interviews() { return number("SELECT COUNT(*) FROM interviews"); }
};

TEST_F(ClientInterviewsTest, OneOfManyWhoComeAtOnceWithALoginBeginsAnInterview) {
  const std::string token = this->token();
  std::vector<std::string> codes(8);
  std::vector<std::thread> threads;
  for (auto& code : codes) threads.emplace_back([&] { code = code_of(clients_.start(token, scope_, "", wanted())); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::count(codes.begin(), codes.end(), ""), 1);
  EXPECT_EQ(std::count(codes.begin(), codes.end(), "login_token.used"), 7);
  EXPECT_EQ(interviews(), 1);
}

TEST_F(ClientInterviewsTest, ARefusalLeavesTheLoginAsItWas) {
  const std::string token = this->token();
  auto wrong = wanted();
  wrong.queue = "que_01ARZ3NDEKTSV4RRFFQ69G5FAV";
  EXPECT_EQ(code_of(clients_.start(token, scope_, "", wrong)), "queue.unknown");
  wrong = wanted();
  wrong.risk_video_url = "https://evil.example/film.mp4";
  EXPECT_EQ(code_of(clients_.start(token, scope_, "", wrong)), "risk_video.origin");
  wrong = wanted();
  wrong.mode = "self_service";
  wrong.contract_url = "https://bank.example/c.pdf";
  wrong.people = {{"Wang", "3101", true}};
  const auto refused = clients_.start(token, scope_, "", wrong);
  ASSERT_EQ(code_of(refused), "client.not_built");
  EXPECT_EQ(refused.error().params,
            (std::vector<std::pair<std::string, std::string>>{{"features", "self_service,contract,faces"}}));
  EXPECT_EQ(code_of(clients_.start(token, scope_, "https://evil.example", wanted())), "origin.not_allowed");
  EXPECT_EQ(interviews(), 0);
  const auto started = clients_.start(token, scope_, "", wanted());
  ASSERT_TRUE(started);
  EXPECT_EQ(number("SELECT COUNT(*) FROM login_tokens WHERE interview_id = :id", {{"id", started->interview}}), 1);
}

TEST_F(ClientInterviewsTest, WhatWasGrantedIsNotThePagesToChange) {
  LoginTokens::NewToken granted;
  granted.nick_name = "wang-01";
  granted.queue_id = queue_.str();
  const std::string token = this->token(granted);
  auto other = wanted();
  other.nick_name = "somebody-else";
  EXPECT_EQ(code_of(clients_.start(token, scope_, "", other)), "login_token.scope");
  EXPECT_EQ(clients_.login(token, scope_, "").value().nick_name, "wang-01");
  EXPECT_TRUE(clients_.start(token, scope_, "", wanted()));
}

}  // namespace
}  // namespace tw::service
