#include "service/place_addresses.hpp"

#include "base/log.hpp"
#include "crypto/aead.hpp"
#include "place/address.hpp"
#include "service/core.hpp"
#include "service/place_provider.hpp"
#include "store/accounts/place_providers.hpp"
#include "store/database.hpp"

namespace tw::service {
namespace {

constexpr const char* kNoProvider = "place.no_provider";

Result<std::string> key_of(Core& core, const TenantId& tenant, const store::PlaceProviderRow& row) {
  if (row.sealed_key.empty()) return std::string();
  const auto tenant_key = core.ports().tenant_keys.of(tenant);
  if (!tenant_key) return tl::unexpected(tenant_key.error());
  const auto key = open_value(*tenant_key, from_base64(row.sealed_key).value_or(Bytes{}), kPlaceKeyContext);
  if (!key) return tl::unexpected(key.error());
  return std::string(as_text(*key));
}

}  // namespace

bool PlaceAddresses::is_paused(const TenantId& tenant) {
  const std::lock_guard lock(mutex_);
  const auto found = paused_until_.find(tenant);
  return found != paused_until_.end() && core_.now() < found->second;
}

void PlaceAddresses::pause(const TenantId& tenant) {
  const std::lock_guard lock(mutex_);
  paused_until_.insert_or_assign(tenant, core_.now() + kPauseAfterFailure);
}

Result<std::string> PlaceAddresses::ask_provider(const TenantId& tenant, const place::Position& position) {
  const auto row = core_.database().read([&](store::Connection& connection) -> Result<store::PlaceProviderRow> {
    auto found = store::find_place_provider(connection, tenant);
    if (!found) return fail(ErrorKind::not_found, kNoProvider, "There is no provider.");
    return std::move(*found);
  });
  if (!row) return tl::unexpected(row.error());
  const auto key = key_of(core_, tenant, *row);
  if (!key) return tl::unexpected(key.error());
  OutgoingRequest request;
  request.url = provider_url({row->url, row->address_pointer, row->coordinates == "gcj02"}, *key, position);
  request.headers.emplace_back("Accept", "application/json");
  const auto response = core_.ports().outgoing.send(request);
  if (!response) return tl::unexpected(response.error());
  if (response->status != 200) {
    return fail(ErrorKind::unavailable, "place.provider_status",
                "The geocoder answered " + std::to_string(response->status) + ".");
  }
  return address_in(response->body, row->address_pointer);
}

FoundAddress PlaceAddresses::find(const TenantId& tenant, const place::Position& position, double accuracy_m) {
  if (!is_paused(tenant)) {
    auto address = ask_provider(tenant, position);
    if (address) return {std::move(*address), "provider"};
    const std::string& code = address.error().code;
    // An answer without an address is an answer: the sea has none.
    if (code != kNoProvider && code != "place.no_address") pause(tenant);
    if (code != kNoProvider)
      log::warning("a place provider gave no address", {{"tenant", tenant.str()}, {"code", code}});
  }
  if (core_.ports().gazetteer == nullptr) return {};
  std::string words = place::address_words(*core_.ports().gazetteer, position, accuracy_m);
  if (words.empty()) return {};
  return {std::move(words), "offline"};
}

}  // namespace tw::service
