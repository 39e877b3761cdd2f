#include "media/peer/mini_server_test_support.hpp"

#include <algorithm>

#include "media/wire/demultiplex.hpp"
#include "media/wire/rtp_packet.hpp"

namespace tw::media {
namespace {

std::string candidate_line(const SocketAddress& address) {
  return "a=candidate:1 1 udp 2130706431 " + address.ip_text() + " " + std::to_string(address.port) + " typ host\r\n";
}

std::string format_lines(const SdpMedia& medium) {
  std::string lines;
  for (const auto& codec : medium.codecs) {
    const std::string type = std::to_string(codec.payload_type);
    lines += "a=rtpmap:" + type + " " + codec.name + "/" + std::to_string(codec.clock_rate);
    lines += codec.channels > 1 ? "/" + std::to_string(codec.channels) + "\r\n" : "\r\n";
    if (!codec.parameters.empty()) lines += "a=fmtp:" + type + " " + codec.parameter_text() + "\r\n";
    for (const auto& feedback : codec.feedback) lines.append("a=rtcp-fb:" + type).append(" " + feedback).append("\r\n");
  }
  for (const auto& extension : medium.extensions) {
    lines += "a=extmap:" + std::to_string(extension.id) + " " + extension.uri + "\r\n";
  }
  return lines;
}

}  // namespace

MiniServer::MiniServer(const DtlsContext& context, const Clock& clock, Random& random)
    : context_(context), clock_(clock), random_(random), local_(IceCredentials::make(random)) {}

void MiniServer::attach(SimulatedNetwork& network, const SocketAddress& address) {
  address_ = address;
  out_ = &network.attach(*this, address);
}

void MiniServer::meet(const SdpMedia& theirs, DtlsRole role) {
  ice.emplace(local_, IceCredentials{theirs.ice_ufrag, theirs.ice_pwd});
  dtls.emplace(context_, role, *theirs.fingerprint);
}

std::string MiniServer::make_offer() const {
  return "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-lite\r\na=group:BUNDLE s v\r\n"
         "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:s\r\na=rtcp-mux\r\na=sendonly\r\na=setup:actpass\r\n"
         "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:v\r\na=rtcp-mux\r\na=sendonly\r\na=setup:actpass\r\n"
         "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 "
         "apt=96\r\na=ssrc-group:FID " +
         std::to_string(kVideoSsrc) + " " + std::to_string(kRtxSsrc) + "\r\na=ssrc:" + std::to_string(kVideoSsrc) +
         " cname:server\r\na=ssrc:" + std::to_string(kRtxSsrc) + " cname:server\r\na=ice-ufrag:" + local_.ufrag +
         "\r\na=ice-pwd:" + local_.pwd + "\r\na=fingerprint:sha-256 " + context_.sha256_fingerprint() + "\r\n" +
         candidate_line(address_);
}

void MiniServer::take_answer(const std::string& text) {
  offer = *SessionDescription::parse(text);
  meet(offer.media.back(), DtlsRole::server);
}

std::string MiniServer::answer(const std::string& text) {
  offer = *SessionDescription::parse(text);
  meet(offer.media.front(), begins_dtls ? DtlsRole::client : DtlsRole::server);
  std::string sdp = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-lite\r\na=group:BUNDLE";
  for (const auto& mid : offer.bundle) sdp += " " + mid;
  sdp += "\r\n";
  for (const auto& medium : offer.media) {
    sdp += "m=" + medium.kind + " 9 " + medium.protocol;
    for (const auto type : medium.payload_order) sdp += " " + std::to_string(type);
    sdp += "\r\na=mid:" + medium.mid + "\r\na=rtcp-mux\r\na=setup:" + (begins_dtls ? "active" : "passive") +
           "\r\na=ice-ufrag:" + local_.ufrag + "\r\na=ice-pwd:" + local_.pwd + "\r\na=fingerprint:sha-256 " +
           context_.sha256_fingerprint() + "\r\n";
    sdp += medium.direction == SdpDirection::sendonly ? "a=recvonly\r\n" : "a=sendonly\r\n";
    if (medium.direction == SdpDirection::recvonly && medium.kind == "video") {
      sdp += "a=ssrc-group:FID " + std::to_string(kVideoSsrc) + " " + std::to_string(kRtxSsrc) +
             "\r\na=ssrc:" + std::to_string(kVideoSsrc) + " cname:server\r\na=ssrc:" + std::to_string(kRtxSsrc) +
             " cname:server\r\n";
    }
    sdp += format_lines(medium) + candidate_line(address_);
  }
  return sdp;
}

std::string MiniServer::restart(const std::string& text) {
  const auto fragment = *SdpFragment::parse(text);
  local_ = IceCredentials::make(random_);
  ice->restart(local_, {fragment.ice_ufrag, fragment.ice_pwd});
  return "a=ice-ufrag:" + local_.ufrag + "\r\na=ice-pwd:" + local_.pwd + "\r\n" + candidate_line(address_);
}

void MiniServer::on_datagram(const NetworkPath& path, ByteView datagram) {
  if (!ice) return;
  const SteadyTime now = clock_.steady_now();
  switch (kind_of(datagram)) {
    case DatagramKind::stun:
      if (const auto message = StunMessage::parse(datagram)) ice->receive(*message, datagram, path, now, *out_);
      if (begins_dtls && ice->selected() && !dtls->next_deadline()) dtls->start(*ice->selected(), now, *out_);
      return;
    case DatagramKind::dtls:
      if (const auto validated = ice->validated(path, datagram)) {
        dtls->receive(*validated, *ice->selected(), now, *out_);
        if (dtls->srtp_keys() && !srtp) srtp.emplace(*dtls->srtp_keys());
      }
      return;
    case DatagramKind::rtp: return receive_media(datagram, false);
    case DatagramKind::rtcp: return receive_media(datagram, true);
    case DatagramKind::unknown: return;
  }
}

void MiniServer::receive_media(ByteView datagram, bool rtcp) {
  if (!srtp) return;
  Bytes packet(datagram.begin(), datagram.end());
  const auto bytes = rtcp ? srtp->unprotect_rtcp(packet) : srtp->unprotect_rtp(packet);
  if (!bytes) return;
  packet.resize(*bytes);
  if (rtcp) {
    parse_rtcp(packet, *this);
  } else {
    packets.push_back(std::move(packet));
  }
}

void MiniServer::on_nack(std::uint32_t /*media_ssrc*/, std::uint16_t sequence) { nacks.push_back(sequence); }

void MiniServer::on_timeout() {
  if (dtls && ice->selected()) dtls->handle_timeout(*ice->selected(), clock_.steady_now(), *out_);
}

std::optional<SteadyTime> MiniServer::deadline() const { return dtls ? dtls->next_deadline() : std::nullopt; }

void MiniServer::send_rtp(ByteView packet) {
  Bytes sealed(packet.begin(), packet.end());
  sealed.resize(packet.size() + SrtpTransform::kRtpOverhead);
  if (const auto bytes = srtp->protect_rtp(sealed, packet.size())) {
    out_->send(*ice->selected(), ByteView(sealed).first(*bytes));
  }
}

void MiniServer::send_rtcp(const RtcpWriter& writer) {
  Bytes sealed(writer.written().begin(), writer.written().end());
  sealed.resize(writer.size() + SrtpTransform::kRtcpOverhead);
  if (const auto bytes = srtp->protect_rtcp(sealed, writer.size())) {
    out_->send(*ice->selected(), ByteView(sealed).first(*bytes));
  }
}

}  // namespace tw::media
