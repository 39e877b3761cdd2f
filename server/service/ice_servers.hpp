#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "service/views.hpp"

namespace tw::service {

/// How browsers find a way around firewalls: what the operator configured under [media].
struct IceServerSettings {
  std::vector<std::string> fixed;         ///< "stun:host:3478" or "turn:host:3478|user|password"
  std::vector<std::string> turn_servers;  ///< "turn:host:3478?transport=udp", "turns:host:5349?transport=tcp"
  std::string turn_secret;                ///< shared with the TURN server, at most kMaxTurnSecretBytes; never shown
};

/// One block of the hash that signs the names; a longer secret is no stronger.
inline constexpr std::size_t kMaxTurnSecretBytes = 64;

/// The servers as one participant gets them. Credentials of `turn_servers` are made for the participant and expire
/// (draft-uberti-behave-turn-rest-00 section 2.2, coturn's use-auth-secret): the user name is "EXPIRY:PARTICIPANT", the
/// password base64(HMAC-SHA1(secret, user name)). They are the same for hours at a time, as media tokens are.
[[nodiscard]] std::vector<IceServerView> ice_servers_for(const IceServerSettings& settings,
                                                         const std::string& participant, WallTime now);

/// The secret of a file: its text without white space at the end. Throws std::runtime_error where it cannot be read, is
/// empty or too long. An empty path is no secret.
[[nodiscard]] std::string read_turn_secret(const std::string& path);

}  // namespace tw::service
