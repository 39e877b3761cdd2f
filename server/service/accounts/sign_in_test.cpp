#include "service/accounts/sign_in.hpp"

#include <algorithm>

#include "service/accounts/accounts_test_support.hpp"
#include "service/accounts/admin_api_keys.hpp"
#include "service/accounts/admin_queues.hpp"
#include "service/accounts/admin_tenant.hpp"
#include "service/accounts/admin_users.hpp"
#include "service/accounts/agent_links.hpp"
#include "service/accounts/authenticator.hpp"
#include "service/accounts/sign_in_limiter.hpp"

namespace tw::service {
namespace {

using namespace std::chrono_literals;

class SignInTest : public AccountsTest {
 protected:
  SignInTest() {
    queue_ = AdminQueues(context_).create(administrator(), "Loans").value().id;
    agent_ = AdminUsers(context_)
                 .create(administrator(), {"wang", "Wang", Role::agent, "long enough 1", {queue_.str()}})
                 .value()
                 .id;
  }
  Result<SignedIn> sign_in(const std::string& tenant, const std::string& name, const std::string& password,
                           const std::string& address = "192.0.2.1") {
    return sign_in_.sign_in({tenant, name, password}, address);
  }

  AgentLinks links_{context_, master_, "https://desk.example"};
  SignIn sign_in_{context_, links_};
  Authenticator authenticator_{*database_, clock_, [](std::string_view token) -> std::optional<Caller> {
                                 if (token != "twc_good") return std::nullopt;
                                 return Caller{TenantId::trusted("ten_1"), CallerKind::customer, "cus_1", "ses_1", {}};
                               }};
  QueueId queue_;
  AgentId agent_;
};

TEST_F(SignInTest, GivesATokenThatStandsForTheUserUntilItsEnd) {
  const auto signed_in = sign_in("acme", "wang", "long enough 1");
  ASSERT_TRUE(signed_in) << signed_in.error().code;
  EXPECT_TRUE(signed_in->token.starts_with("twu_"));
  EXPECT_EQ(signed_in->user.id, agent_);
  EXPECT_EQ(signed_in->user.tenant, "acme");
  EXPECT_EQ(signed_in->user.tenant_name, "Acme Bank");
  EXPECT_EQ(signed_in->user.role, Role::agent);
  EXPECT_EQ(signed_in->expires_at, clock_.wall_now() + SignIn::kValidFor);

  const auto caller = authenticator_.authenticate(signed_in->token);
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->tenant, tenant_);
  EXPECT_EQ(caller->kind, CallerKind::agent);
  EXPECT_EQ(caller->id, agent_.str());
  EXPECT_EQ(sign_in_.me(*caller)->display_name, "Wang");

  clock_.advance(SignIn::kValidFor - 1s);
  EXPECT_TRUE(authenticator_.authenticate(signed_in->token));
  clock_.advance(1s);
  EXPECT_EQ(code_of(authenticator_.authenticate(signed_in->token)), "auth.invalid");
}

TEST_F(SignInTest, TheTokenItselfIsNotStored) {
  const auto signed_in = sign_in("acme", "wang", "long enough 1");
  ASSERT_TRUE(signed_in);
  EXPECT_EQ(number("SELECT COUNT(*) FROM sign_ins WHERE token_hash = :token", {{"token", signed_in->token}}), 0);
}

TEST_F(SignInTest, EveryWrongPartAnswersTheSame) {
  AdminUsers users(context_);
  ASSERT_TRUE(users.create(administrator(), {"gone", "Gone", Role::agent, "long enough 1", {}}));
  execute("UPDATE users SET enabled = 0 WHERE name = 'gone'");
  const auto reference = sign_in("acme", "wang", "wrong");
  ASSERT_FALSE(reference);
  EXPECT_EQ(reference.error().code, "sign_in.failed");
  EXPECT_EQ(reference.error().kind, ErrorKind::unauthenticated);
  const std::vector<std::array<std::string, 3>> wrong = {{"nobody", "wang", "long enough 1"},
                                                         {"acme", "nobody", "long enough 1"},
                                                         {"acme", "gone", "long enough 1"},
                                                         {"acme", "WANG", "long enough 1"},
                                                         {"acme", "wang", ""},
                                                         {"", "", ""}};
  for (const auto& [tenant, name, password] : wrong) {
    const auto answer = sign_in(tenant, name, password);
    ASSERT_FALSE(answer) << tenant << name;
    EXPECT_EQ(answer.error().kind, reference.error().kind);
    EXPECT_EQ(answer.error().code, reference.error().code);
    EXPECT_EQ(answer.error().message, reference.error().message);
    EXPECT_EQ(answer.error().params, reference.error().params);
  }
  execute("UPDATE tenants SET enabled = 0 WHERE account = 'acme'");
  EXPECT_EQ(code_of(sign_in("acme", "wang", "long enough 1")), "sign_in.failed");
}

TEST_F(SignInTest, SeveralFailuresLimitTheNameAndTellWhenToComeBack) {
  for (int i = 0; i < SignInLimiter::kFreeTriesOfAName; ++i)
    EXPECT_EQ(code_of(sign_in("acme", "wang", "wrong")), "sign_in.failed");
  const auto limited = sign_in("acme", "wang", "long enough 1", "192.0.2.2");  // the right one, from elsewhere
  ASSERT_FALSE(limited);
  EXPECT_EQ(limited.error().kind, ErrorKind::rate_limited);
  EXPECT_EQ(limited.error().code, "sign_in.limited");
  EXPECT_EQ(limited.error().params, (std::vector<std::pair<std::string, std::string>>{{"retryAfterS", "30"}}));
  EXPECT_TRUE(sign_in("acme", "root", company_.administrator_password)) << "others of the company are not limited";
  clock_.advance(30s);
  EXPECT_TRUE(sign_in("acme", "wang", "long enough 1"));
  for (int i = 0; i < SignInLimiter::kFreeTriesOfAName; ++i)
    EXPECT_EQ(code_of(sign_in("acme", "wang", "wrong")), "sign_in.failed") << "forgiven";
}

TEST_F(SignInTest, SigningOutVoidsTheTokenAndTellsThePages) {
  const auto first = sign_in("acme", "wang", "long enough 1");
  const auto second = sign_in("acme", "wang", "long enough 1");
  const auto caller = authenticator_.authenticate(first->token);
  ASSERT_TRUE(sign_in_.sign_out(*caller));
  EXPECT_EQ(code_of(authenticator_.authenticate(first->token)), "auth.invalid");
  EXPECT_TRUE(authenticator_.authenticate(second->token));
  EXPECT_TRUE(notifier_.was_told("signed out " + agent_.str()));
  EXPECT_EQ(code_of(sign_in_.sign_out(api_key())), "auth.wrong_role");
}

TEST_F(SignInTest, TheOldestOfTooManySignInsIsVoid) {
  const auto oldest = sign_in("acme", "wang", "long enough 1");
  for (std::size_t i = 1; i < SignIn::kMostSignInsOfAUser; ++i) {
    clock_.advance(1s);
    ASSERT_TRUE(sign_in("acme", "wang", "long enough 1"));
  }
  EXPECT_TRUE(authenticator_.authenticate(oldest->token));
  clock_.advance(1s);
  ASSERT_TRUE(sign_in("acme", "wang", "long enough 1"));
  EXPECT_FALSE(authenticator_.authenticate(oldest->token));
}

TEST_F(SignInTest, BearerTokensAreAskedForAndUnknownOnesRefusedAlike) {
  EXPECT_EQ(code_of(authenticator_.authenticate("")), "auth.required");
  for (const std::string& token :
       {std::string("x"), std::string("twk_"), std::string("twk_wrong"), std::string("twu_wrong"),
        std::string("twc_wrong"), std::string("twm_x.y"), "twk_" + std::string(10'000, 'x')}) {
    const auto caller = authenticator_.authenticate(token);
    ASSERT_FALSE(caller);
    EXPECT_EQ(caller.error().code, "auth.invalid");
    EXPECT_EQ(caller.error().kind, ErrorKind::unauthenticated);
  }
  EXPECT_EQ(authenticator_.authenticate("twc_good")->kind, CallerKind::customer);
}

TEST_F(SignInTest, AnApiKeyStandsForItsTenantWhileBothAreEnabled) {
  AdminApiKeys keys(context_);
  const auto created = keys.create(administrator(), "core banking");
  ASSERT_TRUE(created);
  EXPECT_EQ(number("SELECT COUNT(*) FROM api_keys WHERE token_hash = :token", {{"token", created->secret}}), 0);
  const auto caller = authenticator_.authenticate(created->secret);
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->kind, CallerKind::api_key);
  EXPECT_EQ(caller->tenant, tenant_);
  EXPECT_EQ(caller->id, created->key.id.str());
  EXPECT_EQ(keys.list(administrator())->front().last_used_at, clock_.wall_now());
  const auto first_use = clock_.wall_now();
  clock_.advance(59s);
  ASSERT_TRUE(authenticator_.authenticate(created->secret));
  EXPECT_EQ(keys.list(administrator())->front().last_used_at, first_use);
  clock_.advance(1s);
  ASSERT_TRUE(authenticator_.authenticate(created->secret));
  EXPECT_EQ(keys.list(administrator())->front().last_used_at, clock_.wall_now());

  ASSERT_TRUE(keys.update(administrator(), created->key.id.str(), {.name = std::nullopt, .enabled = false}));
  EXPECT_EQ(code_of(authenticator_.authenticate(created->secret)), "auth.invalid");
  ASSERT_TRUE(keys.update(administrator(), created->key.id.str(), {.name = std::nullopt, .enabled = true}));
  EXPECT_TRUE(authenticator_.authenticate(created->secret));
  execute("UPDATE tenants SET enabled = 0");
  EXPECT_EQ(code_of(authenticator_.authenticate(created->secret)), "auth.invalid");
}

class AgentLinkTest : public SignInTest {
 protected:
  AgentLinkTest() {
    AdminTenant::Change change;
    change.return_origins = {"https://crm.example"};
    EXPECT_TRUE(AdminTenant(context_).update(administrator(), change));
  }
  static std::string token_of(const Link& link) { return link.url.substr(link.url.find("#t=") + 3); }
};

TEST_F(AgentLinkTest, SignsTheAgentInOnceAndBringsQueueAndReturnAddress) {
  const auto link = links_.create(api_key(), {"wang", queue_.str(), "https://crm.example/case/7"});
  ASSERT_TRUE(link) << link.error().code;
  EXPECT_TRUE(link->url.starts_with("https://desk.example/workbench/#t=twa_"));
  const auto signed_in = sign_in_.sign_in_by_link(token_of(*link), "192.0.2.1");
  ASSERT_TRUE(signed_in) << signed_in.error().code;
  EXPECT_EQ(signed_in->user.id, agent_);
  EXPECT_EQ(signed_in->user.queue_id, queue_);
  EXPECT_EQ(signed_in->user.return_url, "https://crm.example/case/7");
  const auto me = sign_in_.me(*authenticator_.authenticate(signed_in->token));
  EXPECT_EQ(me->queue_id, queue_);
  EXPECT_EQ(me->return_url, "https://crm.example/case/7");

  const auto again = sign_in_.sign_in_by_link(token_of(*link), "192.0.2.1");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "link.used");
  EXPECT_EQ(again.error().kind, ErrorKind::gone);
}

TEST_F(AgentLinkTest, ExpiresAndCannotBeForged) {
  const auto link = links_.create(api_key(), {"wang", queue_.str(), ""});
  std::string tampered = token_of(*link);
  tampered[10] = tampered[10] == 'A' ? 'B' : 'A';
  EXPECT_EQ(code_of(sign_in_.sign_in_by_link(tampered, "192.0.2.1")), "link.unknown");
  EXPECT_EQ(code_of(sign_in_.sign_in_by_link("", "192.0.2.1")), "link.unknown");
  AgentLinks elsewhere(context_, SecretKey::make(random_), "https://desk.example");
  EXPECT_EQ(code_of(sign_in_.sign_in_by_link(token_of(*elsewhere.create(api_key(), {"wang", queue_.str(), ""})),
                                             "192.0.2.1")),
            "link.unknown");
  clock_.advance(AgentLinks::kValidFor);
  EXPECT_EQ(code_of(sign_in_.sign_in_by_link(token_of(*link), "192.0.2.9")), "link.expired");
}

TEST_F(AgentLinkTest, IsOnlyForAnEnabledUserOfThatQueueAndARegisteredOrigin) {
  const auto other_queue = AdminQueues(context_).create(administrator(), "Cards")->id.str();
  const std::vector<std::pair<AgentLinks::NewLink, std::string>> wrong = {
      {{"nobody", queue_.str(), ""}, "user.unknown"},
      {{"wang", "que_01ARZ3NDEKTSV4RRFFQ69G5FAV", ""}, "queue.unknown"},
      {{"wang", "rubbish", ""}, "queue.unknown"},
      {{"wang", other_queue, ""}, "queue.not_served"},
      {{"wang", queue_.str(), "https://evil.example/"}, "return_url.not_registered"},
      {{"wang", queue_.str(), "https://crm.example@evil.example/"}, "return_url.not_registered"},
      {{"wang", queue_.str(), "https://crm.example:8443/"}, "return_url.not_registered"},
      {{"wang", queue_.str(), "javascript:alert(1)"}, "return_url.not_registered"}};
  for (const auto& [link, code] : wrong) {
    const auto answer = links_.create(api_key(), link);
    ASSERT_FALSE(answer) << code;
    EXPECT_EQ(answer.error().code, code) << link.return_url;
    EXPECT_EQ(answer.error().kind, ErrorKind::unprocessable);
  }
  EXPECT_EQ(code_of(links_.create(administrator(), {"wang", queue_.str(), ""})), "auth.wrong_role");

  const auto link = links_.create(api_key(), {"wang", queue_.str(), ""});
  execute("UPDATE users SET enabled = 0 WHERE name = 'wang'");
  EXPECT_EQ(code_of(sign_in_.sign_in_by_link(token_of(*link), "192.0.2.1")), "link.unknown");
  EXPECT_EQ(code_of(links_.create(api_key(), {"wang", queue_.str(), ""})), "user.unknown");
}

TEST(SignInLimiter, PausesDoubleUpToTheLongestAndAreForgotten) {
  ManualClock clock;
  SignInLimiter limiter(clock);
  for (int i = 0; i < SignInLimiter::kFreeTriesOfAName; ++i)
    ASSERT_FALSE(limiter.attempt("n", "a" + std::to_string(i)));
  const std::chrono::seconds pauses[] = {30s, 60s, 120s, 240s, 480s, 900s, 900s};
  for (const auto pause : pauses) {
    ASSERT_EQ(limiter.attempt("n", "b"), pause);
    clock.advance(pause - 1s);
    ASSERT_EQ(limiter.attempt("n", "b"), 1s) << "a refused attempt must not count";
    clock.advance(1s);
    ASSERT_FALSE(limiter.attempt("n", "b"));
  }
  clock.advance(SignInLimiter::kForgottenAfter);
  for (int i = 0; i < SignInLimiter::kFreeTriesOfAName; ++i) ASSERT_FALSE(limiter.attempt("n", "c"));
}

TEST(SignInLimiter, AnAddressIsLimitedWhateverNamesItTries) {
  ManualClock clock;
  SignInLimiter limiter(clock);
  for (int i = 0; i < SignInLimiter::kFreeTriesOfAnAddress; ++i)
    ASSERT_FALSE(limiter.attempt("n" + std::to_string(i), "a"));
  EXPECT_TRUE(limiter.attempt("fresh", "a"));
  EXPECT_FALSE(limiter.attempt("fresh", "b"));
}

TEST(SignInLimiter, SuccessesFromOneAddressDoNotLimitIt) {
  ManualClock clock;
  SignInLimiter limiter(clock);
  for (int i = 0; i < 3 * SignInLimiter::kFreeTriesOfAnAddress; ++i) {
    ASSERT_FALSE(limiter.attempt("n" + std::to_string(i), "office"));
    limiter.succeeded("n" + std::to_string(i), "office");
  }
}

TEST(SignInLimiter, KeepsABoundedNumberOfNames) {
  ManualClock clock;
  SignInLimiter limiter(clock);
  for (std::size_t i = 0; i < SignInLimiter::kMostKept + 10; ++i) {
    clock.advance(1ms);
    ASSERT_FALSE(limiter.attempt("n" + std::to_string(i), "a" + std::to_string(i)));
  }
}

}  // namespace
}  // namespace tw::service
