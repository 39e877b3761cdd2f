#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/encoding.hpp"
#include "store/database.hpp"

namespace tw::store {

/// How a company looks; empty where it has not said.
struct BrandRow {
  std::string colour;       ///< #rrggbb
  std::string logo_sha256;  ///< in hexadecimal; names the logo
};
struct LogoRow {
  std::string sha256;
  std::string media_type;
  std::int64_t width = 0;   ///< pixels
  std::int64_t height = 0;  ///< pixels
  Bytes picture;
};

[[nodiscard]] BrandRow brand_of(Connection& connection, const TenantId& tenant);
void set_brand_colour(Transaction& transaction, const TenantId& tenant, const std::string& colour, WallTime now);
void set_logo(Transaction& transaction, const TenantId& tenant, const LogoRow& logo, WallTime now);
void remove_logo(Transaction& transaction, const TenantId& tenant, WallTime now);
/// Only of a tenant that is enabled, and only while it is their logo.
[[nodiscard]] std::optional<LogoRow> find_logo(Connection& connection, const TenantId& tenant,
                                               const std::string& sha256);

}  // namespace tw::store
