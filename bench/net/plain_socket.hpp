#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

#include "media/wire/socket_address.hpp"
#include "media/worker/file_descriptor.hpp"

namespace tw::bench {

/// When a datagram reached a socket, by the kernel's clock (CLOCK_REALTIME), so that a client that is slow to read does
/// not make a server look slow.
using ArrivalTime = std::chrono::sys_time<std::chrono::nanoseconds>;
[[nodiscard]] ArrivalTime arrival_now();

/// A UDP socket with nothing but the plain calls: one datagram a call. What the product's sockets do to be fast is not
/// for the client and the floor to profit from.
class PlainSocket {
 public:
  static constexpr int kBufferBytes = 4 * 1024 * 1024;

  enum class Stamps : bool { off, on };
  /// Whether packets that a sender handed over as one run (UDP_SEGMENT) are read as one (UDP_GRO). On one machine the
  /// kernel else takes a run apart on the *sender's* time, which between two machines the network card does.
  enum class Runs : bool { apart, whole };

  /// Bound to `ip` and a port of the system's choice. Throws std::system_error.
  PlainSocket(const media::SocketAddress& ip, Stamps stamps, Runs runs);

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const media::SocketAddress& local() const { return local_; }

  bool send(const media::SocketAddress& to, std::span<const std::uint8_t> datagram) const;

  struct Received {
    std::size_t bytes = 0;
    std::size_t packet_bytes = 0;  ///< of each packet in it but the last, which may be shorter
    media::SocketAddress from;
    ArrivalTime arrival;  ///< only with Stamps::on
  };
  /// nullopt when nothing is there.
  [[nodiscard]] std::optional<Received> receive(std::span<std::uint8_t> into) const;

 private:
  media::FileDescriptor fd_;
  media::SocketAddress local_;
};

}  // namespace tw::bench
