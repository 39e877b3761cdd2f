#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "place/position.hpp"

namespace tw::service {

/// How a company's own geocoder is asked and where its answer has the address. Any service over https that answers a
/// GET with JSON fits.
struct PlaceProviderRules {
  static constexpr std::size_t kMostUrlBytes = 1'024;
  static constexpr std::size_t kMostPointerBytes = 256;
  static constexpr std::size_t kMostKeyBytes = 256;

  std::string url;              ///< with {latitude}, {longitude} and, where there is a key, {key}
  std::string address_pointer;  ///< JSON Pointer (RFC 6901) to a text
  bool shifted = false;         ///< coordinates are given in GCJ-02 instead of WGS-84
};

/// Longest address, in code points; what is longer ends in an ellipsis.
inline constexpr std::size_t kMostAddressCharacters = 120;

/// `tenant.place_provider` (422) with params.field: `url` without a placeholder that it needs or with one that there is
/// not, a key without its placeholder, a pointer that is none.
[[nodiscard]] Result<void> check_rules(const PlaceProviderRules& rules, std::string_view key);
/// The address to ask at. `key` is already in the clear.
[[nodiscard]] std::string provider_url(const PlaceProviderRules& rules, std::string_view key,
                                       const place::Position& position);
/// The address in an answer, as one clean line. `place.no_address` where there is no text or an empty one.
[[nodiscard]] Result<std::string> address_in(std::string_view body, const std::string& pointer);

/// Under which a company's key of its provider is sealed.
inline constexpr std::string_view kPlaceKeyContext = "place provider key";

}  // namespace tw::service
