#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/encoding.hpp"
#include "media/wire/socket_address.hpp"
#include "media/worker/file_descriptor.hpp"

namespace tw::media {

/// A bound, non-blocking UDP socket on one address, so that answers leave from the address that was asked.
class UdpSocket {
 public:
  /// What the kernel may hold for us: a burst of keyframes of a hundred rooms. Best effort.
  static constexpr int kBufferBytes = 4 * 1024 * 1024;

  /// Throws std::system_error where the address cannot be bound. Port 0: the system chooses.
  explicit UdpSocket(const SocketAddress& address);

  [[nodiscard]] const SocketAddress& local() const { return local_; }
  [[nodiscard]] int fd() const { return fd_.get(); }
  /// False when it was dropped: the kernel's buffer is full or the peer is unreachable. Media is never waited for.
  bool send(const SocketAddress& to, ByteView datagram) const;

 private:
  FileDescriptor fd_;
  SocketAddress local_;
};

/// Datagrams read at once, with their senders; memory is taken once.
class DatagramBatch {
 public:
  static constexpr std::size_t kDatagrams = 32;
  /// A longer datagram than an Ethernet frame carries is cut, and then fails its authentication.
  static constexpr std::size_t kDatagramBytes = 1600;

  DatagramBatch();
  /// Reads what has come, up to kDatagrams; the count.
  std::size_t read(const UdpSocket& socket);
  [[nodiscard]] std::span<std::uint8_t> datagram(std::size_t i);
  [[nodiscard]] SocketAddress sender(std::size_t i) const;

 private:
  std::vector<std::uint8_t> bytes_;
  std::vector<iovec> parts_;
  std::vector<sockaddr_storage> senders_;
  std::vector<mmsghdr> messages_;
  std::size_t used_ = kDatagrams;  ///< headers to be set up before the next read
};

/// The addresses of the machine's interfaces of the family of `any` (0.0.0.0 or ::) with its port: one socket is bound
/// to each, since a socket bound to "any" answers from another address than it was asked at. Link-local ones are left
/// out.
[[nodiscard]] std::vector<SocketAddress> expand_any(const SocketAddress& any);
[[nodiscard]] bool is_any(const SocketAddress& address);

}  // namespace tw::media
