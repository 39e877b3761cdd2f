#include "media/wire/socket_address.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace tw::media {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr std::size_t kMappedBytes = kMappedPrefix.size();

}  // namespace

std::optional<SocketAddress> SocketAddress::parse(std::string_view ip, std::uint16_t port) {
  const std::string text(ip);
  SocketAddress address;
  address.port = port;
  in_addr v4{};
  if (::inet_pton(AF_INET, text.c_str(), &v4) == 1) {
    std::ranges::copy(kMappedPrefix, address.ip.begin());
    std::memcpy(address.ip.data() + kMappedBytes, &v4, sizeof v4);
    address.is_v4 = true;
    return address;
  }
  if (::inet_pton(AF_INET6, text.c_str(), address.ip.data()) == 1) return address;
  return std::nullopt;
}

SocketAddress SocketAddress::from(const sockaddr_storage& storage) {
  SocketAddress address;
  if (storage.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage);
    std::ranges::copy(kMappedPrefix, address.ip.begin());
    std::memcpy(address.ip.data() + kMappedBytes, &v4.sin_addr, 4);
    address.port = ntohs(v4.sin_port);
    address.is_v4 = true;
  } else {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage);
    std::memcpy(address.ip.data(), &v6.sin6_addr, 16);
    address.port = ntohs(v6.sin6_port);
  }
  return address;
}

socklen_t SocketAddress::to(sockaddr_storage& out) const {
  out = {};
  if (is_v4) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(out);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, ip.data() + kMappedBytes, 4);
    return sizeof v4;
  }
  auto& v6 = reinterpret_cast<sockaddr_in6&>(out);
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  std::memcpy(&v6.sin6_addr, ip.data(), 16);
  return sizeof v6;
}

std::string SocketAddress::ip_text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4) return ::inet_ntop(AF_INET, ip.data() + kMappedBytes, text.data(), text.size());
  return ::inet_ntop(AF_INET6, ip.data(), text.data(), text.size());
}

}  // namespace tw::media
