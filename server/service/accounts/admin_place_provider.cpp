#include "service/accounts/admin_place_provider.hpp"

#include "crypto/aead.hpp"
#include "service/accounts/rules.hpp"
#include "store/accounts/audit.hpp"
#include "store/accounts/place_providers.hpp"
#include "store/database.hpp"

namespace tw::service {
namespace {

PlaceAddressSettings view(store::Connection& connection, const TenantId& tenant, bool offline_available) {
  PlaceAddressSettings settings{offline_available, std::nullopt, false};
  if (auto row = store::find_place_provider(connection, tenant)) {
    settings.has_key = !row->sealed_key.empty();
    settings.provider =
        PlaceProviderRules{std::move(row->url), std::move(row->address_pointer), row->coordinates == "gcj02"};
  }
  return settings;
}

/// For the audit log: where coordinates go, without what a query may hide.
std::string host_of(const std::string& url) {
  const std::size_t begin = url.find("://") + 3;
  return url.substr(begin, url.find_first_of("/?#", begin) - begin);
}

}  // namespace

Result<PlaceAddressSettings> AdminPlaceProvider::read(const Caller& caller) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  return context_.database.read([&](store::Connection& connection) -> Result<PlaceAddressSettings> {
    return view(connection, caller.tenant, offline_available_);
  });
}

Result<PlaceAddressSettings> AdminPlaceProvider::set(const Caller& caller, const Provider& provider) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  if (auto good = check_rules(provider.rules, provider.key); !good) return tl::unexpected(good.error());
  if (auto good = http_.check_url(provider_url(provider.rules, provider.key, {})); !good) {
    good.error().kind = ErrorKind::unprocessable;
    good.error().params.emplace_back("field", "url");
    return tl::unexpected(good.error());
  }
  const auto tenant_key = context_.tenant_keys.of(caller.tenant);
  if (!tenant_key) return tl::unexpected(tenant_key.error());
  const WallTime now = context_.clock.wall_now();
  store::PlaceProviderRow row{provider.rules.url, provider.rules.address_pointer,
                              provider.rules.shifted ? "gcj02" : "wgs84", "", now};
  if (!provider.key.empty()) {
    row.sealed_key = to_base64(seal_value(*tenant_key, as_bytes(provider.key), kPlaceKeyContext, context_.random));
  }
  return context_.database.write([&](store::Transaction& transaction) -> Result<PlaceAddressSettings> {
    store::put_place_provider(transaction, caller.tenant, row);
    store::append_audit(transaction,
                        {caller.tenant, now, caller.actor(), "place_provider.changed", caller.tenant.str(),
                         json_of({{"host", host_of(row.url)}, {"coordinates", row.coordinates}})},
                        context_.random);
    return view(transaction, caller.tenant, offline_available_);
  });
}

Result<PlaceAddressSettings> AdminPlaceProvider::remove(const Caller& caller) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  const WallTime now = context_.clock.wall_now();
  return context_.database.write([&](store::Transaction& transaction) -> Result<PlaceAddressSettings> {
    if (store::find_place_provider(transaction, caller.tenant)) {
      store::remove_place_provider(transaction, caller.tenant);
      store::append_audit(transaction,
                          {caller.tenant, now, caller.actor(), "place_provider.removed", caller.tenant.str()},
                          context_.random);
    }
    return view(transaction, caller.tenant, offline_available_);
  });
}

}  // namespace tw::service
