#include "store/accounts/brands.hpp"

namespace tw::store {

BrandRow brand_of(Connection& connection, const TenantId& tenant) {
  const auto row =
      connection.first("SELECT colour, logo_sha256 FROM tenant_brands WHERE tenant_id = :tenant", {{"tenant", tenant}});
  return row ? BrandRow{row->text(0), row->text(1)} : BrandRow{};
}

void set_brand_colour(Transaction& transaction, const TenantId& tenant, const std::string& colour, WallTime now) {
  transaction.execute(
      "INSERT INTO tenant_brands (tenant_id, colour, changed_at) VALUES (:tenant, :colour, :now) "
      "ON CONFLICT (tenant_id) DO UPDATE SET colour = excluded.colour, changed_at = excluded.changed_at",
      {{"tenant", tenant}, {"colour", colour}, {"now", now}});
}

void set_logo(Transaction& transaction, const TenantId& tenant, const LogoRow& logo, WallTime now) {
  transaction.execute(
      "INSERT INTO tenant_brands (tenant_id, logo_sha256, logo_type, logo_width, logo_height, logo_base64, changed_at) "
      "VALUES (:tenant, :sha256, :type, :width, :height, :picture, :now) "
      "ON CONFLICT (tenant_id) DO UPDATE SET logo_sha256 = excluded.logo_sha256, logo_type = excluded.logo_type, "
      "logo_width = excluded.logo_width, logo_height = excluded.logo_height, logo_base64 = excluded.logo_base64, "
      "changed_at = excluded.changed_at",
      {{"tenant", tenant},
       {"sha256", logo.sha256},
       {"type", logo.media_type},
       {"width", logo.width},
       {"height", logo.height},
       {"picture", to_base64(logo.picture)},
       {"now", now}});
}

void remove_logo(Transaction& transaction, const TenantId& tenant, WallTime now) {
  transaction.execute(
      "UPDATE tenant_brands SET logo_sha256 = '', logo_type = '', logo_width = 0, logo_height = 0, logo_base64 = '', "
      "changed_at = :now WHERE tenant_id = :tenant",
      {{"tenant", tenant}, {"now", now}});
}

std::optional<LogoRow> find_logo(Connection& connection, const TenantId& tenant, const std::string& sha256) {
  const auto row = connection.first(
      "SELECT b.logo_sha256, b.logo_type, b.logo_width, b.logo_height, b.logo_base64 FROM tenant_brands b "
      "JOIN tenants t ON t.id = b.tenant_id "
      "WHERE b.tenant_id = :tenant AND b.logo_sha256 = :sha256 AND b.logo_sha256 <> '' AND t.enabled = 1",
      {{"tenant", tenant}, {"sha256", sha256}});
  if (!row) return std::nullopt;
  auto picture = from_base64(row->text(4));
  if (!picture) throw StoreError("a stored logo is no base64");
  return LogoRow{row->text(0), row->text(1), row->i64(2), row->i64(3), std::move(*picture)};
}

}  // namespace tw::store
