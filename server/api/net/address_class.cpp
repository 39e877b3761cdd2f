#include "api/net/address_class.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace tw::api {
namespace {

using V6Bytes = boost::asio::ip::address_v6::bytes_type;

struct V4Range {
  std::uint32_t first;
  unsigned bits;
};
constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return (a << 24) | (b << 16) | (c << 8) | d;
}
constexpr std::array kPrivateV4{
    V4Range{v4(0, 0, 0, 0), 8},      V4Range{v4(10, 0, 0, 0), 8},     V4Range{v4(100, 64, 0, 0), 10},
    V4Range{v4(127, 0, 0, 0), 8},    V4Range{v4(169, 254, 0, 0), 16}, V4Range{v4(172, 16, 0, 0), 12},
    V4Range{v4(192, 0, 0, 0), 24},   V4Range{v4(192, 0, 2, 0), 24},   V4Range{v4(192, 88, 99, 0), 24},
    V4Range{v4(192, 168, 0, 0), 16}, V4Range{v4(198, 18, 0, 0), 15},  V4Range{v4(198, 51, 100, 0), 24},
    V4Range{v4(203, 0, 113, 0), 24}, V4Range{v4(224, 0, 0, 0), 4},    V4Range{v4(240, 0, 0, 0), 4},
};

bool is_private_v4(std::uint32_t address) {
  for (const auto& range : kPrivateV4) {
    const unsigned shift = 32 - range.bits;
    if ((address >> shift) == (range.first >> shift)) return true;
  }
  return false;
}

std::uint32_t v4_at(const V6Bytes& bytes, std::size_t offset) {
  return v4(bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3]);
}

template <std::size_t N>
bool begins_with(const V6Bytes& bytes, const std::array<std::uint8_t, N>& prefix) {
  for (std::size_t i = 0; i < N; ++i) {
    if (bytes[i] != prefix[i]) return false;
  }
  return true;
}

bool is_private_v6(const V6Bytes& bytes) {
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr std::array<std::uint8_t, 12> kCompatible{};  // ::, ::1 and the old IPv4-compatible form
  constexpr std::array<std::uint8_t, 12> kNat64{0, 0x64, 0xff, 0x9b};
  constexpr std::array<std::uint8_t, 6> kLocalNat64{0, 0x64, 0xff, 0x9b, 0, 1};
  constexpr std::array<std::uint8_t, 4> kTeredo{0x20, 0x01, 0, 0};
  constexpr std::array<std::uint8_t, 4> kDocumentation{0x20, 0x01, 0x0d, 0xb8};
  constexpr std::array<std::uint8_t, 8> kDiscard{0x01, 0};
  constexpr std::array<std::uint8_t, 2> kSixToFour{0x20, 0x02};
  if (begins_with(bytes, kMapped)) return is_private_v4(v4_at(bytes, 12));
  if (begins_with(bytes, kCompatible)) return true;
  if (begins_with(bytes, kNat64)) return is_private_v4(v4_at(bytes, 12));
  if (begins_with(bytes, kSixToFour)) return is_private_v4(v4_at(bytes, 2));
  if (begins_with(bytes, kLocalNat64) || begins_with(bytes, kTeredo)) return true;
  if (begins_with(bytes, kDocumentation) || begins_with(bytes, kDiscard)) return true;
  const bool unique_local = (bytes[0] & 0xfe) == 0xfc;
  const bool link_local = bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
  const bool site_local = bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0xc0;
  const bool multicast = bytes[0] == 0xff;
  return unique_local || link_local || site_local || multicast;
}

}  // namespace

bool is_private_address(const boost::asio::ip::address& address) {
  if (address.is_v4()) return is_private_v4(address.to_v4().to_uint());
  return is_private_v6(address.to_v6().to_bytes());
}

bool is_private_host_name(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  for (const std::string_view suffix : {"localhost", "local", "internal", "home.arpa"}) {
    if (host == suffix ||
        (host.size() > suffix.size() && host.ends_with(suffix) && host[host.size() - suffix.size() - 1] == '.')) {
      return true;
    }
  }
  return false;
}

}  // namespace tw::api
