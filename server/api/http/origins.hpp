#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/http/message.hpp"

namespace tw::api {

/// Which pages may use the API and the WebSocket: our own origin (that of public_url, and whatever name the page itself
/// was loaded under) and those the operator lists. Requests without Origin are no pages and pass.
class Origins {
 public:
  Origins(std::string_view public_url, const std::vector<std::string>& allowed);

  /// `host` is the Host header: a page of ours loaded under another name or address of this machine has it as origin.
  [[nodiscard]] bool allows(std::string_view origin, std::string_view host) const;

  /// Adds Access-Control-* to an answer for an allowed foreign origin (Fetch standard, RFC 9725 section 4.6 for what is
  /// exposed).
  void allow_in(const Request& request, Response& response) const;
  /// The answer to a preflight. `allow` lists the methods of the path.
  [[nodiscard]] Response preflight(const Request& request, std::string_view allow) const;

 private:
  std::vector<std::string> origins_;
};

/// "https://host:port" in small letters without a default port and path; empty for what is no http(s) origin.
[[nodiscard]] std::string normal_origin(std::string_view url);

}  // namespace tw::api
