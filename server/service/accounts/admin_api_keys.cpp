#include "service/accounts/admin_api_keys.hpp"

#include "crypto/token.hpp"
#include "service/accounts/authenticator.hpp"
#include "service/accounts/rules.hpp"
#include "store/accounts/audit.hpp"
#include "store/accounts/credentials.hpp"
#include "store/database.hpp"

namespace tw::service {
namespace {

ApiKey to_view(const store::ApiKeyRow& row) {
  return {row.id, row.name, row.enabled, row.created_at, row.last_used_at};
}

tl::unexpected<Error> name_taken() {
  return fail(ErrorKind::conflict, "api_key.name_taken", "There is a key of this name; choose another one.");
}

}  // namespace

AdminApiKeys::AdminApiKeys(AccountsContext context) : context_(context) {}

Result<std::vector<ApiKey>> AdminApiKeys::list(const Caller& caller) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  return context_.database.read([&](store::Connection& connection) -> Result<std::vector<ApiKey>> {
    std::vector<ApiKey> keys;
    for (const auto& row : store::api_keys_of(connection, caller.tenant)) keys.push_back(to_view(row));
    return keys;
  });
}

Result<CreatedApiKey> AdminApiKeys::create(const Caller& caller, const std::string& name) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  if (auto good = check_name("name", name); !good) return tl::unexpected(good.error());
  const WallTime now = context_.clock.wall_now();
  const std::string secret = make_token(kApiKeyPrefix, context_.random);
  return context_.database.write([&](store::Transaction& transaction) -> Result<CreatedApiKey> {
    if (store::is_api_key_name_taken(transaction, caller.tenant, name)) return name_taken();
    if (store::api_keys_of(transaction, caller.tenant).size() >= static_cast<std::size_t>(kMostKeys)) {
      return fail(ErrorKind::conflict, "api_key.too_many",
                  "There are as many keys as there may be; disable what is not needed and use a key that is there.");
    }
    const store::ApiKeyRow row{ApiKeyId::make(now, context_.random), name, true, now, std::nullopt};
    store::add_api_key(transaction, caller.tenant, row, token_hash(secret));
    store::append_audit(
        transaction, {caller.tenant, now, caller.actor(), "api_key.created", row.id.str(), json_of({{"name", name}})},
        context_.random);
    return CreatedApiKey{to_view(row), secret};
  });
}

Result<ApiKey> AdminApiKeys::update(const Caller& caller, const std::string& id, const Change& change) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  if (change.name) {
    if (auto good = check_name("name", *change.name); !good) return tl::unexpected(good.error());
  }
  return context_.database.write([&](store::Transaction& transaction) -> Result<ApiKey> {
    const auto key_id = ApiKeyId::parse(id);
    auto row = key_id ? store::find_api_key(transaction, caller.tenant, *key_id) : std::nullopt;
    if (!row) return not_found();
    if (change.name && *change.name != row->name) {
      if (store::is_api_key_name_taken(transaction, caller.tenant, *change.name)) return name_taken();
      row->name = *change.name;
    }
    row->enabled = change.enabled.value_or(row->enabled);
    store::change_api_key(transaction, caller.tenant, *row);
    store::append_audit(transaction,
                        {caller.tenant, context_.clock.wall_now(), caller.actor(), "api_key.changed", row->id.str(),
                         json_of({{"name", row->name}, {"enabled", row->enabled ? "true" : "false"}})},
                        context_.random);
    return to_view(*row);
  });
}

}  // namespace tw::service
