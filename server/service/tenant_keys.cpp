#include "service/tenant_keys.hpp"

#include "base/encoding.hpp"
#include "store/accounts/tenants.hpp"

namespace tw::service {
namespace {

std::string context_of(const TenantId& tenant) { return "tenant:" + tenant.str(); }

}  // namespace

TenantKeys::TenantKeys(store::Database& database, const SecretKey& master)
    : database_(database), wrapping_key_(master.clone()) {}

Result<SecretKey> TenantKeys::of(const TenantId& tenant) const {
  const auto wrapped = database_.read([&](store::Connection& connection) -> Result<std::string> {
    const auto row = store::find_tenant(connection, tenant);
    if (!row) return fail(ErrorKind::not_found, "tenant.unknown", "There is no such tenant.");
    return row->wrapped_key;
  });
  if (!wrapped) return tl::unexpected(wrapped.error());
  return unwrap(tenant, *wrapped);
}

Result<SecretKey> TenantKeys::unwrap(const TenantId& tenant, const std::string& wrapped) const {
  return wrapping_key_.unwrap(from_base64(wrapped).value_or(Bytes{}), context_of(tenant));
}

std::string TenantKeys::make_wrapped(const TenantId& tenant, Random& random) const {
  return to_base64(wrapping_key_.wrap(SecretKey::make(random), context_of(tenant), random));
}

}  // namespace tw::service
