// Datagrams of every kind, one behind the other, into the transports of one server session.
#include <algorithm>

#include "base/byte_order.hpp"
#include "crypto/certificate.hpp"
#include "fuzz/fuzz_input.hpp"
#include "media/transport/dtls_transport.hpp"
#include "media/transport/ice_lite.hpp"
#include "media/transport/srtp_transform.hpp"
#include "media/wire/demultiplex.hpp"
#include "media/wire/rtp_packet.hpp"

namespace {

using namespace tw::media;
using tw::Bytes;
using tw::ByteView;

class Nowhere final : public DatagramSink {
 public:
  void send(const NetworkPath& /*path*/, ByteView datagram) override {
    tw::fuzz::require(!datagram.empty() && datagram.size() <= DtlsTransport::kMtuBytes);
  }
};

const IceCredentials kLocal{"server", "server-password-of-22+"};
const NetworkPath kPath{0, *SocketAddress::parse("192.0.2.1", 5000)};

const DtlsContext& context() {
  static const DtlsContext made(tw::make_dtls_certificate(tw::WallTime{std::chrono::seconds{1'700'000'000}}));
  return made;
}

/// A session whose peer has proved its credentials.
struct Session {
  Session() {
    StunBuilder check(StunClass::request, {});
    check.username("server:client");
    check.priority(1);
    check.ice_controlling(1);
    const ByteView datagram = check.finish(kLocal.pwd);
    ice.receive(*StunMessage::parse(datagram), datagram, kPath, {}, out);
  }
  void receive(ByteView datagram) {
    switch (kind_of(datagram)) {
      case DatagramKind::stun:
        if (const auto message = StunMessage::parse(datagram)) ice.receive(*message, datagram, kPath, {}, out);
        return;
      case DatagramKind::dtls: dtls.receive(*ice.validated(kPath, datagram), kPath, {}, out); return;
      case DatagramKind::rtp: tw::fuzz::require(!srtp.unprotect_rtp(copy(datagram))); return;
      case DatagramKind::rtcp: tw::fuzz::require(!srtp.unprotect_rtcp(copy(datagram))); return;
      case DatagramKind::unknown: return;
    }
  }
  std::span<std::uint8_t> copy(ByteView datagram) {
    buffer.assign(datagram.begin(), datagram.end());
    return buffer;
  }
  Nowhere out;
  IceLite ice{kLocal, {"client", "client-password-of-22+"}};
  DtlsTransport dtls{context(), DtlsRole::server, {"sha-256", "00"}};
  SrtpTransform srtp{SrtpKeys{}};
  Bytes buffer;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr int kMostDatagrams = 20;
  tw::fuzz::Input input(data, size);
  Session session;
  for (int i = 0; i < kMostDatagrams && !input.empty(); ++i) {
    const std::size_t high = input.byte();
    const std::size_t length = high << 8 | input.byte();
    session.receive(input.take(std::min(length, kMaxPacketBytes)));
  }
  return 0;
}
