#include "chaos/relay/relay.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace tw::chaos {
namespace {

using media::FileDescriptor;
using media::SocketAddress;

constexpr std::size_t kDatagramBytes = 65'536;
constexpr int kSocketBufferBytes = 4 * 1024 * 1024;
/// Datagrams of one socket before the others and the clock have their turn.
constexpr int kDatagramsAtOnce = 64;
constexpr std::size_t kMaxControlClients = 16;
constexpr std::size_t kMaxLineBytes = 4096;

enum class Source : std::uint32_t { stop = 1, control = 2, control_client = 3, listener = 4, flow = 5 };

constexpr std::uint64_t tag_of(Source source, std::uint32_t index) {
  return std::uint64_t{static_cast<std::uint32_t>(source)} << 32 | index;
}

[[noreturn]] void give_up(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

FileDescriptor udp_socket(const SocketAddress& like) {
  FileDescriptor fd(::socket(like.is_v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) give_up("socket");
  for (const int name : {SO_RCVBUF, SO_SNDBUF}) {
    // Best effort: the kernel caps it.
    [[maybe_unused]] const int set = ::setsockopt(fd.get(), SOL_SOCKET, name, &kSocketBufferBytes, sizeof(int));
  }
  return fd;
}

FileDescriptor listen_on(SocketAddress& address) {
  FileDescriptor fd = udp_socket(address);
  sockaddr_storage storage{};
  socklen_t length = address.to(storage);
  if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&storage), length) != 0) give_up("bind " + address.ip_text());
  length = sizeof(storage);
  if (::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&storage), &length) != 0) give_up("getsockname");
  address = SocketAddress::from(storage);
  return fd;
}

FileDescriptor listen_for_control(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path))
    throw std::invalid_argument("The control socket's path is too long: " + path);
  std::ranges::copy(path, address.sun_path);
  ::unlink(path.c_str());
  FileDescriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid() || ::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
      ::listen(fd.get(), static_cast<int>(kMaxControlClients)) != 0) {
    give_up("control socket " + path);
  }
  return fd;
}

}  // namespace

struct Relay::ControlClient {
  FileDescriptor socket;
  std::string line;
};

Relay::Relay(RelayConfig config)
    : config_(std::move(config)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      stop_event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      buffer_(kDatagramBytes) {
  if (!epoll_.valid() || !stop_event_.valid()) give_up("epoll");
  watch(stop_event_.get(), tag_of(Source::stop, 0));
  for (auto& pair : config_.pairs) {
    listeners_.push_back(listen_on(pair.listen));
    watch(listeners_.back().get(), tag_of(Source::listener, static_cast<std::uint32_t>(listeners_.size() - 1)));
  }
  if (config_.control_path.empty()) return;
  control_ = listen_for_control(config_.control_path);
  watch(control_.get(), tag_of(Source::control, 0));
}

Relay::~Relay() {
  if (control_.valid()) ::unlink(config_.control_path.c_str());
}

void Relay::watch(int fd, std::uint64_t tag) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = tag;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) give_up("epoll_ctl");
}

void Relay::stop() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(stop_event_.get(), &one, sizeof(one));
}

int Relay::wait_ms() const {
  constexpr int kLongest = 1000;
  const auto next = queue_.next();
  if (!next) return kLongest;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - clock_.steady_now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, kLongest));
}

void Relay::run(int signals) {
  if (signals >= 0) watch(signals, tag_of(Source::stop, 0));
  std::array<epoll_event, 64> events{};
  while (!stopping_) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), wait_ms());
    emit_due();
    for (int i = 0; i < count; ++i) handle(events[static_cast<std::size_t>(i)].data.u64);
    emit_due();
  }
}

void Relay::handle(std::uint64_t tag) {
  const auto index = static_cast<std::uint32_t>(tag);
  switch (static_cast<Source>(tag >> 32)) {
    case Source::stop: stopping_ = true; return;
    case Source::control: accept_control(); return;
    case Source::control_client: read_control(index); return;
    case Source::listener: read_clients(index); return;
    case Source::flow: read_server(index); return;
  }
}

void Relay::read_clients(std::uint32_t pair) {
  for (int i = 0; i < kDatagramsAtOnce; ++i) {
    sockaddr_storage from{};
    socklen_t length = sizeof(from);
    const auto size = ::recvfrom(listeners_[pair].get(), buffer_.data(), buffer_.size(), 0,
                                 reinterpret_cast<sockaddr*>(&from), &length);
    if (size < 0) return;
    Flow* flow = flow_for(pair, SocketAddress::from(from));
    if (flow == nullptr) continue;
    const ByteView datagram = ByteView(buffer_).first(static_cast<std::size_t>(size));
    flow->learn_names(datagram);
    pass(*flow, true, datagram);
  }
}

void Relay::read_server(std::uint32_t flow_number) {
  const auto found = flows_.find(flow_number);
  if (found == flows_.end()) return;
  Flow& flow = *found->second;
  for (int i = 0; i < kDatagramsAtOnce; ++i) {
    const auto size = ::recv(flow.socket.get(), buffer_.data(), buffer_.size(), 0);
    if (size < 0) return;  // nothing more, or the server's port is closed while it starts again
    pass(flow, false, ByteView(buffer_).first(static_cast<std::size_t>(size)));
  }
}

void Relay::pass(Flow& flow, bool to_server, ByteView datagram) {
  const SteadyTime now = clock_.steady_now();
  flow.used = now;
  const Arrivals arrivals = flow.link(to_server).offer(now, datagram.size());
  for (const SteadyTime at : arrivals.times()) {
    if (at <= now) {
      emit(flow, to_server, datagram);
    } else if (!queue_.push(at, flow.number, to_server, datagram)) {
      flow.link(to_server).count_overflow();
    }
  }
}

void Relay::emit(Flow& flow, bool to_server, ByteView datagram) {
  // A refusal is what a network does, too: the server is not there, or a buffer is full.
  if (to_server) {
    [[maybe_unused]] const auto sent = ::send(flow.socket.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL);
    return;
  }
  sockaddr_storage storage{};
  const socklen_t length = flow.client.to(storage);
  [[maybe_unused]] const auto sent = ::sendto(listeners_[flow.pair].get(), datagram.data(), datagram.size(),
                                              MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&storage), length);
}

void Relay::emit_due() {
  while (auto due = queue_.pop(clock_.steady_now())) {
    const auto found = flows_.find(due->flow);
    if (found != flows_.end()) emit(*found->second, due->to_server, due->datagram);
  }
}

Flow* Relay::flow_for(std::uint32_t pair, const SocketAddress& client) {
  const FlowKey key{pair, client};
  if (const auto known = numbers_.find(key); known != numbers_.end()) return flows_.at(known->second).get();
  forget_idle();
  if (flows_.size() >= kMaxFlows) return nullptr;
  auto flow = std::make_unique<Flow>(next_flow_++, config_.seed);
  flow->pair = pair;
  flow->client = client;
  flow->up.set(up_default_);
  flow->down.set(down_default_);
  connect_to_server(*flow);
  Flow* made = flow.get();
  numbers_.emplace(key, made->number);
  flows_.emplace(made->number, std::move(flow));
  return made;
}

void Relay::connect_to_server(Flow& flow) {
  const SocketAddress& server = config_.pairs[flow.pair].server;
  FileDescriptor fresh = udp_socket(server);
  sockaddr_storage storage{};
  const socklen_t length = server.to(storage);
  if (::connect(fresh.get(), reinterpret_cast<const sockaddr*>(&storage), length) != 0) give_up("connect");
  watch(fresh.get(), tag_of(Source::flow, flow.number));
  flow.socket = std::move(fresh);  // the old one, if any, is closed: what still comes to its port is lost
}

void Relay::forget_idle() {
  const SteadyTime now = clock_.steady_now();
  for (auto it = numbers_.begin(); it != numbers_.end();) {
    const auto flow = flows_.find(it->second);
    if (now - flow->second->used < kFlowLife) {
      ++it;
      continue;
    }
    up_over_ += flow->second->up.counters();
    down_over_ += flow->second->down.counters();
    flows_.erase(flow);
    it = numbers_.erase(it);
  }
}

void Relay::accept_control() {
  FileDescriptor socket(::accept4(control_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket.valid() || control_clients_.size() >= kMaxControlClients) return;
  const std::uint32_t number = next_control_++;
  watch(socket.get(), tag_of(Source::control_client, number));
  auto client = std::make_unique<ControlClient>();
  client->socket = std::move(socket);
  control_clients_.emplace(number, std::move(client));
}

void Relay::read_control(std::uint32_t index) {
  const auto found = control_clients_.find(index);
  if (found == control_clients_.end()) return;
  ControlClient& client = *found->second;
  std::array<char, kMaxLineBytes> bytes{};
  const auto size = ::recv(client.socket.get(), bytes.data(), bytes.size(), 0);
  if (size <= 0 || client.line.size() + static_cast<std::size_t>(size) > 2 * kMaxLineBytes) {
    control_clients_.erase(found);
    return;
  }
  client.line.append(bytes.data(), static_cast<std::size_t>(size));
  for (std::size_t end = client.line.find('\n'); end != std::string::npos; end = client.line.find('\n')) {
    const std::string reply = answer(std::string_view(client.line).substr(0, end)) + "\n";
    client.line.erase(0, end + 1);
    [[maybe_unused]] const auto sent = ::send(client.socket.get(), reply.data(), reply.size(), MSG_NOSIGNAL);
  }
}

std::string Relay::answer(std::string_view line) {
  const auto command = parse_command(line);
  if (!command) {
    std::string message = command.error().message;
    std::erase_if(message, [](unsigned char c) { return c < 0x20 || c == '"' || c == '\\'; });
    return "{\"ok\":false,\"error\":\"" + message + "\"}";
  }
  if (command->verb == Command::Verb::stats) return summary();
  if (command->verb == Command::Verb::flows) return flows_json();
  std::size_t touched = 0;
  carry_out(*command, touched);
  return "{\"ok\":true,\"flows\":" + std::to_string(touched) + "}";
}

void Relay::carry_out(const Command& command, std::size_t& flows_touched) {
  const Selector& selector = command.selector;
  const bool changes = command.verb == Command::Verb::set || command.verb == Command::Verb::clear;
  if (changes && selector.all() && selector.up) apply(command, up_default_);
  if (changes && selector.all() && selector.down) apply(command, down_default_);
  const SteadyTime dark_until = clock_.steady_now() + command.duration;
  for (auto& [number, flow] : flows_) {
    if (!flow->is_meant(selector)) continue;
    ++flows_touched;
    if (command.verb == Command::Verb::rebind) connect_to_server(*flow);
    for (const bool to_server : {true, false}) {
      if (!(to_server ? selector.up : selector.down)) continue;
      Link& link = flow->link(to_server);
      if (command.verb == Command::Verb::blackout) link.black_out(dark_until);
      if (!changes) continue;
      Impairment changed = link.impairment();
      apply(command, changed);
      link.set(changed);
    }
  }
}

std::string Relay::flows_json() const {
  std::vector<const Flow*> sorted;
  for (const auto& [number, flow] : flows_) sorted.push_back(flow.get());
  std::ranges::sort(sorted, {}, &Flow::number);
  std::string items;
  for (const Flow* flow : sorted) items += (items.empty() ? "" : ",") + to_json(*flow);
  return "{\"ok\":true,\"items\":[" + items + "]}";
}

std::string Relay::summary() const {
  LinkCounters up = up_over_;
  LinkCounters down = down_over_;
  for (const auto& [number, flow] : flows_) {
    up += flow->up.counters();
    down += flow->down.counters();
  }
  return "{\"ok\":true,\"flows\":" + std::to_string(next_flow_ - 1) + ",\"waiting\":" + std::to_string(queue_.size()) +
         ",\"up\":" + to_json(up) + ",\"down\":" + to_json(down) + "}";
}

}  // namespace tw::chaos
