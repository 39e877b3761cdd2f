#include "store/accounts/place_providers.hpp"

namespace tw::store {

std::optional<PlaceProviderRow> find_place_provider(Connection& connection, const TenantId& tenant) {
  const auto row = connection.first(
      "SELECT url, address_pointer, coordinates, sealed_key, changed_at FROM place_providers WHERE tenant_id = :tenant",
      {{"tenant", tenant}});
  if (!row) return std::nullopt;
  return PlaceProviderRow{row->text(0), row->text(1), row->text(2), row->text(3), row->time(4)};
}

void put_place_provider(Transaction& transaction, const TenantId& tenant, const PlaceProviderRow& row) {
  remove_place_provider(transaction, tenant);
  transaction.execute(
      "INSERT INTO place_providers (tenant_id, url, address_pointer, coordinates, sealed_key, changed_at) "
      "VALUES (:tenant, :url, :pointer, :coordinates, :sealed, :at)",
      {{"tenant", tenant},
       {"url", row.url},
       {"pointer", row.address_pointer},
       {"coordinates", row.coordinates},
       {"sealed", row.sealed_key},
       {"at", row.changed_at}});
}

void remove_place_provider(Transaction& transaction, const TenantId& tenant) {
  transaction.execute("DELETE FROM place_providers WHERE tenant_id = :tenant", {{"tenant", tenant}});
}

}  // namespace tw::store
