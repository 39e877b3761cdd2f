#pragma once

#include <string>
#include <vector>

namespace tw::api {

/// Link headers (RFC 9725 section 4.6) of configured ICE servers: "stun:host:3478" or "turn:host:3478|user|password".
[[nodiscard]] std::vector<std::string> ice_links(const std::vector<std::string>& servers);

}  // namespace tw::api
