#pragma once

#include <memory>

#include "load/http_client.hpp"
#include "load/options.hpp"
#include "media/peer/peer_session.hpp"

namespace tw::bench {

/// How a seat's session comes to a server's room: offer and answer over that server's own signalling.
class Signalling {
 public:
  virtual ~Signalling() = default;
  /// Exchanges descriptions; afterwards the session's checks begin.
  [[nodiscard]] virtual Result<void> join(const Seat& seat, media::PeerSession& session) = 0;
  /// Tells the server that everybody leaves.
  virtual void leave_all() = 0;
};

/// WHIP (RFC 9725) and WHEP: one POST each, DELETE on what Location named.
[[nodiscard]] std::unique_ptr<Signalling> make_whip_signalling(HttpClient& http);
/// The HTTP interface of Janus' videoroom plugin: rooms are created, viewers answer the server's offer.
[[nodiscard]] std::unique_ptr<Signalling> make_janus_signalling(HttpClient& http, std::string target);

}  // namespace tw::bench
