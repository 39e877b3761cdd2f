#include "service/accounts/login_tokens.hpp"

#include "service/accounts/accounts_test_support.hpp"
#include "service/accounts/admin_api_keys.hpp"
#include "service/accounts/admin_tenant.hpp"
#include "service/accounts/embed_origins.hpp"
#include "store/accounts/tenants.hpp"

namespace tw::service {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class LoginTokensTest : public AccountsTest {
 protected:
  LoginTokens tokens_{context_};
  AdminApiKeys keys_{context_};
  const ApiKeyId key_ = keys_.create(administrator(), "bank").value().key.id;
  const Caller integrator_{tenant_, CallerKind::api_key, key_.str(), {}, {}};
  const LoginTokens::NewToken wanted_{.account = {},
                                      .business_id = "B-1",
                                      .assist_id = "A-1",
                                      .company_name = "Bank",
                                      .nick_name = {},
                                      .queue_id = {},
                                      .order_endpoint = {},
                                      .return_url = {},
                                      .risk_video_url = {}};
  const LoginTokens::Scope scope_{company_.account, "B-1", "A-1", "Bank"};

  std::string token() { return tokens_.create(integrator_, wanted_).value().token; }
};

TEST_F(LoginTokensTest, OneIsGoodForItsBusinessAndForOnce) {
  const std::string token = this->token();
  EXPECT_TRUE(token.starts_with("twn_"));
  const auto login = tokens_.check(token, scope_);
  ASSERT_TRUE(login);
  EXPECT_EQ(login->integrator.tenant, tenant_);
  EXPECT_EQ(login->integrator.id, key_.str());
  EXPECT_TRUE(tokens_.check(token, scope_));  // looking uses nothing up
  EXPECT_TRUE(tokens_.use(token, scope_));
  EXPECT_EQ(code_of(tokens_.use(token, scope_)), "login_token.used");
  EXPECT_EQ(code_of(tokens_.check(token, scope_)), "login_token.used");
  // Nothing came of it: once more, and not after something did.
  tokens_.release(token);
  EXPECT_TRUE(tokens_.use(token, scope_));
  tokens_.became(token, InterviewId::make(clock_.wall_now(), random_));
  tokens_.release(token);
  EXPECT_EQ(code_of(tokens_.use(token, scope_)), "login_token.used");
}

TEST_F(LoginTokensTest, AnotherScopeIsRefusedAndUsesNothingUp) {
  const std::string token = this->token();
  const LoginTokens::Scope others[] = {{"other", "B-1", "A-1", "Bank"},
                                       {company_.account, "B-2", "A-1", "Bank"},
                                       {company_.account, "B-1", "", "Bank"},
                                       {company_.account, "B-1", "A-1", "Other"}};
  for (const auto& other : others) {
    EXPECT_EQ(code_of(tokens_.check(token, other)), "login_token.scope");
    EXPECT_EQ(code_of(tokens_.use(token, other)), "login_token.scope");
  }
  EXPECT_TRUE(tokens_.use(token, scope_));
}

TEST_F(LoginTokensTest, ItEndsAfterItsTime) {
  const std::string token = this->token();
  clock_.advance(LoginTokens::kValidFor - seconds(1));
  EXPECT_TRUE(tokens_.check(token, scope_));
  clock_.advance(seconds(1));
  EXPECT_EQ(code_of(tokens_.check(token, scope_)), "login_token.expired");
  clock_.advance(LoginTokens::kRemembered + minutes(1));
  static_cast<void>(this->token());  // a new one clears those away that ended long ago
  EXPECT_EQ(code_of(tokens_.check(token, scope_)), "login_token.unknown");
  EXPECT_EQ(number("SELECT COUNT(*) FROM login_tokens"), 1);
}

TEST_F(LoginTokensTest, UnknownOnesAndThoseOfADisabledKeyAreNone) {
  for (const char* none : {"", "twn_", "twn_AAAA", "twk_AAAA", "nonsense"})
    EXPECT_EQ(code_of(tokens_.check(none, scope_)), "login_token.unknown") << none;
  const std::string token = this->token();
  execute("UPDATE api_keys SET enabled = 0");
  EXPECT_EQ(code_of(tokens_.check(token, scope_)), "login_token.unknown");
}

TEST_F(LoginTokensTest, OnlyApiKeysAskForThemAndOnlyForTheirOwnCompany) {
  for (const Caller& other : {administrator(), agent_caller(), customer()})
    EXPECT_EQ(code_of(tokens_.create(other, wanted_)), "auth.wrong_role");
  auto wanted = wanted_;
  wanted.account = "another";
  EXPECT_EQ(code_of(tokens_.create(integrator_, wanted)), "tenant.other_account");
  wanted.account = company_.account;
  EXPECT_TRUE(tokens_.create(integrator_, wanted));
  wanted.queue_id = "que_01ARZ3NDEKTSV4RRFFQ69G5FAV";
  EXPECT_EQ(code_of(tokens_.create(integrator_, wanted)), "queue.unknown");
  wanted = wanted_;
  wanted.return_url = "https://elsewhere.example/";
  EXPECT_EQ(code_of(tokens_.create(integrator_, wanted)), "return_url.not_registered");
}

TEST_F(LoginTokensTest, OneTooManyWithinAMinuteIsRefused) {
  for (std::int64_t i = 0; i < LoginTokens::kMostAMinute; ++i) ASSERT_TRUE(tokens_.create(integrator_, wanted_));
  EXPECT_EQ(code_of(tokens_.create(integrator_, wanted_)), "login_token.limited");
  clock_.advance(minutes(1));
  EXPECT_TRUE(tokens_.create(integrator_, wanted_));
}

TEST_F(LoginTokensTest, WhatIsNotBuiltIsAuditedOnceForATokenWithoutTheTokenItself) {
  const std::string token = this->token();
  const auto login = tokens_.check(token, scope_).value();
  tokens_.refused(token, login, "faces");
  tokens_.refused(token, login, "faces");
  tokens_.refused(token, login, "contract,faces");
  EXPECT_EQ(number("SELECT COUNT(*) FROM audit WHERE action = 'login_token.asked_unbuilt'"), 2);
  EXPECT_EQ(number("SELECT COUNT(*) FROM audit WHERE data_json LIKE '%twn_%' OR subject LIKE '%twn_%'"), 0);
}

TEST_F(LoginTokensTest, WhoMayEmbedIsKnownAsSoonAsAnAdministratorSaysIt) {
  EmbedOrigins origins(*database_);
  AdminTenant tenants(context_, &origins);
  ASSERT_TRUE(origins.reload());
  EXPECT_FALSE(origins.anybody_lists("https://bank.example"));
  EXPECT_TRUE(origins.of(company_.account).empty());

  AdminTenant::Change change;
  change.embed_origins =
      std::vector<std::string>{"https://Bank.example", "https://bank.example:443", "https://shop.example:8443"};
  const auto changed = tenants.update(administrator(), change);
  ASSERT_TRUE(changed);
  const std::vector<std::string> expected{"https://bank.example", "https://shop.example:8443"};
  EXPECT_EQ(changed->embed_origins, expected);
  EXPECT_EQ(origins.of(company_.account), expected);
  EXPECT_TRUE(origins.of("another").empty());
  EXPECT_TRUE(origins.anybody_lists("https://bank.example"));
  EXPECT_FALSE(origins.anybody_lists("https://bank.example:8443"));

  for (const char* wrong : {"bank.example", "https://bank.example/path", "http://bank.example", "*",
                            "https://*.bank.example", "https://a.example;script-src", "https://a.example'", "null"}) {
    change.embed_origins = std::vector<std::string>{wrong};
    EXPECT_EQ(code_of(tenants.update(administrator(), change)), "tenant.embed_origin") << wrong;
  }
  change.embed_origins = std::vector<std::string>(AdminTenant::kMostEmbedOrigins + 1, "https://a.example");
  EXPECT_EQ(code_of(tenants.update(administrator(), change)), "field.invalid");
  EXPECT_EQ(origins.of(company_.account), expected);
  change.embed_origins = std::vector<std::string>();
  ASSERT_TRUE(tenants.update(administrator(), change));
  EXPECT_FALSE(origins.anybody_lists("https://bank.example"));
}

}  // namespace
}  // namespace tw::service
