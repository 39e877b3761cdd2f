#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "floor/bare_cipher.hpp"
#include "media/session/sdp_negotiation.hpp"
#include "media/transport/dtls_transport.hpp"
#include "media/transport/ice_lite.hpp"

namespace tw::bench {

/// One WHIP or WHEP session of the floor: ICE and DTLS are the product's (they are not what is measured), and once they
/// are done there is one cipher and one address to send to.
class FloorPeer {
 public:
  FloorPeer(const media::DtlsContext& dtls, media::NegotiatedSession negotiated, media::IceCredentials local,
            bool publisher);

  void receive_check(const media::StunMessage& message, ByteView datagram, const media::NetworkPath& path,
                     SteadyTime now, media::DatagramSink& out);
  void receive_dtls(const media::NetworkPath& path, ByteView datagram, SteadyTime now, media::DatagramSink& out);
  void on_time(SteadyTime now, media::DatagramSink& out);

  [[nodiscard]] bool handshaking() const { return !cipher_; }
  [[nodiscard]] bool publisher() const { return publisher_; }
  [[nodiscard]] const media::IceLite& ice() const { return ice_; }
  [[nodiscard]] const media::NegotiatedSession& negotiated() const { return negotiated_; }

  // The packet path reads these directly.
  [[nodiscard]] BareCipher* cipher() { return cipher_ ? &*cipher_ : nullptr; }
  [[nodiscard]] const sockaddr_storage& address() const { return address_; }
  [[nodiscard]] socklen_t address_bytes() const { return address_bytes_; }
  [[nodiscard]] std::vector<FloorPeer*>& viewers() { return viewers_; }

 private:
  void follow(media::DtlsState state);

  media::NegotiatedSession negotiated_;
  media::IceLite ice_;
  media::DtlsTransport dtls_;
  bool publisher_;
  std::optional<BareCipher> cipher_;
  sockaddr_storage address_{};
  socklen_t address_bytes_ = 0;
  std::vector<FloorPeer*> viewers_;
};

}  // namespace tw::bench
