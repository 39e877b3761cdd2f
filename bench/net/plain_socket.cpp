#include "net/plain_socket.hpp"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <system_error>

namespace tw::bench {
namespace {

ArrivalTime to_time(const timespec& time) {
  return ArrivalTime{std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec}};
}

}  // namespace

ArrivalTime arrival_now() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return to_time(now);
}

PlainSocket::PlainSocket(const media::SocketAddress& ip, Stamps stamps, Runs runs)
    : fd_(::socket(ip.is_v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  if (!fd_.valid()) throw std::system_error(errno, std::generic_category(), "socket");
  (void)::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &kBufferBytes, sizeof(kBufferBytes));
  (void)::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDBUF, &kBufferBytes, sizeof(kBufferBytes));
  const int yes = 1;
  if (stamps == Stamps::on && ::setsockopt(fd_.get(), SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof(yes)) != 0) {
    throw std::system_error(errno, std::generic_category(), "SO_TIMESTAMPNS");
  }
  // Where the kernel does not know the option it takes runs apart, as it does without.
  if (runs == Runs::whole) (void)::setsockopt(fd_.get(), SOL_UDP, UDP_GRO, &yes, sizeof(yes));
  sockaddr_storage storage{};
  media::SocketAddress wanted = ip;
  wanted.port = 0;
  socklen_t length = wanted.to(storage);
  if (::bind(fd_.get(), reinterpret_cast<sockaddr*>(&storage), length) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot bind UDP " + ip.ip_text());
  }
  length = sizeof(storage);
  if (::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&storage), &length) != 0) {
    throw std::system_error(errno, std::generic_category(), "getsockname");
  }
  local_ = media::SocketAddress::from(storage);
}

bool PlainSocket::send(const media::SocketAddress& to, std::span<const std::uint8_t> datagram) const {
  sockaddr_storage storage{};
  const socklen_t length = to.to(storage);
  return ::sendto(fd_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL,
                  reinterpret_cast<const sockaddr*>(&storage), length) == static_cast<ssize_t>(datagram.size());
}

std::optional<PlainSocket::Received> PlainSocket::receive(std::span<std::uint8_t> into) const {
  sockaddr_storage from{};
  iovec part{into.data(), into.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec)) + CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_name = &from;
  message.msg_namelen = sizeof(from);
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const auto bytes = ::recvmsg(fd_.get(), &message, MSG_DONTWAIT);
  if (bytes < 0) return std::nullopt;
  Received received{.bytes = static_cast<std::size_t>(bytes),
                    .packet_bytes = static_cast<std::size_t>(bytes),
                    .from = media::SocketAddress::from(from),
                    .arrival = {}};
  for (cmsghdr* item = CMSG_FIRSTHDR(&message); item != nullptr; item = CMSG_NXTHDR(&message, item)) {
    if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SCM_TIMESTAMPNS) {
      timespec stamp{};
      std::memcpy(&stamp, CMSG_DATA(item), sizeof(stamp));
      received.arrival = to_time(stamp);
    } else if (item->cmsg_level == SOL_UDP && item->cmsg_type == UDP_GRO) {
      int size = 0;
      std::memcpy(&size, CMSG_DATA(item), sizeof(size));
      if (size > 0) received.packet_bytes = static_cast<std::size_t>(size);
    }
  }
  return received;
}

}  // namespace tw::bench
