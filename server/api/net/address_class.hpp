#pragma once

#include <string_view>

#include <boost/asio/ip/address.hpp>

namespace tw::api {

/// True for an address that the server must not be made to call by what somebody registered: this host, private and
/// shared networks, link-local (cloud metadata), multicast, reserved and documentation ranges (RFC 6890, RFC 4193,
/// RFC 6598), and IPv6 forms that carry such an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo).
[[nodiscard]] bool is_private_address(const boost::asio::ip::address& address);

/// A host as it stands in an address: a name of this machine ("localhost", "x.localhost", "….local", "….internal").
[[nodiscard]] bool is_private_host_name(std::string_view host);

}  // namespace tw::api
