#include "service/accounts/login_tokens.hpp"

#include "crypto/token.hpp"
#include "service/accounts/agent_links.hpp"
#include "service/accounts/rules.hpp"
#include "store/accounts/audit.hpp"
#include "store/accounts/login_tokens.hpp"
#include "store/accounts/queues.hpp"
#include "store/accounts/tenants.hpp"
#include "store/database.hpp"

namespace tw::service {
namespace {

constexpr std::chrono::minutes kRateWindow{1};

bool is_for(const store::TenantRow& tenant, const store::LoginTokenRow& row, const LoginTokens::Scope& scope) {
  return tenant.account == scope.account && row.business_id == scope.business_id && row.assist_id == scope.assist_id &&
         row.company_name == scope.company_name;
}

Result<LoginTokens::Login> login_of(store::Connection& connection, std::string_view token,
                                    const LoginTokens::Scope& scope, WallTime now) {
  const auto row =
      token.starts_with(kLoginTokenPrefix) ? store::find_login_token(connection, token_hash(token)) : std::nullopt;
  const auto tenant = row ? store::find_tenant(connection, row->tenant) : std::nullopt;
  if (!tenant) {
    return fail(ErrorKind::unauthenticated, "login_token.unknown",
                "This login is none of this server's; ask your server for a new one.");
  }
  if (!is_for(*tenant, *row, scope)) {
    return fail(ErrorKind::forbidden, "login_token.scope",
                "The login is for another company, business or assist id, or company name.");
  }
  if (row->used_at)
    return fail(ErrorKind::gone, "login_token.used", "The login was used before; ask your server for a new one.");
  if (row->expires_at <= now)
    return fail(ErrorKind::gone, "login_token.expired", "The login's time is over; ask your server for a new one.");
  LoginTokens::Login login;
  login.integrator = {row->tenant, CallerKind::api_key, row->key.str(), {}, {}};
  login.granted = {tenant->account, row->business_id,    row->assist_id,  row->company_name,  row->nick_name,
                   row->queue_id,   row->order_endpoint, row->return_url, row->risk_video_url};
  login.tenant_name = tenant->name;
  login.embed_origins = tenant->embed_origins;
  login.expires_at = row->expires_at;
  return login;
}

}  // namespace

LoginTokens::LoginTokens(AccountsContext context) : context_(context) {}

Result<LoginTokens::Token> LoginTokens::create(const Caller& caller, const NewToken& wanted) {
  if (auto allowed = require(caller, {CallerKind::api_key}); !allowed) return tl::unexpected(allowed.error());
  const WallTime now = context_.clock.wall_now();
  std::string token = make_token(kLoginTokenPrefix, context_.random);
  return context_.database.write([&](store::Transaction& transaction) -> Result<Token> {
    const auto tenant = store::find_tenant(transaction, caller.tenant);
    if (!tenant) return not_found();
    if (!wanted.account.empty() && wanted.account != tenant->account) {
      return fail(ErrorKind::unprocessable, "tenant.other_account", "The API key belongs to another company account.");
    }
    if (!wanted.queue_id.empty()) {
      const auto id = QueueId::parse(wanted.queue_id);
      const auto queue = id ? store::admin_queue(transaction, caller.tenant, *id) : std::nullopt;
      if (!queue || !queue->enabled)
        return fail(ErrorKind::unprocessable, "queue.unknown", "There is no enabled queue of this id.");
    }
    if (!wanted.return_url.empty() && !has_registered_origin(wanted.return_url, tenant->return_origins)) {
      return fail(ErrorKind::unprocessable, "return_url.not_registered",
                  "Register the origin of the return address with the company first.");
    }
    if (store::count_login_tokens(transaction, caller.tenant, now - kRateWindow) >= kMostAMinute) {
      return fail(ErrorKind::rate_limited, "login_token.limited", "Too many logins were asked for within a minute.",
                  {{"retryAfterS", std::to_string(std::chrono::seconds(kRateWindow).count())}});
    }
    const store::LoginTokenRow row{caller.tenant,
                                   ApiKeyId::trusted(caller.id),
                                   wanted.business_id,
                                   wanted.assist_id,
                                   wanted.company_name,
                                   wanted.nick_name,
                                   wanted.queue_id,
                                   wanted.order_endpoint,
                                   wanted.return_url,
                                   wanted.risk_video_url,
                                   now,
                                   now + kValidFor};
    store::add_login_token(transaction, row, token_hash(token), now - kRemembered);
    store::append_audit(transaction, {caller.tenant, now, caller.actor(), "login_token.created", ""}, context_.random);
    return Token{token, row.expires_at};
  });
}

Result<LoginTokens::Login> LoginTokens::check(std::string_view token, const Scope& scope) const {
  return context_.database.read(
      [&](store::Connection& connection) { return login_of(connection, token, scope, context_.clock.wall_now()); });
}

Result<LoginTokens::Login> LoginTokens::use(std::string_view token, const Scope& scope) {
  const WallTime now = context_.clock.wall_now();
  return context_.database.write([&](store::Transaction& transaction) -> Result<Login> {
    auto login = login_of(transaction, token, scope, now);
    if (!login) return login;
    if (!store::use_login_token(transaction, token_hash(token), now))
      return fail(ErrorKind::gone, "login_token.used", "The login was used before; ask your server for a new one.");
    return login;
  });
}

void LoginTokens::release(std::string_view token) {
  static_cast<void>(context_.database.write([&](store::Transaction& transaction) -> Result<void> {
    store::release_login_token(transaction, token_hash(token));
    return {};
  }));
}

void LoginTokens::became(std::string_view token, const InterviewId& interview) {
  static_cast<void>(context_.database.write([&](store::Transaction& transaction) -> Result<void> {
    store::note_login_interview(transaction, token_hash(token), interview);
    return {};
  }));
}

void LoginTokens::refused(std::string_view token, const Login& login, const std::string& features) {
  static_cast<void>(context_.database.write([&](store::Transaction& transaction) -> Result<void> {
    if (!store::note_refused_features(transaction, token_hash(token), features)) return {};
    store::append_audit(transaction,
                        {login.integrator.tenant, context_.clock.wall_now(), login.integrator.actor(),
                         "login_token.asked_unbuilt", "", json_of({{"features", features}})},
                        context_.random);
    return {};
  }));
}

}  // namespace tw::service
