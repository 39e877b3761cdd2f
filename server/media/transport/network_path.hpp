#pragma once

#include <compare>
#include <cstdint>
#include <functional>

#include "base/encoding.hpp"
#include "media/wire/socket_address.hpp"

namespace tw::media {

/// One way between us and a peer: which of our sockets, and the peer's address as that socket sees it. An answer leaves
/// by the socket that was asked, over TCP by the connection that it came by.
struct NetworkPath {
  std::uint8_t local = 0;  ///< index of our socket
  SocketAddress remote;
  std::uint32_t connection = 0;  ///< 0: UDP; else a TCP connection, numbers of which are not used again
  // What differs most often first: every packet compares paths.
  friend bool operator==(const NetworkPath& a, const NetworkPath& b) {
    return a.remote.port == b.remote.port && a.local == b.local && a.connection == b.connection && a.remote == b.remote;
  }
};

/// Takes what a transport wants to send; the bytes live only during the call.
class DatagramSink {
 public:
  virtual ~DatagramSink() = default;
  virtual void send(const NetworkPath& path, ByteView datagram) = 0;
};

/// A datagram that came over a path on which the peer has proved its ICE credentials. Only the ICE agents make one, so
/// that DTLS cannot be spoken with anybody else.
class ValidatedDatagram {
 public:
  [[nodiscard]] ByteView bytes() const { return bytes_; }

 private:
  friend class IceLite;
  friend class IceClient;
  explicit ValidatedDatagram(ByteView bytes) : bytes_(bytes) {}
  ByteView bytes_;
};

}  // namespace tw::media

template <>
struct std::hash<tw::media::NetworkPath> {
  std::size_t operator()(const tw::media::NetworkPath& path) const noexcept {
    return std::hash<tw::media::SocketAddress>{}(path.remote) * 31 + path.local + path.connection;
  }
};
