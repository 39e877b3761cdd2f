#include <algorithm>

#include "service/accounts/accounts_test_support.hpp"
#include "service/accounts/admin_api_keys.hpp"
#include "service/accounts/admin_mark_labels.hpp"
#include "service/accounts/admin_queues.hpp"
#include "service/accounts/admin_reasons.hpp"
#include "service/accounts/admin_tenant.hpp"
#include "service/accounts/admin_users.hpp"
#include "service/accounts/agent_links.hpp"
#include "service/accounts/audit_log.hpp"
#include "service/accounts/authenticator.hpp"
#include "store/accounts/audit.hpp"

namespace tw::service {
namespace {

constexpr const char* kUnknownQueue = "que_01ARZ3NDEKTSV4RRFFQ69G5FAV";
constexpr const char* kUnknownUser = "agt_01ARZ3NDEKTSV4RRFFQ69G5FAV";

class AdminTest : public AccountsTest {
 protected:
  AdminQueues queues_{context_};
  AdminUsers users_{context_};
  AdminApiKeys keys_{context_};
  AdminReasons reasons_{context_};
  AdminMarkLabels mark_labels_{context_};
  AdminTenant tenant_admin_{context_};
  AuditLog audit_{context_};

  AdminUser user(const std::string& name, Role role = Role::agent, std::vector<std::string> queues = {}) {
    return users_.create(administrator(), {name, name, role, "long enough 1", std::move(queues)}).value();
  }
};

TEST_F(AdminTest, OnlyAdministratorsMay) {
  for (const Caller& caller : {agent_caller(), api_key(), customer()}) {
    EXPECT_EQ(code_of(queues_.list(caller)), "auth.wrong_role");
    EXPECT_EQ(code_of(queues_.create(caller, "x")), "auth.wrong_role");
    EXPECT_EQ(code_of(queues_.update(caller, kUnknownQueue, {})), "auth.wrong_role");
    EXPECT_EQ(code_of(queues_.remove(caller, kUnknownQueue)), "auth.wrong_role");
    EXPECT_EQ(code_of(users_.list(caller)), "auth.wrong_role");
    EXPECT_EQ(code_of(users_.create(caller, {})), "auth.wrong_role");
    EXPECT_EQ(code_of(users_.update(caller, kUnknownUser, {})), "auth.wrong_role");
    EXPECT_EQ(code_of(keys_.list(caller)), "auth.wrong_role");
    EXPECT_EQ(code_of(keys_.create(caller, "x")), "auth.wrong_role");
    EXPECT_EQ(code_of(keys_.update(caller, "key_x", {})), "auth.wrong_role");
    EXPECT_EQ(code_of(reasons_.list(caller)), "auth.wrong_role");
    EXPECT_EQ(code_of(reasons_.create(caller, ReasonKind::rejected, "x")), "auth.wrong_role");
    EXPECT_EQ(code_of(reasons_.update(caller, "rsn_x", {})), "auth.wrong_role");
    EXPECT_EQ(code_of(tenant_admin_.read(caller)), "auth.wrong_role");
    EXPECT_EQ(code_of(tenant_admin_.update(caller, {})), "auth.wrong_role");
    EXPECT_EQ(code_of(audit_.list(caller, {})), "auth.wrong_role");
  }
  EXPECT_EQ(code_of(queues_.list(administrator())), "");
}

TEST_F(AdminTest, AnotherCompanysThingsAnswerLikeUnknownOnes) {
  const auto queue = queues_.create(administrator(), "Loans").value().id.str();
  const auto agent = user("wang").id.str();
  const auto key = keys_.create(administrator(), "key").value().key.id.str();
  const auto reason = reasons_.create(administrator(), ReasonKind::rejected, "some").value().id.str();
  const Caller other = stranger();
  const auto same = [](const auto& foreign, const auto& unknown) {
    ASSERT_FALSE(foreign);
    ASSERT_FALSE(unknown);
    EXPECT_EQ(foreign.error().kind, unknown.error().kind);
    EXPECT_EQ(foreign.error().code, unknown.error().code);
    EXPECT_EQ(foreign.error().message, unknown.error().message);
    EXPECT_EQ(foreign.error().params, unknown.error().params);
  };
  same(queues_.update(other, queue, {}), queues_.update(other, kUnknownQueue, {}));
  same(queues_.remove(other, queue), queues_.remove(other, "rubbish"));
  same(users_.update(other, agent, {}), users_.update(other, kUnknownUser, {}));
  same(keys_.update(other, key, {}), keys_.update(other, "rubbish", {}));
  same(reasons_.update(other, reason, {}), reasons_.update(other, "rubbish", {}));
  same(users_.create(other, {"x", "x", Role::agent, "long enough 1", {queue}}),
       users_.create(other, {"x", "x", Role::agent, "long enough 1", {kUnknownQueue}}));
  EXPECT_TRUE(queues_.list(other)->empty());
  EXPECT_EQ(queues_.list(administrator())->size(), 1u);
}

TEST_F(AdminTest, QueuesAreNumberedNamedOnceAndChanged) {
  const auto first = queues_.create(administrator(), "Loans");
  const auto second = queues_.create(administrator(), "卡中心");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->number, 1);
  EXPECT_EQ(second->number, 2);
  EXPECT_EQ(code_of(queues_.create(administrator(), "Loans")), "queue.name_taken");
  EXPECT_EQ(code_of(queues_.update(administrator(), second->id.str(), {.name = "Loans", .enabled = {}})),
            "queue.name_taken");
  const auto renamed = queues_.update(administrator(), second->id.str(), {.name = "Cards", .enabled = false});
  ASSERT_TRUE(renamed);
  EXPECT_EQ(renamed->name, "Cards");
  EXPECT_FALSE(renamed->enabled);
  EXPECT_TRUE(notifier_.was_told("queue " + second->id.str()));
  for (const std::string& name :
       {std::string(), std::string(65, 'x'), std::string(" x"), std::string("a\nb"), std::string("\xff")}) {
    const auto answer = queues_.create(administrator(), name);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "field.invalid");
    EXPECT_EQ(answer.error().params, (std::vector<std::pair<std::string, std::string>>{{"field", "name"}}));
  }
  std::string sixty_four;
  for (int i = 0; i < 64; ++i) sixty_four += "签";
  EXPECT_TRUE(queues_.create(administrator(), sixty_four)) << "characters are counted, not bytes";
}

TEST_F(AdminTest, AQueueInUseIsNeitherDisabledNorDeleted) {
  const auto queue = queues_.create(administrator(), "Loans").value();
  const auto interview = insert_interview(queue.id, "queued");
  EXPECT_EQ(queues_.list(administrator())->front().waiting, 1);
  EXPECT_EQ(code_of(queues_.update(administrator(), queue.id.str(), {.name = {}, .enabled = false})), "queue.in_use");
  EXPECT_TRUE(queues_.update(administrator(), queue.id.str(), {.name = "Other name", .enabled = true}));
  EXPECT_EQ(code_of(queues_.remove(administrator(), queue.id.str())), "queue.in_use");
  execute("UPDATE interviews SET status = 'ended' WHERE id = :id", {{"id", interview}});
  EXPECT_TRUE(queues_.update(administrator(), queue.id.str(), {.name = {}, .enabled = false}));
  EXPECT_EQ(code_of(queues_.remove(administrator(), queue.id.str())), "queue.in_use") << "its records name it";
  const auto unused = queues_.create(administrator(), "Unused").value();
  const auto agent = user("wang", Role::agent, {unused.id.str()});
  EXPECT_TRUE(queues_.remove(administrator(), unused.id.str()));
  EXPECT_EQ(queues_.list(administrator())->size(), 1u);
  EXPECT_EQ(number("SELECT COUNT(*) FROM user_queues WHERE user_id = :id", {{"id", agent.id}}), 0);
}

TEST_F(AdminTest, AgentsOnlineAreEnabledConnectedAndOfTheQueue) {
  const auto queue = queues_.create(administrator(), "Loans").value();
  const auto online = user("a", Role::agent, {queue.id.str()});
  const auto away = user("b", Role::agent, {queue.id.str()});
  const auto elsewhere = user("c");
  const auto unconnected = user("d", Role::agent, {queue.id.str()});
  const auto state = [&](const AgentId& id, const char* presence, bool connected) {
    execute(
        "INSERT INTO agent_states (tenant_id, agent_id, presence, connected, activity, idle_since) VALUES (:t, :a, :p, "
        ":c, 'idle', 1)",
        {{"t", tenant_}, {"a", id}, {"p", presence}, {"c", connected}});
  };
  state(online.id, "online", true);
  state(away.id, "away", true);
  state(elsewhere.id, "online", true);
  state(unconnected.id, "online", false);
  EXPECT_EQ(queues_.list(administrator())->front().agents_online, 1);
  ASSERT_TRUE(users_.update(administrator(), online.id.str(),
                            {.display_name = {}, .role = {}, .enabled = false, .password = {}, .queue_ids = {}}));
  EXPECT_EQ(queues_.list(administrator())->front().agents_online, 0);
}

TEST_F(AdminTest, UsersAreMadeWithTheirQueues) {
  const auto queue = queues_.create(administrator(), "Loans").value();
  const auto made = user("wang", Role::agent, {queue.id.str(), queue.id.str()});
  EXPECT_EQ(made.queue_ids, std::vector<QueueId>{queue.id});
  EXPECT_EQ(made.number, 2) << "the first administrator is number 1";
  const auto listed = users_.list(administrator());
  ASSERT_EQ(listed->size(), 2u);
  EXPECT_EQ(listed->back().queue_ids, std::vector<QueueId>{queue.id});

  struct Wrong {
    AdminUsers::NewUser user;
    const char* code;
  };
  const Wrong table[] = {{{"wang", "W", Role::agent, "long enough 1", {}}, "user.name_taken"},
                         {{"", "W", Role::agent, "long enough 1", {}}, "field.invalid"},
                         {{"w", "", Role::agent, "long enough 1", {}}, "field.invalid"},
                         {{"w", "W", Role::agent, "nine char", {}}, "password.too_short"},
                         {{"w", "W", Role::agent, std::string(257, 'x'), {}}, "field.invalid"},
                         {{"w", "W", Role::agent, "long enough 1", {kUnknownQueue}}, "queue.unknown"}};
  for (const auto& [wrong, code] : table) EXPECT_EQ(code_of(users_.create(administrator(), wrong)), code);
  EXPECT_EQ(users_.list(administrator())->size(), 2u);
  EXPECT_EQ(number("SELECT COUNT(*) FROM users WHERE password_hash LIKE '%long enough%'"), 0);
}

TEST_F(AdminTest, DisablingANewRoleAndANewPasswordEndTheUsersSignIns) {
  AgentLinks links(context_, master_, "https://desk.example");
  SignIn sign_in(context_, links);
  Authenticator authenticator(*database_, clock_, {});
  const auto agent = user("wang");
  const auto token = [&](const std::string& password) {
    return sign_in.sign_in({"acme", "wang", password}, "192.0.2.1").value().token;
  };
  const auto change = [&](const AdminUsers::Change& wanted) {
    return code_of(users_.update(administrator(), agent.id.str(), wanted));
  };

  std::string held = token("long enough 1");
  EXPECT_EQ(change({.display_name = "Wang", .role = {}, .enabled = {}, .password = {}, .queue_ids = {}}), "");
  EXPECT_TRUE(authenticator.authenticate(held));
  EXPECT_FALSE(notifier_.was_told("signed out " + agent.id.str()));

  EXPECT_EQ(change({.display_name = {}, .role = {}, .enabled = {}, .password = "another one 2", .queue_ids = {}}), "");
  EXPECT_FALSE(authenticator.authenticate(held));
  EXPECT_TRUE(notifier_.was_told("signed out " + agent.id.str()));

  held = token("another one 2");
  EXPECT_EQ(change({.display_name = {}, .role = Role::administrator, .enabled = {}, .password = {}, .queue_ids = {}}),
            "");
  EXPECT_FALSE(authenticator.authenticate(held));
  held = token("another one 2");
  EXPECT_EQ(authenticator.authenticate(held)->kind, CallerKind::administrator);
  EXPECT_EQ(change({.display_name = {}, .role = {}, .enabled = false, .password = {}, .queue_ids = {}}), "");
  EXPECT_FALSE(authenticator.authenticate(held));
  EXPECT_EQ(code_of(sign_in.sign_in({"acme", "wang", "another one 2"}, "192.0.2.1")), "sign_in.failed");
}

TEST_F(AdminTest, WhoeverChangesTheirOwnPasswordStaysSignedIn) {
  AgentLinks links(context_, master_, "https://desk.example");
  SignIn sign_in(context_, links);
  Authenticator authenticator(*database_, clock_, {});
  const auto here = sign_in.sign_in({"acme", "root", company_.administrator_password}, "192.0.2.1").value().token;
  const auto elsewhere = sign_in.sign_in({"acme", "root", company_.administrator_password}, "192.0.2.1").value().token;
  const Caller caller = authenticator.authenticate(here).value();
  ASSERT_TRUE(
      users_.update(caller, caller.id,
                    {.display_name = {}, .role = {}, .enabled = {}, .password = "my new password", .queue_ids = {}}));
  EXPECT_TRUE(authenticator.authenticate(here));
  EXPECT_FALSE(authenticator.authenticate(elsewhere));
}

TEST_F(AdminTest, NobodyLocksThemselvesOrACompanyOutOrACallUp) {
  const AdminUsers::Change disable{.display_name = {}, .role = {}, .enabled = false, .password = {}, .queue_ids = {}};
  const AdminUsers::Change demote{
      .display_name = {}, .role = Role::agent, .enabled = {}, .password = {}, .queue_ids = {}};
  EXPECT_EQ(code_of(users_.update(administrator(), administrator_.str(), disable)), "user.self");
  EXPECT_EQ(code_of(users_.update(administrator(), administrator_.str(), demote)), "user.self");

  // A caller whose own row was disabled a moment ago must not take the last one.
  Caller late = administrator();
  late.id = kUnknownUser;
  EXPECT_EQ(code_of(users_.update(late, administrator_.str(), disable)), "user.last_administrator");
  EXPECT_EQ(code_of(users_.update(late, administrator_.str(), demote)), "user.last_administrator");

  const auto queue = queues_.create(administrator(), "Loans").value();
  const auto agent = user("wang", Role::agent, {queue.id.str()});
  const auto interview = insert_interview(queue.id, "talking", agent.id.str());
  EXPECT_EQ(code_of(users_.update(administrator(), agent.id.str(), disable)), "user.in_call");
  EXPECT_TRUE(
      users_.update(administrator(), agent.id.str(),
                    {.display_name = "Still fine", .role = {}, .enabled = {}, .password = {}, .queue_ids = {}}));
  execute("UPDATE interviews SET status = 'ended' WHERE id = :id", {{"id", interview}});
  EXPECT_TRUE(users_.update(administrator(), agent.id.str(), disable));
  EXPECT_TRUE(notifier_.was_told("queue " + queue.id.str()));
}

TEST_F(AdminTest, ApiKeysShowTheirSecretOnce) {
  const auto created = keys_.create(administrator(), "core banking");
  ASSERT_TRUE(created);
  EXPECT_TRUE(created->secret.starts_with("twk_"));
  EXPECT_EQ(code_of(keys_.create(administrator(), "core banking")), "api_key.name_taken");
  const auto listed = keys_.list(administrator());
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(listed->front().name, "core banking");
  EXPECT_FALSE(listed->front().last_used_at);
}

TEST_F(AdminTest, MarksHaveOneKeyEachAndKeepTheirOrder) {
  const auto usual = mark_labels_.list(administrator()).value();
  ASSERT_EQ(usual.size(), 5U);
  const auto made = mark_labels_.create(administrator(), {"已出示合同", 9, std::nullopt});
  ASSERT_TRUE(made) << made.error().code;
  EXPECT_EQ(made->order, usual.back().order + 1);
  const std::string id = made->id.str();
  EXPECT_EQ(code_of(mark_labels_.create(administrator(), {"已出示合同", {}, {}})), "mark_label.duplicate");
  EXPECT_EQ(code_of(mark_labels_.create(administrator(), {"other", 9, {}})), "mark_label.key_taken");
  EXPECT_EQ(code_of(mark_labels_.create(administrator(), {"other", 10, {}})), "field.invalid");
  EXPECT_EQ(code_of(mark_labels_.create(administrator(), {"", {}, {}})), "field.invalid");
  EXPECT_EQ(code_of(mark_labels_.create(administrator(), {std::string(61, 'x'), {}, {}})), "field.invalid");
  EXPECT_TRUE(mark_labels_.create(administrator(), {"without a key", {}, {}}));
  EXPECT_TRUE(mark_labels_.create(administrator(), {"without one too", {}, {}}));
  EXPECT_EQ(code_of(mark_labels_.update(administrator(), id, {{}, 1, {}})), "mark_label.key_taken");
  const auto changed = mark_labels_.update(administrator(), id, {"合同已出示", std::optional<std::int64_t>(), 0});
  ASSERT_TRUE(changed) << changed.error().code;
  EXPECT_FALSE(changed->key);
  EXPECT_EQ(mark_labels_.list(administrator())->front().text, "合同已出示");
  for (const Caller& caller : {agent_caller(), api_key(), customer()}) {
    EXPECT_EQ(code_of(mark_labels_.list(caller)), "auth.wrong_role");
    EXPECT_EQ(code_of(mark_labels_.create(caller, {"x", {}, {}})), "auth.wrong_role");
    EXPECT_EQ(code_of(mark_labels_.update(caller, id, {})), "auth.wrong_role");
    EXPECT_EQ(code_of(mark_labels_.remove(caller, id)), "auth.wrong_role");
  }
  const Caller other = stranger();
  EXPECT_EQ(code_of(mark_labels_.update(other, id, {})), "not_found");
  EXPECT_EQ(code_of(mark_labels_.remove(other, id)), "not_found");
  EXPECT_TRUE(mark_labels_.remove(administrator(), id));
  EXPECT_EQ(code_of(mark_labels_.remove(administrator(), id)), "not_found");
  EXPECT_TRUE(mark_labels_.create(administrator(), {"again", 9, {}})) << "its key is free";
  for (auto n = mark_labels_.list(administrator())->size(); n < AdminMarkLabels::kMostLabels; ++n) {
    ASSERT_TRUE(mark_labels_.create(administrator(), {"more " + std::to_string(n), {}, {}}));
  }
  EXPECT_EQ(code_of(mark_labels_.create(administrator(), {"one too many", {}, {}})), "mark_label.too_many");
}

TEST_F(AdminTest, AnOutcomeMayBePutOffForAsLongAsTheCompanySays) {
  EXPECT_EQ(tenant_admin_.read(administrator())->outcome_deadline_minutes, 1'440);
  AdminTenant::Change change;
  for (const std::int64_t minutes : {0, 43'201}) {
    change.outcome_deadline_minutes = minutes;
    EXPECT_EQ(code_of(tenant_admin_.update(administrator(), change)), "field.invalid") << minutes;
  }
  for (const std::int64_t minutes : {1, 43'200}) {
    change.outcome_deadline_minutes = minutes;
    EXPECT_EQ(tenant_admin_.update(administrator(), change)->outcome_deadline_minutes, minutes);
  }
}

TEST_F(AdminTest, ReasonsBeginWithTheUsualOnesAndAreNeverTwice) {
  const auto usual = reasons_.list(administrator());
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->size(), 8u);
  const auto made = reasons_.create(administrator(), ReasonKind::rejected, "资料造假");
  ASSERT_TRUE(made);
  EXPECT_EQ(code_of(reasons_.create(administrator(), ReasonKind::rejected, "资料造假")), "reason.duplicate");
  EXPECT_TRUE(reasons_.create(administrator(), ReasonKind::needs_supplement, "资料造假"));
  const auto changed = reasons_.update(administrator(), made->id.str(), {.text = "材料造假", .enabled = false});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->text, "材料造假");
  EXPECT_FALSE(changed->enabled);
  EXPECT_EQ(code_of(reasons_.update(administrator(), made->id.str(), {.text = usual->front().text, .enabled = {}})),
            "reason.duplicate");
  EXPECT_EQ(code_of(reasons_.create(administrator(), ReasonKind::rejected, std::string(201, 'x'))), "field.invalid");
}

TEST_F(AdminTest, ATenantsSettingsAreCheckedAndAConsentTextBecomesANewVersion) {
  const auto before = tenant_admin_.read(administrator());
  ASSERT_TRUE(before);
  ASSERT_EQ(before->consent_texts.size(), 2u);
  EXPECT_EQ(before->consent_texts[0].language, "zh-CN");
  EXPECT_EQ(before->consent_texts[0].version, "1");
  EXPECT_EQ(before->place_policy, "optional");

  AdminTenant::Change change;
  change.name = "Acme 银行";
  change.place_policy = "required";
  change.time_zone = "Europe/Berlin";
  change.return_origins = {"https://CRM.example:443", "https://crm.example", "http://localhost:3000"};
  change.consent_texts = {{"en", "I agree to be recorded."}, {"zh-CN", before->consent_texts[0].text}};
  const auto after = tenant_admin_.update(administrator(), change);
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(after->name, "Acme 银行");
  EXPECT_EQ(after->return_origins, (std::vector<std::string>{"https://crm.example", "http://localhost:3000"}));
  EXPECT_EQ(after->consent_texts[0].version, "1") << "the same text is the same version";
  EXPECT_EQ(after->consent_texts[1].version, "2");
  EXPECT_EQ(number("SELECT COUNT(*) FROM consent_texts WHERE tenant_id = :t", {{"t", tenant_}}), 3)
      << "the old text stays";

  const auto refused = [&](auto edit) {
    AdminTenant::Change wrong;
    edit(wrong);
    return code_of(tenant_admin_.update(administrator(), wrong));
  };
  EXPECT_EQ(refused([](auto& c) { c.name = ""; }), "field.invalid");
  EXPECT_EQ(refused([](auto& c) { c.place_policy = "maybe"; }), "field.invalid");
  for (const char* zone : {"", "Mars/Olympus", "../../etc/passwd", "/etc/localtime"}) {
    EXPECT_EQ(refused([&](auto& c) { c.time_zone = zone; }), "tenant.time_zone") << zone;
  }
  for (const char* origin : {"crm.example", "http://crm.example", "https://crm.example/path", "https://crm.example/",
                             "https://u@crm.example", "ftp://x"}) {
    EXPECT_EQ(refused([&](auto& c) { c.return_origins = std::vector<std::string>{origin}; }), "tenant.return_origin")
        << origin;
  }
  EXPECT_EQ(refused([](auto& c) { c.consent_texts = {{"en", " \n"}}; }), "tenant.consent_text");
  EXPECT_EQ(refused([](auto& c) { c.consent_texts = {{"en", std::string(4'001, 'x')}}; }), "tenant.consent_text");
  EXPECT_EQ(refused([](auto& c) { c.consent_texts = {{"fr", "Oui"}}; }), "field.invalid");
  EXPECT_EQ(tenant_admin_.read(administrator())->time_zone, "Europe/Berlin");
}

TEST_F(AdminTest, RecordingsAreKeptForEverUntilSomebodySaysOtherwise) {
  using Days = std::optional<std::int64_t>;
  const auto changed = [&](Days days) {
    AdminTenant::Change change;
    change.recording_retention_days = days;
    return tenant_admin_.update(administrator(), change);
  };
  const auto since = [&] {
    return number("SELECT recording_retention_since FROM tenants WHERE id = :t", {{"t", tenant_}});
  };
  EXPECT_EQ(tenant_admin_.read(administrator())->recording_retention_days, std::nullopt);
  EXPECT_EQ(changed(30)->recording_retention_days, Days(30));
  const auto first = since();
  clock_.advance(std::chrono::hours(1));
  EXPECT_TRUE(changed(30));
  EXPECT_TRUE(tenant_admin_.update(administrator(), {}));
  EXPECT_EQ(since(), first) << "nothing was changed";
  EXPECT_EQ(changed(31)->recording_retention_days, Days(31));
  EXPECT_EQ(since(), to_micros(clock_.wall_now()));
  for (const std::int64_t wrong : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{36'501}}) {
    EXPECT_EQ(code_of(changed(wrong)), "field.invalid") << wrong;
  }
  EXPECT_EQ(changed(std::nullopt)->recording_retention_days, std::nullopt);
  EXPECT_EQ(number("SELECT COUNT(*) FROM audit WHERE data_json LIKE '%\"recordingRetentionDays\":\"31\"%'"), 1);
}

TEST_F(AdminTest, EveryChangeIsInTheAuditLogUnderItsChain) {
  const auto before = audit_actions();
  const auto queue = queues_.create(administrator(), "Loans").value();
  ASSERT_FALSE(queues_.create(administrator(), "Loans"));  // refused: leaves nothing
  ASSERT_TRUE(queues_.update(administrator(), queue.id.str(), {.name = "Cards", .enabled = {}}));
  ASSERT_TRUE(queues_.remove(administrator(), queue.id.str()));
  const auto agent = user("wang");
  ASSERT_TRUE(
      users_.update(administrator(), agent.id.str(),
                    {.display_name = {}, .role = {}, .enabled = {}, .password = "another one 2", .queue_ids = {}}));
  ASSERT_TRUE(keys_.create(administrator(), "k"));
  ASSERT_TRUE(reasons_.create(administrator(), ReasonKind::rejected, "r"));
  ASSERT_TRUE(tenant_admin_.update(administrator(), {}));
  auto actions = audit_actions();
  actions.erase(actions.begin(), actions.begin() + static_cast<std::ptrdiff_t>(before.size()));
  EXPECT_EQ(actions, (std::vector<std::string>{"queue.created", "queue.changed", "queue.deleted", "user.created",
                                               "user.changed", "api_key.created", "reason.created", "tenant.changed"}));
  EXPECT_EQ(database_
                ->read([&](store::Connection& c) -> Result<std::int64_t> {
                  return store::first_broken_audit_entry(c, tenant_);
                })
                .value(),
            0);
  EXPECT_EQ(number("SELECT COUNT(*) FROM audit WHERE data_json LIKE '%another one%' OR data_json LIKE '%twk_%'"), 0);
}

TEST_F(AdminTest, TheAuditLogIsReadInPagesNewestFirst) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(queues_.create(administrator(), "q" + std::to_string(i)));
  const auto whole = audit_.list(administrator(), {});
  ASSERT_TRUE(whole);
  EXPECT_TRUE(whole->next_cursor.empty());
  EXPECT_EQ(whole->items.front().action, "queue.created");
  EXPECT_EQ(whole->items.front().actor, "administrator " + administrator_.str());
  std::vector<AuditId> paged;
  PageRequest request{.cursor = "", .limit = 3};
  do {
    const auto page = audit_.list(administrator(), request);
    ASSERT_TRUE(page);
    ASSERT_LE(page->items.size(), 3u);
    for (const auto& entry : page->items) paged.push_back(entry.id);
    request.cursor = page->next_cursor;
  } while (!request.cursor.empty());
  std::vector<AuditId> expected;
  for (const auto& entry : whole->items) expected.push_back(entry.id);
  EXPECT_EQ(paged, expected);
  EXPECT_EQ(code_of(audit_.list(administrator(), {.cursor = "%%%", .limit = 3})), "cursor.invalid");
  EXPECT_EQ(code_of(audit_.list(administrator(), {.cursor = "YWJj", .limit = 3})), "cursor.invalid");
  for (const std::size_t limit : {0u, 201u})
    EXPECT_EQ(code_of(audit_.list(administrator(), {.cursor = "", .limit = limit})), "field.invalid");
}

}  // namespace
}  // namespace tw::service
