#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/message.hpp"

namespace tw::api {

/// Which pages may use the API and the WebSocket: our own origin (that of public_url, and whatever name the page itself
/// was loaded under) and those the operator lists. Requests without Origin are no pages and pass.
class Origins {
 public:
  /// `embedding` tells whether a tenant lists an origin (normalised): those may call the customer's side of the API,
  /// and nothing else. It is asked on I/O threads.
  Origins(std::string_view public_url, const std::vector<std::string>& allowed,
          std::function<bool(const std::string&)> embedding = {});

  /// `host` is the Host header: a page of ours loaded under another name or address of this machine has it as origin.
  [[nodiscard]] bool allows(std::string_view origin, std::string_view host) const;

  /// The same for one address below /api/v1, where pages of integrators may come too.
  [[nodiscard]] bool allows(std::string_view origin, std::string_view host, std::string_view path) const;

  /// Adds Access-Control-* to an answer for an allowed foreign origin (Fetch standard, RFC 9725 section 4.6 for what is
  /// exposed).
  void allow_in(const Request& request, Response& response) const;
  /// The answer to a preflight. `allow` lists the methods of the path.
  [[nodiscard]] Response preflight(const Request& request, std::string_view allow) const;

 private:
  std::vector<std::string> origins_;
  std::function<bool(const std::string&)> embedding_;
};

/// "https://host:port" in small letters without a default port and path; empty for what is no http(s) origin.
[[nodiscard]] std::string normal_origin(std::string_view url);

}  // namespace tw::api
