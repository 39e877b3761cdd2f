#include "service/ice_servers.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "base/encoding.hpp"
#include "media/wire/hmac_sha1.hpp"
#include "service/media_tokens.hpp"

namespace tw::service {
namespace {

IceServerView fixed_server(const std::string& text) {
  IceServerView server;
  const std::size_t user = text.find('|');
  server.urls.push_back(text.substr(0, user));
  if (user != std::string::npos) {
    const std::size_t password = text.find('|', user + 1);
    server.username = text.substr(user + 1, password == std::string::npos ? password : password - user - 1);
    if (password != std::string::npos) server.credential = text.substr(password + 1);
  }
  return server;
}

}  // namespace

std::vector<IceServerView> ice_servers_for(const IceServerSettings& settings, const std::string& participant,
                                           WallTime now) {
  std::vector<IceServerView> servers;
  servers.reserve(settings.fixed.size() + 1);
  for (const std::string& text : settings.fixed) servers.push_back(fixed_server(text));
  if (settings.turn_servers.empty() || settings.turn_secret.empty()) return servers;
  const auto expires = std::chrono::duration_cast<std::chrono::seconds>(media_token_expiry(now).time_since_epoch());
  IceServerView turn;
  turn.urls = settings.turn_servers;
  turn.username = std::to_string(expires.count()) + ":" + participant;
  const media::HmacSha1 hmac(as_bytes(settings.turn_secret));
  turn.credential = to_base64(hmac.sign(as_bytes(turn.username), {}));
  servers.push_back(std::move(turn));
  return servers;
}

std::string read_turn_secret(const std::string& path) {
  if (path.empty()) return {};
  std::ifstream file(path, std::ios::binary);
  std::string secret{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw std::runtime_error("media.turn_secret_file cannot be read: " + path);
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r' || secret.back() == ' ')) secret.pop_back();
  if (secret.empty() || secret.size() > kMaxTurnSecretBytes) {
    throw std::runtime_error("media.turn_secret_file must hold 1 to 64 bytes: " + path);
  }
  return secret;
}

}  // namespace tw::service
