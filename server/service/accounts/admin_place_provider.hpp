#pragma once

#include <optional>
#include <string>

#include "service/accounts/context.hpp"
#include "service/caller.hpp"
#include "service/place_provider.hpp"

namespace tw::service {

/// Who says customers' places in words.
struct PlaceAddressSettings {
  bool offline_available = false;  ///< this server has its table of towns
  std::optional<PlaceProviderRules> provider;
  bool has_key = false;  ///< of the provider; it is never shown again
};

/// A company's own geocoder, for its administrators.
class AdminPlaceProvider {
 public:
  AdminPlaceProvider(AccountsContext context, OutgoingHttp& http, bool offline_available)
      : context_(context), http_(http), offline_available_(offline_available) {}

  [[nodiscard]] Result<PlaceAddressSettings> read(const Caller& caller);
  struct Provider {
    PlaceProviderRules rules;
    std::string key;  ///< empty: none
  };
  /// Takes the place of all that was set before, the key included, so that nobody sends it elsewhere by changing only
  /// the address. `tenant.place_provider`, `outgoing.not_https`, `outgoing.malformed`, `outgoing.private_address`
  /// (422).
  [[nodiscard]] Result<PlaceAddressSettings> set(const Caller& caller, const Provider& provider);
  /// Repeating it changes nothing.
  [[nodiscard]] Result<PlaceAddressSettings> remove(const Caller& caller);

 private:
  AccountsContext context_;
  OutgoingHttp& http_;
  bool offline_available_;
};

}  // namespace tw::service
