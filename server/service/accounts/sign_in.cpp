#include "service/accounts/sign_in.hpp"

#include "base/log.hpp"
#include "crypto/password.hpp"
#include "crypto/token.hpp"
#include "service/accounts/agent_links.hpp"
#include "service/accounts/authenticator.hpp"
#include "service/accounts/brands.hpp"
#include "service/accounts/rules.hpp"
#include "service/accounts/sign_in_limiter.hpp"
#include "store/accounts/audit.hpp"
#include "store/accounts/credentials.hpp"
#include "store/accounts/tenants.hpp"
#include "store/accounts/users.hpp"
#include "store/database.hpp"

namespace tw::service {
namespace {

constexpr std::size_t kMostPasswordBytes = 1'024;

tl::unexpected<Error> failed() {
  return fail(ErrorKind::unauthenticated, "sign_in.failed", "Company account, name or password is wrong.");
}

tl::unexpected<Error> limited(std::chrono::seconds wait) {
  return fail(ErrorKind::rate_limited, "sign_in.limited", "Too many failed sign-ins; wait before trying again.",
              {{"retryAfterS", std::to_string(wait.count())}});
}

struct Found {
  TenantId tenant;
  AgentId user;
  std::string password_hash;
};

Result<std::optional<Found>> find(store::Database& database, const SignIn::Credentials& credentials) {
  return database.read([&](store::Connection& connection) -> Result<std::optional<Found>> {
    const auto tenant = store::find_tenant_by_account(connection, credentials.tenant);
    if (!tenant || !tenant->enabled) return std::nullopt;
    const auto user = store::find_user_by_name(connection, tenant->id, credentials.name);
    if (!user || !user->enabled) return std::nullopt;
    return Found{tenant->id, user->id, user->password_hash};
  });
}

SignedInUser to_signed_in_user(store::Connection& connection, const store::TenantRow& tenant,
                               const store::UserRow& user) {
  SignedInUser shown;
  shown.id = user.id;
  shown.number = user.number;
  shown.name = user.name;
  shown.display_name = user.display_name;
  shown.role = parse_role(user.role).value_or(Role::agent);
  shown.can_supervise = user.can_supervise || shown.role == Role::administrator;
  shown.tenant = tenant.account;
  shown.tenant_name = tenant.name;
  shown.brand = build_brand(connection, tenant.id, tenant.name);
  return shown;
}

}  // namespace

const char* to_string(Role role) { return role == Role::administrator ? "administrator" : "agent"; }

std::optional<Role> parse_role(std::string_view text) {
  if (text == "agent") return Role::agent;
  if (text == "administrator") return Role::administrator;
  return std::nullopt;
}

SignIn::SignIn(AccountsContext context, AgentLinks& links)
    : context_(context), links_(links), limiter_(std::make_unique<SignInLimiter>(context.clock)) {}
SignIn::~SignIn() = default;

Result<SignedIn> SignIn::sign_in(const Credentials& credentials, const std::string& address) {
  const std::string name = credentials.tenant + "\n" + credentials.name;
  if (const auto wait = limiter_->attempt(name, address)) return limited(*wait);
  auto found = find(context_.database, credentials);
  if (!found) return tl::unexpected(found.error());
  // Every way to fail costs one argon2id, so that time tells no more than the answer.
  const std::string_view password = std::string_view(credentials.password).substr(0, kMostPasswordBytes);
  if (!*found) {
    verify_no_password(password);
    return failed();
  }
  if (!verify_password(password, (*found)->password_hash)) {
    log::warning("sign-in failed", {{"tenant", (*found)->tenant.str()}, {"user", (*found)->user.str()}});
    return failed();
  }
  auto signed_in = admit((*found)->tenant, (*found)->user, (*found)->password_hash, std::nullopt, "");
  if (signed_in) limiter_->succeeded(name, address);
  return signed_in;
}

Result<SignedIn> SignIn::sign_in_by_link(const std::string& link_token, const std::string& address) {
  // The signature makes guessing hopeless; the limit keeps noise away from the database's one writer.
  const std::string name = "link\n" + address;
  if (const auto wait = limiter_->attempt(name, address)) return limited(*wait);
  auto claims = links_.redeem(link_token);
  if (!claims) return tl::unexpected(claims.error());
  auto signed_in = admit(claims->tenant, claims->user, "", claims->queue, claims->return_url);
  if (signed_in) limiter_->succeeded(name, address);
  return signed_in;
}

/// `expected_hash` is what the password was checked against: it may have been changed meanwhile. Empty for links.
Result<SignedIn> SignIn::admit(const TenantId& tenant, const AgentId& user, const std::string& expected_hash,
                               const std::optional<QueueId>& queue, const std::string& return_url) {
  const WallTime now = context_.clock.wall_now();
  const std::string token = make_token(kUserTokenPrefix, context_.random);
  return context_.database.write([&](store::Transaction& transaction) -> Result<SignedIn> {
    const auto tenant_row = store::find_tenant(transaction, tenant);
    auto user_row = store::find_user(transaction, tenant, user);
    const bool by_link = expected_hash.empty();
    if (!tenant_row || !tenant_row->enabled || !user_row || !user_row->enabled ||
        (!by_link && user_row->password_hash != expected_hash)) {
      if (by_link)
        return fail(ErrorKind::not_found, "link.unknown", "The link is for somebody who may no longer sign in.");
      return failed();
    }
    user_row->last_sign_in_at = now;
    store::change_user(transaction, tenant, *user_row);
    const store::SignInRow row{
        SignInId::make(now, context_.random), tenant, user, now, now + kValidFor, queue, return_url};
    store::add_sign_in(transaction, row, token_hash(token), kMostSignInsOfAUser);
    store::append_audit(transaction,
                        {tenant, now, user_row->role + " " + user.str(),
                         by_link ? "user.signed_in_by_link" : "user.signed_in", row.id.str()},
                        context_.random);
    SignedIn signed_in{token, row.expires_at, to_signed_in_user(transaction, *tenant_row, *user_row)};
    signed_in.user.queue_id = queue;
    signed_in.user.return_url = return_url;
    return signed_in;
  });
}

Result<SignedInUser> SignIn::me(const Caller& caller) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  return context_.database.read([&](store::Connection& connection) -> Result<SignedInUser> {
    const auto tenant = store::find_tenant(connection, caller.tenant);
    const auto user = store::find_user(connection, caller.tenant, caller.user());
    if (!tenant || !user) return not_found();
    SignedInUser shown = to_signed_in_user(connection, *tenant, *user);
    if (const auto sign_in = store::find_sign_in(connection, caller.tenant, SignInId::trusted(caller.session))) {
      shown.queue_id = sign_in->queue;
      shown.return_url = sign_in->return_url;
    }
    return shown;
  });
}

Result<void> SignIn::sign_out(const Caller& caller) {
  if (auto allowed = require_user(caller); !allowed) return allowed;
  auto written = context_.database.write([&](store::Transaction& transaction) -> Result<void> {
    store::remove_sign_in(transaction, caller.tenant, SignInId::trusted(caller.session));
    store::append_audit(transaction,
                        {caller.tenant, context_.clock.wall_now(), caller.actor(), "user.signed_out", caller.session},
                        context_.random);
    return {};
  });
  if (written) context_.notifier.user_signed_out(caller.tenant, caller.user());
  return written;
}

}  // namespace tw::service
