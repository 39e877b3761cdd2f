#include "media/worker/tcp_connections.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "base/byte_order.hpp"

namespace tw::media {
namespace {

std::system_error socket_error(const char* what, const SocketAddress& address) {
  return {errno, std::generic_category(),
          std::string(what) + " TCP " + address.ip_text() + " port " + std::to_string(address.port)};
}

void set_option(int fd, int level, int name, int value) {
  [[maybe_unused]] const int result = ::setsockopt(fd, level, name, &value, sizeof(value));
}

}  // namespace

void TcpConnections::listen(const SocketAddress& address, std::uint8_t local) {
  FileDescriptor fd(::socket(address.is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) throw socket_error("cannot open", address);
  if (!address.is_v4) set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
  set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);  // connections of an earlier run may still be in TIME_WAIT
  sockaddr_storage storage{};
  const socklen_t length = address.to(storage);
  if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&storage), length) != 0) throw socket_error("cannot bind", address);
  if (::listen(fd.get(), kBacklog) != 0) throw socket_error("cannot listen on", address);
  listeners_.push_back({std::move(fd), local});
}

void TcpConnections::start(StreamReceiver& receiver) {
  receiver_ = &receiver;
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = kListenerTag | i;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listeners_[i].fd.get(), &event) != 0) {
      throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
  }
}

std::size_t TcpConnections::on_event(std::uint64_t tag, std::uint32_t events, SteadyTime now) {
  if ((tag & kListenerTag) != 0) {
    accept_all(listeners_[static_cast<std::size_t>(tag & ~kListenerTag)], now);
    return 0;
  }
  const auto number = static_cast<std::uint32_t>(tag);
  const auto found = connections_.find(number);
  if (found == connections_.end()) return 0;
  Connection& connection = *found->second;
  std::size_t datagrams = 0;
  bool alive = (events & EPOLLERR) == 0;
  if (alive && (events & EPOLLOUT) != 0) alive = write(connection);
  if (alive && (events & (EPOLLIN | EPOLLHUP)) != 0) alive = read(connection, now, datagrams);
  if (!alive) end(number);
  return datagrams;
}

bool TcpConnections::may_accept(const SocketAddress& remote) const {
  if (connections_.size() >= kMaxConnections || unproved_ >= kMaxUnproved) return false;
  const auto same = std::ranges::count_if(connections_, [&](const auto& entry) {
    return !entry.second->proved && entry.second->path.remote.ip == remote.ip;
  });
  return static_cast<std::size_t>(same) < kMaxUnprovedAnAddress;
}

void TcpConnections::accept_all(const Listener& listener, SteadyTime now) {
  for (int i = 0; i < kBacklog; ++i) {
    sockaddr_storage storage{};
    socklen_t length = sizeof(storage);
    FileDescriptor fd(
        ::accept4(listener.fd.get(), reinterpret_cast<sockaddr*>(&storage), &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd.valid()) return;
    const SocketAddress remote = SocketAddress::from(storage);
    if (!may_accept(remote)) {
      ++refused_;
      continue;
    }
    set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(fd.get(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, kKernelUnsentBytes);
    while (next_number_ == 0 || connections_.contains(next_number_)) ++next_number_;
    const std::uint32_t number = next_number_++;
    auto connection = std::make_unique<Connection>();
    connection->fd = std::move(fd);
    connection->path = {listener.local, remote, number};
    connection->heard = now;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = kConnectionTag | number;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connection->fd.get(), &event) != 0) return;
    ++unproved_;
    connections_.emplace(number, std::move(connection));
  }
}

bool TcpConnections::read(Connection& connection, SteadyTime now, std::size_t& datagrams) {
  for (int i = 0; i < kReadsATurn; ++i) {
    const auto space = connection.frames.space();
    const ssize_t bytes = ::recv(connection.fd.get(), space.data(), space.size(), MSG_DONTWAIT);
    if (bytes < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    if (bytes == 0) return false;
    connection.frames.filled(static_cast<std::size_t>(bytes));
    if (!take_frames(connection, now, datagrams)) return false;
    if (static_cast<std::size_t>(bytes) < space.size()) return true;
  }
  return true;
}

bool TcpConnections::take_frames(Connection& connection, SteadyTime now, std::size_t& datagrams) {
  while (const auto frame = connection.frames.next()) {
    ++datagrams;
    if (!receiver_->on_stream_datagram(connection.path, *frame)) continue;
    connection.heard = now;
    if (!std::exchange(connection.proved, true)) --unproved_;
  }
  return !connection.frames.broken();
}

void TcpConnections::send(const NetworkPath& path, ByteView datagram) {
  const auto found = connections_.find(path.connection);
  if (found == connections_.end() || datagram.size() > StreamFrames::kMaxFrameBytes) return;
  Connection& connection = *found->second;
  std::vector<std::uint8_t>& out = connection.out;
  if (out.size() + StreamFrames::kLengthBytes + datagram.size() > kMaxQueuedBytes) {
    ++dropped_;
    return;
  }
  if (connection.proved) out.reserve(kMaxQueuedBytes);  // once; who proves nothing gets no answer worth the memory
  std::uint8_t length[StreamFrames::kLengthBytes];
  store_be<std::uint16_t>(length, static_cast<std::uint16_t>(datagram.size()));
  out.insert(out.end(), length, length + sizeof(length));
  out.insert(out.end(), datagram.begin(), datagram.end());
  if (!std::exchange(connection.queued, true)) queued_.push_back(path.connection);
}

void TcpConnections::flush() {
  // Ending a connection may end others' sessions, but queues nothing here.
  for (std::size_t i = 0; i < queued_.size(); ++i) {
    const auto found = connections_.find(queued_[i]);
    if (found == connections_.end()) continue;
    found->second->queued = false;
    if (!found->second->waits_for_room && !write(*found->second)) end(queued_[i]);
  }
  queued_.clear();
}

bool TcpConnections::write(Connection& connection) {
  std::vector<std::uint8_t>& out = connection.out;
  std::size_t written = 0;
  while (written < out.size()) {
    const ssize_t bytes =
        ::send(connection.fd.get(), out.data() + written, out.size() - written, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return false;
    if (bytes <= 0) break;
    written += static_cast<std::size_t>(bytes);
  }
  out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(written));
  watch(connection, !out.empty());
  return true;
}

void TcpConnections::watch(Connection& connection, bool room) {
  if (std::exchange(connection.waits_for_room, room) == room) return;
  epoll_event event{};
  event.events = room ? EPOLLIN | EPOLLOUT : EPOLLIN;
  event.data.u64 = kConnectionTag | connection.path.connection;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, connection.fd.get(), &event);
}

void TcpConnections::sweep(SteadyTime now) {
  std::vector<std::uint32_t> over;
  for (const auto& [number, connection] : connections_) {
    if (now - connection->heard >= (connection->proved ? kSilentFor : kProveWithin)) over.push_back(number);
  }
  for (const std::uint32_t number : over) end(number);
}

void TcpConnections::end(std::uint32_t number) {
  const auto found = connections_.find(number);
  if (found == connections_.end()) return;
  const auto connection = std::move(found->second);
  connections_.erase(found);
  if (!connection->proved) --unproved_;
  receiver_->on_stream_ended(connection->path);
}

}  // namespace tw::media
