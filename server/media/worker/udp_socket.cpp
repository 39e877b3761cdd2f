#include "media/worker/udp_socket.hpp"

#include <ifaddrs.h>
#include <net/if.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

namespace tw::media {
namespace {

std::system_error socket_error(const std::string& what, const SocketAddress& address) {
  return {errno, std::generic_category(), what + " UDP " + address.ip_text() + " port " + std::to_string(address.port)};
}

void set_option(int fd, int level, int name, int value) {
  // Best effort: the kernel caps buffers at net.core.rmem_max.
  [[maybe_unused]] const int result = ::setsockopt(fd, level, name, &value, sizeof(value));
}

bool is_link_local(const SocketAddress& address) {
  return !address.is_v4 && address.ip[0] == 0xFE && (address.ip[1] & 0xC0) == 0x80;
}

}  // namespace

UdpSocket::UdpSocket(const SocketAddress& address)
    : fd_(::socket(address.is_v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)), local_(address) {
  if (!fd_.valid()) throw socket_error("cannot open", address);
  if (!address.is_v4) set_option(fd_.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
  set_option(fd_.get(), SOL_SOCKET, SO_RCVBUF, kBufferBytes);
  set_option(fd_.get(), SOL_SOCKET, SO_SNDBUF, kBufferBytes);
  sockaddr_storage storage{};
  socklen_t length = address.to(storage);
  if (::bind(fd_.get(), reinterpret_cast<sockaddr*>(&storage), length) != 0) throw socket_error("cannot bind", address);
  length = sizeof(storage);
  if (::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&storage), &length) != 0) {
    throw socket_error("cannot read the name of", address);
  }
  local_ = SocketAddress::from(storage);
}

bool UdpSocket::send(const SocketAddress& to, ByteView datagram) const {
  sockaddr_storage storage{};
  const socklen_t length = to.to(storage);
  const auto sent = ::sendto(fd_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&storage), length);
  return sent == static_cast<ssize_t>(datagram.size());
}

DatagramBatch::DatagramBatch()
    : bytes_(kDatagrams * kDatagramBytes), parts_(kDatagrams), senders_(kDatagrams), messages_(kDatagrams) {
  for (std::size_t i = 0; i < kDatagrams; ++i) {
    parts_[i] = {bytes_.data() + i * kDatagramBytes, kDatagramBytes};
    messages_[i].msg_hdr.msg_name = &senders_[i];
    messages_[i].msg_hdr.msg_iov = &parts_[i];
    messages_[i].msg_hdr.msg_iovlen = 1;
  }
}

std::size_t DatagramBatch::read(const UdpSocket& socket) {
  // The kernel writes to the headers of those it fills, and only there.
  for (std::size_t i = 0; i < used_; ++i) messages_[i].msg_hdr.msg_namelen = sizeof(sockaddr_storage);
  // Errors are those of earlier sends (ICMP) or "nothing there"; neither concerns the datagrams that follow.
  const int count = ::recvmmsg(socket.fd(), messages_.data(), kDatagrams, MSG_DONTWAIT, nullptr);
  used_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  return used_;
}

std::span<std::uint8_t> DatagramBatch::datagram(std::size_t i) {
  return std::span(bytes_).subspan(i * kDatagramBytes, messages_[i].msg_len);
}

SocketAddress DatagramBatch::sender(std::size_t i) const { return SocketAddress::from(senders_[i]); }

bool is_any(const SocketAddress& address) {
  const std::size_t from = address.is_v4 ? 12 : 0;
  return std::all_of(address.ip.begin() + static_cast<std::ptrdiff_t>(from), address.ip.end(),
                     [](std::uint8_t byte) { return byte == 0; });
}

std::vector<SocketAddress> expand_any(const SocketAddress& any) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) throw std::system_error(errno, std::generic_category(), "getifaddrs");
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owned(list, &::freeifaddrs);
  std::vector<SocketAddress> result;
  for (const ifaddrs* item = list; item != nullptr; item = item->ifa_next) {
    if (item->ifa_addr == nullptr || (item->ifa_flags & IFF_UP) == 0) continue;
    if (item->ifa_addr->sa_family != (any.is_v4 ? AF_INET : AF_INET6)) continue;
    sockaddr_storage storage{};
    std::memcpy(&storage, item->ifa_addr, any.is_v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
    SocketAddress address = SocketAddress::from(storage);
    address.port = any.port;
    if (!is_link_local(address)) result.push_back(address);
  }
  return result;
}

}  // namespace tw::media
