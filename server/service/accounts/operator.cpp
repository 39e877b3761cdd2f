#include "service/accounts/operator.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "crypto/aead.hpp"
#include "crypto/password.hpp"
#include "crypto/token.hpp"
#include "service/accounts/authenticator.hpp"
#include "service/accounts/default_texts.hpp"
#include "service/accounts/rules.hpp"
#include "service/accounts/sign_in.hpp"
#include "store/accounts/audit.hpp"
#include "store/accounts/credentials.hpp"
#include "store/accounts/mark_labels.hpp"
#include "store/accounts/queues.hpp"
#include "store/accounts/reasons.hpp"
#include "store/accounts/tenants.hpp"
#include "store/accounts/users.hpp"
#include "store/database.hpp"

namespace tw::service {
namespace {

constexpr const char* kActor = "operator";
constexpr const char* kDemoContext = "demo sign-ins";
constexpr std::size_t kMostAccountCharacters = 63;

/// 120 random bits that can be typed: 20 characters of base64url.
std::string make_password(Random& random) {
  std::array<std::uint8_t, 15> bytes;
  random.fill(bytes);
  return to_base64url(bytes);
}

Result<void> check_account(const std::string& account) {
  const bool good = !account.empty() && account.size() <= kMostAccountCharacters && account.front() != '-' &&
                    std::all_of(account.begin(), account.end(),
                                [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  if (good) return {};
  return field_invalid(
      "account", "An account is 1 to 63 lower-case letters, digits and hyphens, and does not begin with a hyphen.");
}

tl::unexpected<Error> account_taken() {
  return fail(ErrorKind::conflict, "tenant.account_taken", "There is a company of this account; choose another one.");
}

/// Someone who can sign in, with what takes too long for a transaction done before.
struct NewPerson {
  std::string name;
  std::string display_name;
  Role role = Role::agent;
  std::string password;
  std::string password_hash;
};

NewPerson make_person(std::string name, std::string display_name, Role role, Random& random) {
  NewPerson person{std::move(name), std::move(display_name), role, make_password(random), ""};
  person.password_hash = hash_password(person.password);
  return person;
}

/// Makes the rows of a company, in a transaction of the caller.
class TenantMaker {
 public:
  TenantMaker(const AccountsContext& context, store::Transaction& transaction)
      : context_(context), transaction_(transaction), now_(context.clock.wall_now()) {}

  Result<TenantId> tenant(const std::string& account, const std::string& name) {
    if (store::find_tenant_by_account(transaction_, account)) return account_taken();
    store::TenantRow row;
    row.id = TenantId::make(now_, context_.random);
    row.account = account;
    row.name = name;
    row.created_at = now_;
    row.wrapped_key = context_.tenant_keys.make_wrapped(row.id, context_.random);
    store::add_tenant(transaction_, row);
    tenant_ = row.id;
    for (const auto& [language, text] : kDefaultConsentTexts) {
      store::put_consent_text(transaction_, tenant_, std::string(language), std::string(text), now_);
    }
    for (const auto& [kind, text] : kDefaultReasons) {
      store::add_reason(transaction_, tenant_,
                        {ReasonId::make(now_, context_.random), std::string(kind), std::string(text), true, now_});
    }
    std::int64_t key = 0;
    for (const std::string_view text : kDefaultMarkLabels) {
      ++key;
      store::add_mark_label(transaction_, tenant_,
                            {MarkLabelId::make(now_, context_.random), std::string(text), key, key, now_});
    }
    audit("tenant.created", tenant_.str());
    return tenant_;
  }

  AgentId user(const NewPerson& person) {
    store::UserRow row;
    row.id = AgentId::make(now_, context_.random);
    row.number = transaction_.next_number(tenant_, "user");
    row.name = person.name;
    row.display_name = person.display_name;
    row.role = to_string(person.role);
    row.password_hash = person.password_hash;
    row.created_at = now_;
    store::add_user(transaction_, tenant_, row);
    audit("user.created", row.id.str());
    return row.id;
  }

  QueueId queue(const std::string& name, const AgentId& agent) {
    const store::AdminQueueRow row{
        QueueId::make(now_, context_.random), transaction_.next_number(tenant_, "queue"), name, true, now_, 0, 0};
    store::add_queue(transaction_, tenant_, row);
    store::put_queues_of_user(transaction_, tenant_, agent, {row.id});
    audit("queue.created", row.id.str());
    return row.id;
  }

  std::string api_key(const std::string& name) {
    std::string secret = make_token(kApiKeyPrefix, context_.random);
    const store::ApiKeyRow row{ApiKeyId::make(now_, context_.random), name, true, now_, std::nullopt};
    store::add_api_key(transaction_, tenant_, row, token_hash(secret));
    audit("api_key.created", row.id.str());
    return secret;
  }

 private:
  void audit(const char* action, const std::string& subject) {
    store::append_audit(transaction_, {tenant_, now_, kActor, action, subject}, context_.random);
  }

  const AccountsContext& context_;
  store::Transaction& transaction_;
  WallTime now_;
  TenantId tenant_;
};

Result<Operator::DemoTenant> parse_demo(std::string_view text) {
  boost::system::error_code error;
  const auto value = boost::json::parse(text, error);
  const auto* object = error ? nullptr : value.if_object();
  const auto damaged = [] {
    return fail(ErrorKind::internal, "tenant.demo_damaged",
                "The demo company's sign-ins cannot be read; use another account.");
  };
  if (object == nullptr) return damaged();
  const auto member = [](const boost::json::object& from, const char* name) {
    const auto* found = from.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
  };
  const auto* agent = object->if_contains("agent");
  const auto* administrator = object->if_contains("administrator");
  if (agent == nullptr || !agent->is_object() || administrator == nullptr || !administrator->is_object())
    return damaged();
  return Operator::DemoTenant{
      member(*object, "account"),
      member(*object, "queueId"),
      {member(agent->get_object(), "name"), member(agent->get_object(), "password")},
      {member(administrator->get_object(), "name"), member(administrator->get_object(), "password")},
      member(*object, "apiKey")};
}

}  // namespace

Operator::Operator(AccountsContext context) : context_(context) {}

Result<std::vector<Operator::TenantRow>> Operator::list_tenants() {
  return context_.database.read([](store::Connection& connection) -> Result<std::vector<TenantRow>> {
    std::vector<TenantRow> tenants;
    for (const auto& row : store::all_tenants(connection))
      tenants.push_back({row.id, row.account, row.name, row.enabled, row.created_at});
    return tenants;
  });
}

Result<Operator::CreatedTenant> Operator::create_tenant(const NewTenant& tenant) {
  if (auto good = check_account(tenant.account); !good) return tl::unexpected(good.error());
  if (auto good = check_name("name", tenant.name); !good) return tl::unexpected(good.error());
  if (auto good = check_name("administratorName", tenant.administrator_name); !good)
    return tl::unexpected(good.error());
  const auto administrator =
      make_person(tenant.administrator_name, tenant.administrator_name, Role::administrator, context_.random);
  return context_.database.write([&](store::Transaction& transaction) -> Result<CreatedTenant> {
    TenantMaker maker(context_, transaction);
    const auto id = maker.tenant(tenant.account, tenant.name);
    if (!id) return tl::unexpected(id.error());
    maker.user(administrator);
    return CreatedTenant{*id, tenant.account, administrator.name, administrator.password};
  });
}

Result<Operator::DemoTenant> Operator::demo_tenant(const std::string& account) {
  if (auto good = check_account(account); !good) return tl::unexpected(good.error());
  auto known = remembered_demo(account);
  if (!known) return tl::unexpected(known.error());
  if (*known) return std::move(**known);

  const auto agent = make_person("agent", "演示坐席", Role::agent, context_.random);
  const auto administrator = make_person("admin", "演示管理员", Role::administrator, context_.random);
  auto made = context_.database.write([&](store::Transaction& transaction) -> Result<DemoTenant> {
    TenantMaker maker(context_, transaction);
    const auto id = maker.tenant(account, account == "demo" ? "演示银行" : "演示银行 " + account);
    if (!id) return tl::unexpected(id.error());
    DemoTenant demo;
    demo.account = account;
    maker.user(administrator);
    demo.queue_id = maker.queue("贷款面签", maker.user(agent)).str();
    demo.agent = {agent.name, agent.password};
    demo.administrator = {administrator.name, administrator.password};
    demo.api_key = maker.api_key("demo");
    if (auto kept = remember_demo(transaction, *id, demo); !kept) return tl::unexpected(kept.error());
    return demo;
  });
  if (made || made.error().code != "tenant.account_taken") return made;
  // Another process made it at the same time.
  known = remembered_demo(account);
  if (!known) return tl::unexpected(known.error());
  if (!*known) return account_taken();
  return std::move(**known);
}

Result<std::optional<Operator::DemoTenant>> Operator::remembered_demo(const std::string& account) const {
  return context_.database.read([&](store::Connection& connection) -> Result<std::optional<DemoTenant>> {
    const auto tenant = store::find_tenant_by_account(connection, account);
    if (!tenant) return std::nullopt;
    const auto sealed = store::demo_secrets(connection, tenant->id);
    if (!sealed) return account_taken();  // a real company: its sign-ins are nobody's to tell
    const auto key = context_.tenant_keys.unwrap(tenant->id, tenant->wrapped_key);
    if (!key) return tl::unexpected(key.error());
    const auto text = open_value(*key, from_base64(*sealed).value_or(Bytes{}), kDemoContext);
    if (!text) return tl::unexpected(text.error());
    auto demo = parse_demo(as_text(*text));
    if (!demo) return tl::unexpected(demo.error());
    return std::move(*demo);
  });
}

Result<void> Operator::remember_demo(store::Transaction& transaction, const TenantId& id,
                                     const DemoTenant& demo) const {
  const auto tenant = store::find_tenant(transaction, id);
  if (!tenant) return not_found();
  const auto key = context_.tenant_keys.unwrap(id, tenant->wrapped_key);
  if (!key) return tl::unexpected(key.error());
  store::add_demo_secrets(transaction, id,
                          to_base64(seal_value(*key, as_bytes(to_json(demo)), kDemoContext, context_.random)));
  return {};
}

std::string to_json(const Operator::DemoTenant& demo) {
  const auto person = [](const Operator::SignInOf& who) {
    return boost::json::object{{"name", who.name}, {"password", who.password}};
  };
  return boost::json::serialize(boost::json::object{{"account", demo.account},
                                                    {"queueId", demo.queue_id},
                                                    {"agent", person(demo.agent)},
                                                    {"administrator", person(demo.administrator)},
                                                    {"apiKey", demo.api_key}});
}

}  // namespace tw::service
