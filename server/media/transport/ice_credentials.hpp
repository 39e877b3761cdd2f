#pragma once

#include <string>

#include "base/random.hpp"

namespace tw::media {

/// One side's a=ice-ufrag and a=ice-pwd.
struct IceCredentials {
  std::string ufrag;
  std::string pwd;

  /// 48 and 144 random bits: above the 24 and 128 that RFC 8445 section 5.3 asks for.
  [[nodiscard]] static IceCredentials make(Random& random);
  /// Lengths and letters as RFC 8839 section 5.4 allows.
  [[nodiscard]] bool well_formed() const;
  friend bool operator==(const IceCredentials&, const IceCredentials&) = default;
};

}  // namespace tw::media
