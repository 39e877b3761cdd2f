#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "media/transport/dtls_context.hpp"
#include "media/transport/network_path.hpp"
#include "media/transport/srtp_keys.hpp"
#include "media/wire/sdp.hpp"

namespace tw::media {

enum class DtlsRole : std::uint8_t { server, client };

enum class DtlsState : std::uint8_t {
  handshaking,
  connected,  ///< handshake done, fingerprint right, SRTP keys there
  closed,     ///< the peer said close_notify, or `close` was called
  failed,     ///< handshake failed, timed out, or the certificate is not the one the SDP names
};

/// DTLS 1.2 for SRTP (RFC 5764, RFC 8827) over OpenSSL, without I/O. It takes datagrams only in the form that an ICE
/// agent validated, and sends over the path it is given (the selected one). Time-outs are OpenSSL's.
class DtlsTransport {
 public:
  /// Below the IPv6 minimum with room for IP, UDP and a TURN header.
  static constexpr unsigned kMtuBytes = 1200;
  /// RFC 6347 section 4.2.4.1 begins with 1 s; on media paths 100 ms is what browsers do, since ICE has shown the way.
  static constexpr std::chrono::milliseconds kFirstTimeout{100};
  static constexpr std::chrono::milliseconds kLongestTimeout{2000};

  /// `peer` is the fingerprint in the peer's SDP. `context` must outlive this.
  DtlsTransport(const DtlsContext& context, DtlsRole role, SdpFingerprint peer);
  ~DtlsTransport();
  DtlsTransport(DtlsTransport&&) noexcept;
  DtlsTransport& operator=(DtlsTransport&&) noexcept;

  /// The client's first flight; nothing for a server.
  void start(const NetworkPath& path, SteadyTime now, DatagramSink& out);
  /// Returns the state afterwards.
  DtlsState receive(const ValidatedDatagram& datagram, const NetworkPath& path, SteadyTime now, DatagramSink& out);
  DtlsState handle_timeout(const NetworkPath& path, SteadyTime now, DatagramSink& out);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;
  /// Sends close_notify.
  void close(const NetworkPath& path, DatagramSink& out);

  [[nodiscard]] DtlsState state() const;
  /// There once `connected`.
  [[nodiscard]] const std::optional<SrtpKeys>& srtp_keys() const;
  /// A stable word for logs on why it failed: "handshake", "fingerprint", "timeout", "no_srtp_profile"; empty before.
  [[nodiscard]] const char* failure() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Is this algorithm one that `DtlsTransport` can check? (sha-256, sha-384, sha-512)
[[nodiscard]] bool fingerprint_supported(const SdpFingerprint& fingerprint);

}  // namespace tw::media
