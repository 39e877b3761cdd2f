#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "media/wire/socket_address.hpp"

namespace tw::media {

/// A candidate with a numeric address (RFC 8839 section 5.1).
struct IceCandidate {
  std::string foundation;
  std::uint16_t component = 1;
  bool udp = true;
  std::uint32_t priority = 0;
  SocketAddress address;
  std::string type;  ///< "host", "srflx", "prflx", "relay"

  /// `value` is what stands behind "a=candidate:". nullopt where it is malformed or names a host (mDNS).
  [[nodiscard]] static std::optional<IceCandidate> parse(std::string_view value);
};

/// RFC 8445 section 5.1.2.1.
[[nodiscard]] constexpr std::uint32_t ice_priority(std::uint8_t type_preference, std::uint16_t local_preference) {
  return std::uint32_t{type_preference} << 24 | std::uint32_t{local_preference} << 8 | 255;
}
constexpr std::uint8_t kPeerReflexivePreference = 110;

}  // namespace tw::media
