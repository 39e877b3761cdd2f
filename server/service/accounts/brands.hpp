#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/encoding.hpp"
#include "service/accounts/context.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::store {
class Connection;
}

namespace tw::service {

/// A logo on its way to a page.
struct Logo {
  std::string media_type;
  std::string sha256;
  Bytes picture;
};

/// A company's logo. The colour is a setting of AdminTenant.
class Brands {
 public:
  explicit Brands(AccountsContext context) : context_(context) {}

  /// Replaces the logo; the errors of read_logo. Administrators only; on the audit log.
  [[nodiscard]] Result<BrandView> put_logo(const Caller& caller, ByteView file);
  /// Removing what is not there changes nothing.
  [[nodiscard]] Result<void> remove_logo(const Caller& caller);
  /// For anybody who knows both the company and the picture's digest, as its pages do. `not_found` (404) otherwise.
  [[nodiscard]] Result<Logo> logo(const std::string& tenant, const std::string& sha256);

 private:
  AccountsContext context_;
};

/// `company_name`: as the page names the company.
[[nodiscard]] BrandView build_brand(store::Connection& connection, const TenantId& tenant,
                                    const std::string& company_name);
/// #rrggbb in small letters; nullopt for anything else.
[[nodiscard]] std::optional<std::string> normalised_colour(std::string_view text);

}  // namespace tw::service
