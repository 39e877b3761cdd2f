#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "media/session/media_time.hpp"
#include "media/transport/dtls_transport.hpp"
#include "media/transport/ice_lite.hpp"
#include "media/transport/packet_sink.hpp"
#include "media/transport/srtp_transform.hpp"
#include "media/wire/stun_message.hpp"

namespace tw::media {

/// Told by a PeerTransport during `receive` and `on_time`. Packets are decrypted and authenticated.
class TransportListener {
 public:
  virtual ~TransportListener() = default;
  virtual void on_transport_connected(MediaTime now) = 0;
  virtual void on_transport_closed(const char* reason, MediaTime now) = 0;
  virtual void on_rtp(std::span<std::uint8_t> packet, MediaTime now) = 0;
  virtual void on_rtcp(ByteView packet, MediaTime now) = 0;
  /// Anything authenticated arrived.
  virtual void on_heard(MediaTime now) = 0;
};

/// ICE, DTLS and SRTP of one session, in their order: checks first, then a handshake with the checked address, then
/// protected packets. What fails a step is dropped before anything above reads it.
class PeerTransport {
 public:
  PeerTransport(const DtlsContext& dtls, IceCredentials local, IceCredentials remote, SdpFingerprint fingerprint,
                PacketSink& out, TransportListener& listener);

  /// A check whose USERNAME names this session. True when `path` is now known to be the peer's.
  bool receive_check(const StunMessage& message, ByteView datagram, const NetworkPath& path, MediaTime now);
  /// DTLS, SRTP or SRTCP; decrypted in place.
  void receive(const NetworkPath& path, std::span<std::uint8_t> datagram, MediaTime now);
  void on_time(MediaTime now);
  [[nodiscard]] std::optional<SteadyTime> deadline() const {
    // Once connected a server only repeats what it is asked for (RFC 6347 section 4.2.4).
    if (ended_ || srtp_ || !ice_.selected()) return std::nullopt;
    return dtls_.next_deadline();
  }

  /// Where the next packet is written: the sink's own memory, so that it is never copied.
  [[nodiscard]] std::span<std::uint8_t> buffer() { return out_.reserve(); }
  /// Protects the first `bytes` of `buffer`, which is what `buffer()` gave, and sends it.
  bool send_rtp(std::span<std::uint8_t> buffer, std::size_t bytes, MediaTime now);
  bool send_rtcp(std::span<std::uint8_t> buffer, std::size_t bytes, MediaTime now);
  /// A TCP connection that ended.
  void forget_path(const NetworkPath& path) { ice_.forget(path); }
  void restart_ice(IceCredentials local, IceCredentials remote) { ice_.restart(std::move(local), std::move(remote)); }
  void close();

  [[nodiscard]] bool connected() const { return srtp_.has_value(); }
  [[nodiscard]] const IceLite& ice() const { return ice_; }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  void receive_dtls(const NetworkPath& path, ByteView datagram, MediaTime now);
  void on_dtls_state(DtlsState state, MediaTime now);
  [[nodiscard]] bool may_send(MediaTime now) const;
  bool send(std::optional<std::size_t> bytes);

  // What every packet needs lies together, and what only the beginning needs behind it: between two packets of a
  // session its memory has left the processor's caches.
  bool ended_ = false;
  std::optional<SrtpTransform> srtp_;
  PacketSink& out_;
  TransportListener& listener_;
  IceLite ice_;
  DtlsTransport dtls_;
  std::uint64_t dropped_ = 0;
};

}  // namespace tw::media
