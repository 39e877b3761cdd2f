#include "floor/floor_peer.hpp"

#include <utility>

namespace tw::bench {

FloorPeer::FloorPeer(const media::DtlsContext& dtls, media::NegotiatedSession negotiated, media::IceCredentials local,
                     bool publisher)
    : negotiated_(std::move(negotiated)),
      ice_(std::move(local), negotiated_.remote),
      dtls_(dtls, media::DtlsRole::server, negotiated_.fingerprint),
      publisher_(publisher) {}

void FloorPeer::receive_check(const media::StunMessage& message, ByteView datagram, const media::NetworkPath& path,
                              SteadyTime now, media::DatagramSink& out) {
  (void)ice_.receive(message, datagram, path, now, out);
}

void FloorPeer::receive_dtls(const media::NetworkPath& path, ByteView datagram, SteadyTime now,
                             media::DatagramSink& out) {
  const auto validated = ice_.validated(path, datagram);
  if (validated) follow(dtls_.receive(*validated, *ice_.selected(), now, out));
}

void FloorPeer::on_time(SteadyTime now, media::DatagramSink& out) {
  if (handshaking() && ice_.selected()) follow(dtls_.handle_timeout(*ice_.selected(), now, out));
}

void FloorPeer::follow(media::DtlsState state) {
  if (state != media::DtlsState::connected || cipher_) return;
  const media::SrtpKeys& keys = *dtls_.srtp_keys();
  cipher_.emplace(keys.profile, publisher_ ? keys.incoming : keys.outgoing, !publisher_);
  address_bytes_ = ice_.selected()->remote.to(address_);
}

}  // namespace tw::bench
