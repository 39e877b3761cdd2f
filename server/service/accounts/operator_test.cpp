#include "service/accounts/operator.hpp"

#include <boost/json.hpp>
#include <thread>

#include "service/accounts/accounts_test_support.hpp"
#include "service/accounts/agent_links.hpp"
#include "service/accounts/authenticator.hpp"
#include "service/accounts/sign_in.hpp"

namespace tw::service {
namespace {

class OperatorTest : public AccountsTest {
 protected:
  AgentLinks links_{context_, master_, "https://desk.example"};
  SignIn sign_in_{context_, links_};
  Authenticator authenticator_{*database_, clock_, {}};
};

TEST_F(OperatorTest, ANewCompanyHasAnAdministratorItsKeyAndTheUsualTexts) {
  const auto made = operator_.create_tenant({"bank-2", "Bank 2", "boss"});
  ASSERT_TRUE(made);
  EXPECT_GE(made->administrator_password.size(), 20u);
  EXPECT_NE(made->administrator_password, company_.administrator_password);
  EXPECT_EQ(sign_in_.sign_in({"bank-2", "boss", made->administrator_password}, "192.0.2.1")->user.role,
            Role::administrator);
  EXPECT_TRUE(tenant_keys_.of(made->id));
  EXPECT_NE(to_hex(tenant_keys_.of(made->id)->bytes()), to_hex(tenant_keys_.of(tenant_)->bytes()));
  EXPECT_EQ(number("SELECT COUNT(*) FROM consent_texts WHERE tenant_id = :t AND is_current = 1", {{"t", made->id}}), 2);
  EXPECT_EQ(number("SELECT COUNT(*) FROM reasons WHERE tenant_id = :t", {{"t", made->id}}), 8);
  const auto listed = operator_.list_tenants();
  ASSERT_EQ(listed->size(), 2u);
  EXPECT_EQ(listed->front().account, "acme");
  EXPECT_EQ(listed->back().name, "Bank 2");
}

TEST_F(OperatorTest, AccountsAreLowerCaseWordsAndTakenOnce) {
  EXPECT_EQ(code_of(operator_.create_tenant({"acme", "Another", "root"})), "tenant.account_taken");
  for (const std::string& account : {std::string(), std::string("Upper"), std::string("two words"), std::string("-x"),
                                     std::string("银行"), std::string(64, 'x')}) {
    EXPECT_EQ(code_of(operator_.create_tenant({account, "Name", "root"})), "field.invalid") << account;
  }
  EXPECT_EQ(code_of(operator_.create_tenant({"fine", "", "root"})), "field.invalid");
  EXPECT_EQ(operator_.list_tenants()->size(), 1u);
}

TEST_F(OperatorTest, AnotherMasterKeyOpensNoTenantsKey) {
  const SecretKey wrong = SecretKey::make(random_);
  EXPECT_EQ(code_of(TenantKeys(*database_, wrong).of(tenant_)), "key.unwrap_failed");
  EXPECT_EQ(code_of(tenant_keys_.of(TenantId::trusted("ten_1"))), "tenant.unknown");
}

TEST_F(OperatorTest, TheDemoCompanyIsMadeOnceAndItsSignInsWorkEachTime) {
  const auto first = operator_.demo_tenant("demo");
  ASSERT_TRUE(first) << first.error().message;
  const auto second = operator_.demo_tenant("demo");
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(to_json(*first), to_json(*second));
  EXPECT_EQ(operator_.list_tenants()->size(), 2u);

  const auto agent = sign_in_.sign_in({first->account, second->agent.name, second->agent.password}, "192.0.2.1");
  ASSERT_TRUE(agent);
  EXPECT_EQ(agent->user.role, Role::agent);
  EXPECT_EQ(number("SELECT COUNT(*) FROM user_queues WHERE user_id = :u AND queue_id = :q",
                   {{"u", agent->user.id}, {"q", first->queue_id}}),
            1);
  EXPECT_EQ(sign_in_.sign_in({first->account, second->administrator.name, second->administrator.password}, "192.0.2.1")
                ->user.role,
            Role::administrator);
  EXPECT_EQ(authenticator_.authenticate(second->api_key)->kind, CallerKind::api_key);
}

TEST_F(OperatorTest, TheDemoCompanysSecretsAreRandomAndSealed) {
  const auto demo = operator_.demo_tenant("demo").value();
  const auto other = operator_.demo_tenant("other").value();
  EXPECT_NE(demo.agent.password, other.agent.password);
  EXPECT_NE(demo.administrator.password, demo.agent.password);
  EXPECT_NE(demo.api_key, other.api_key);
  EXPECT_EQ(number("SELECT COUNT(*) FROM demo_tenants WHERE sealed LIKE :s", {{"s", "%" + demo.agent.password + "%"}}),
            0);
}

TEST_F(OperatorTest, ARealCompanyIsNeverTakenForADemo) {
  EXPECT_EQ(code_of(operator_.demo_tenant("acme")), "tenant.account_taken");
}

TEST_F(OperatorTest, TwoCommandsAtTheSameTimeMakeOneDemoCompany) {
  OsRandom random;
  const AccountsContext context{*database_, clock_, random, notifier_, tenant_keys_};
  std::string texts[2];
  {
    std::vector<std::jthread> threads;
    for (std::string& text : texts) {
      threads.emplace_back([&] {
        text = Operator(context)
                   .demo_tenant("demo")
                   .map([](const auto& demo) { return to_json(demo); })
                   .value_or("failed");
      });
    }
  }
  EXPECT_EQ(texts[0], texts[1]);
  EXPECT_NE(texts[0], "failed");
}

TEST_F(OperatorTest, TheDemoCompanyIsToldAsTheCommandLinePromises) {
  const auto demo = operator_.demo_tenant("demo").value();
  const auto json = boost::json::parse(to_json(demo)).as_object();
  EXPECT_EQ(json.at("account").as_string(), "demo");
  EXPECT_EQ(json.at("agent").as_object().at("name").as_string(), demo.agent.name);
  EXPECT_EQ(json.at("agent").as_object().at("password").as_string(), demo.agent.password);
  EXPECT_EQ(json.at("administrator").as_object().at("password").as_string(), demo.administrator.password);
  EXPECT_EQ(json.at("apiKey").as_string(), demo.api_key);
  EXPECT_EQ(json.at("queueId").as_string(), demo.queue_id);
}

}  // namespace
}  // namespace tw::service
