#pragma once

#include <string>
#include <vector>

#include "service/views.hpp"

namespace tw::api {

/// Link headers of ICE servers, one an address (RFC 9725 section 4.6).
[[nodiscard]] std::vector<std::string> ice_links(const std::vector<service::IceServerView>& servers);

}  // namespace tw::api
