#pragma once

#include <optional>
#include <string>

#include "store/database.hpp"

namespace tw::store {

/// A company's own geocoder.
struct PlaceProviderRow {
  std::string url;              ///< with {latitude}, {longitude} and, where there is a key, {key}
  std::string address_pointer;  ///< JSON Pointer (RFC 6901)
  std::string coordinates;      ///< wgs84, gcj02
  std::string sealed_key;       ///< base64; empty: no key
  WallTime changed_at;
};
[[nodiscard]] std::optional<PlaceProviderRow> find_place_provider(Connection& connection, const TenantId& tenant);
/// Instead of the one that was there.
void put_place_provider(Transaction& transaction, const TenantId& tenant, const PlaceProviderRow& row);
void remove_place_provider(Transaction& transaction, const TenantId& tenant);

}  // namespace tw::store
