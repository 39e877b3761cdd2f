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

std::vector<std::string> ice_links(const std::vector<service::IceServerView>& servers) {
  std::vector<std::string> links;
  for (const auto& server : servers) {
    std::string parameters = "; rel=\"ice-server\"";
    if (!server.credential.empty()) {
      parameters += "; username=" + quoted(server.username) + "; credential=" + quoted(server.credential) +
                    "; credential-type=\"password\"";
    }
    for (const auto& url : server.urls) {
      std::string link = '<' + url + '>';
      links.push_back(link += parameters);
    }
  }
  return links;
}

}  // namespace tw::api
