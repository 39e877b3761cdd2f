#include "media/session/peer_transport.hpp"

#include "media/wire/demultiplex.hpp"

namespace tw::media {

PeerTransport::PeerTransport(const DtlsContext& dtls, IceCredentials local, IceCredentials remote,
                             SdpFingerprint fingerprint, PacketSink& out, TransportListener& listener)
    : out_(out),
      listener_(listener),
      ice_(std::move(local), std::move(remote)),
      dtls_(dtls, DtlsRole::server, std::move(fingerprint)) {}

bool PeerTransport::receive_check(const StunMessage& message, ByteView datagram, const NetworkPath& path,
                                  MediaTime now) {
  if (ended_) return false;
  if (ice_.receive(message, datagram, path, now.steady, out_) == IceEvent::ignored) {
    ++dropped_;
    return false;
  }
  listener_.on_heard(now);
  return ice_.is_valid(path);
}

void PeerTransport::receive(const NetworkPath& path, std::span<std::uint8_t> datagram, MediaTime now) {
  if (ended_) return;
  const DatagramKind kind = kind_of(datagram);
  if (kind == DatagramKind::dtls) return receive_dtls(path, datagram, now);
  if ((kind != DatagramKind::rtp && kind != DatagramKind::rtcp) || !srtp_ || !ice_.is_valid(path)) {
    ++dropped_;
    return;
  }
  const auto plain = kind == DatagramKind::rtp ? srtp_->unprotect_rtp(datagram) : srtp_->unprotect_rtcp(datagram);
  if (!plain) {
    ++dropped_;
    return;
  }
  ice_.heard(path, now.steady);
  listener_.on_heard(now);
  if (kind == DatagramKind::rtp) {
    listener_.on_rtp(datagram.first(*plain), now);
  } else {
    listener_.on_rtcp(datagram.first(*plain), now);
  }
}

void PeerTransport::receive_dtls(const NetworkPath& path, ByteView datagram, MediaTime now) {
  const auto validated = ice_.validated(path, datagram);
  if (!validated) {
    ++dropped_;
    return;
  }
  on_dtls_state(dtls_.receive(*validated, ice_.selected().value_or(path), now.steady, out_), now);
}

void PeerTransport::on_time(MediaTime now) {
  const auto deadline = dtls_.next_deadline();
  if (ended_ || !ice_.selected() || !deadline || *deadline > now.steady) return;
  on_dtls_state(dtls_.handle_timeout(*ice_.selected(), now.steady, out_), now);
}

void PeerTransport::on_dtls_state(DtlsState state, MediaTime now) {
  if (state == DtlsState::connected && !srtp_) {
    srtp_.emplace(*dtls_.srtp_keys());
    listener_.on_transport_connected(now);
  }
  if (!ended_ && (state == DtlsState::closed || state == DtlsState::failed)) {
    ended_ = true;
    listener_.on_transport_closed(state == DtlsState::failed ? dtls_.failure() : "closed by the peer", now);
  }
}

bool PeerTransport::may_send(MediaTime now) const {
  // RFC 7675: without the peer's consent nothing is sent.
  return !ended_ && srtp_ && ice_.selected() && ice_.has_consent(now.steady);
}

bool PeerTransport::send(std::optional<std::size_t> bytes) {
  if (!bytes) return false;
  out_.commit(*ice_.selected(), *bytes);
  return true;
}

bool PeerTransport::send_rtp(std::span<std::uint8_t> buffer, std::size_t bytes, MediaTime now) {
  return may_send(now) && send(srtp_->protect_rtp(buffer, bytes));
}

bool PeerTransport::send_rtcp(std::span<std::uint8_t> buffer, std::size_t bytes, MediaTime now) {
  return bytes != 0 && may_send(now) && send(srtp_->protect_rtcp(buffer, bytes));
}

void PeerTransport::close() {
  if (ended_) return;
  ended_ = true;
  if (ice_.selected()) dtls_.close(*ice_.selected(), out_);
}

}  // namespace tw::media
