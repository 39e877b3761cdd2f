#pragma once

#include <string>
#include <vector>

namespace tw::app {

/// Numeric addresses of this machine's interfaces that are up: IPv4 and global IPv6, loopback included,
/// link-local ones left out (a browser cannot use them without a zone).
[[nodiscard]] std::vector<std::string> local_addresses();

}  // namespace tw::app
