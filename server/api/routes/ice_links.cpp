#include "api/routes/ice_links.hpp"

namespace tw::api {
namespace {

/// A quoted-string of RFC 9110 section 5.6.4.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + '"';
}

}  // namespace

std::vector<std::string> ice_links(const std::vector<std::string>& servers) {
  std::vector<std::string> links;
  for (const auto& server : servers) {
    const auto first = server.find('|');
    const auto second = first == std::string::npos ? first : server.find('|', first + 1);
    std::string link = "<" + server.substr(0, first) + ">; rel=\"ice-server\"";
    if (second != std::string::npos) {
      link += "; username=" + quoted(server.substr(first + 1, second - first - 1)) +
              "; credential=" + quoted(server.substr(second + 1)) + "; credential-type=\"password\"";
    }
    links.push_back(std::move(link));
  }
  return links;
}

}  // namespace tw::api
