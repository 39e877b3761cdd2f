#include "service/accounts/brands.hpp"

#include <algorithm>

#include "crypto/digest.hpp"
#include "service/accounts/logo_picture.hpp"
#include "service/accounts/rules.hpp"
#include "store/accounts/audit.hpp"
#include "store/accounts/brands.hpp"
#include "store/accounts/tenants.hpp"
#include "store/database.hpp"

namespace tw::service {

Result<BrandView> Brands::put_logo(const Caller& caller, ByteView file) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  auto picture = read_logo(file);
  if (!picture) return tl::unexpected(picture.error());
  const store::LogoRow row{to_hex(sha256(picture->bytes)), picture->media_type, picture->width, picture->height,
                           std::move(picture->bytes)};
  const WallTime now = context_.clock.wall_now();
  return context_.database.write([&](store::Transaction& transaction) -> Result<BrandView> {
    const auto tenant = store::find_tenant(transaction, caller.tenant);
    if (!tenant) return not_found();
    if (store::brand_of(transaction, caller.tenant).logo_sha256 != row.sha256) {
      store::set_logo(transaction, caller.tenant, row, now);
      store::append_audit(
          transaction,
          {caller.tenant, now, caller.actor(), "tenant.logo_changed", caller.tenant.str(),
           json_of(
               {{"sha256", row.sha256}, {"width", std::to_string(row.width)}, {"height", std::to_string(row.height)}})},
          context_.random);
    }
    return build_brand(transaction, caller.tenant, tenant->name);
  });
}

Result<void> Brands::remove_logo(const Caller& caller) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return allowed;
  const WallTime now = context_.clock.wall_now();
  return context_.database.write([&](store::Transaction& transaction) -> Result<void> {
    if (store::brand_of(transaction, caller.tenant).logo_sha256.empty()) return {};
    store::remove_logo(transaction, caller.tenant, now);
    store::append_audit(transaction,
                        {caller.tenant, now, caller.actor(), "tenant.logo_removed", caller.tenant.str(), json_of({})},
                        context_.random);
    return {};
  });
}

Result<Logo> Brands::logo(const std::string& tenant, const std::string& sha256) {
  const auto id = TenantId::parse(tenant);
  if (!id) return not_found();
  return context_.database.read([&](store::Connection& connection) -> Result<Logo> {
    auto row = store::find_logo(connection, *id, sha256);
    if (!row) return not_found();
    return Logo{std::move(row->media_type), std::move(row->sha256), std::move(row->picture)};
  });
}

BrandView build_brand(store::Connection& connection, const TenantId& tenant, const std::string& company_name) {
  const store::BrandRow row = store::brand_of(connection, tenant);
  BrandView brand{company_name, row.colour, {}};
  if (!row.logo_sha256.empty()) brand.logo_url = "/api/v1/tenants/" + tenant.str() + "/logos/" + row.logo_sha256;
  return brand;
}

std::optional<std::string> normalised_colour(std::string_view text) {
  constexpr std::size_t kLength = 7;
  if (text.size() != kLength || text.front() != '#') return std::nullopt;
  std::string colour(text);
  std::ranges::transform(colour, colour.begin(), [](char c) { return c >= 'A' && c <= 'F' ? char(c - 'A' + 'a') : c; });
  if (colour.find_first_not_of("0123456789abcdef", 1) != std::string::npos) return std::nullopt;
  return colour;
}

}  // namespace tw::service
