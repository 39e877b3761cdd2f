#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tw::media {

/// A UDP or TCP address: IPv4 or IPv6 with a port. IPv4 is kept as an IPv4-mapped IPv6 address.
struct SocketAddress {
  std::array<std::uint8_t, 16> ip{};
  std::uint16_t port = 0;
  bool is_v4 = false;

  friend auto operator<=>(const SocketAddress&, const SocketAddress&) = default;

  /// Numeric addresses only; nullopt for anything else.
  [[nodiscard]] static std::optional<SocketAddress> parse(std::string_view ip, std::uint16_t port);
  [[nodiscard]] static SocketAddress from(const sockaddr_storage& storage);
  /// Fills `out` and returns its length.
  socklen_t to(sockaddr_storage& out) const;
  [[nodiscard]] std::string ip_text() const;
};

}  // namespace tw::media

template <>
struct std::hash<tw::media::SocketAddress> {
  std::size_t operator()(const tw::media::SocketAddress& address) const noexcept {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::memcpy(&high, address.ip.data(), 8);
    std::memcpy(&low, address.ip.data() + 8, 8);
    const std::uint64_t mixed = (high ^ (low * 0x9E3779B97F4A7C15ULL)) + (std::uint64_t{address.port} << 17);
    return static_cast<std::size_t>(mixed ^ (mixed >> 29));
  }
};
