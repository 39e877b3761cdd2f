#include "media/worker/worker.hpp"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/prctl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <stdexcept>
#include <system_error>

#include "base/log.hpp"

namespace tw::media {
namespace {

/// Batches read from one socket before the others, the timers and the mailbox have their turn.
constexpr int kMaxBatches = 8;
/// Attempts to find a port that is free on every address when the system chooses.
constexpr int kPortAttempts = 32;
constexpr std::uint64_t kMailboxTag = 0xFFFFFFFF;
/// Handled before timers have their turn.
constexpr std::size_t kMaxEvents = 128;
/// By how much the kernel may let the thread sleep too long. Its default of 50 µs would be taken from what a packet may
/// wait for company, and gain nothing: no other timer of the machine is due with this one.
constexpr unsigned long kTimerSlackNanos = 1'000;

struct Bound {
  SocketAddress bind;
  SocketAddress advertised;
};

SocketAddress parse_address(const std::string& text, std::uint16_t port) {
  const auto address = SocketAddress::parse(text, port);
  if (!address) throw std::invalid_argument("Not a numeric address to listen on: " + text);
  return *address;
}

/// What to bind and what to advertise for it, in the order of the configuration.
std::vector<Bound> plan(const MediaConfig& config, std::uint16_t port) {
  std::vector<Bound> result;
  for (const auto& listen : config.addresses) {
    const SocketAddress address = parse_address(listen.bind, port);
    const std::vector<SocketAddress> all = is_any(address) ? expand_any(address) : std::vector{address};
    for (const auto& one : all) {
      result.push_back({one, listen.advertised.empty() ? one : parse_address(listen.advertised, port)});
    }
  }
  if (result.empty()) throw std::invalid_argument("There is no address to listen on for media.");
  if (result.size() > Worker::kMaxSockets) result.resize(Worker::kMaxSockets);
  return result;
}

}  // namespace

Worker::Worker(const MediaConfig& config, std::uint16_t port, const Clock& clock, Random& random,
               MediaListener& listener, const DtlsContext& dtls)
    : clock_(clock), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_.valid()) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  bind(config, port);
  watch_sockets();
  out_ = std::make_unique<SendBatch>(sockets_, &tcp_);
  host_ =
      std::make_unique<RoomHost>(HostParts{&config, &clock, &random, &listener, &dtls, out_.get(), candidates_,
                                           tcp_.listening() ? candidates_ : std::vector<SocketAddress>{}, &counters_});
  tcp_.start(*this);
}

void Worker::watch_sockets() {
  for (std::size_t i = 0; i <= sockets_.size(); ++i) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i < sockets_.size() ? i : kMailboxTag;
    const int fd = i < sockets_.size() ? sockets_[i].fd() : mailbox_.event();
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
      throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
  }
}

void Worker::bind(const MediaConfig& config, std::uint16_t port) {
  const bool chosen_by_system = port == 0;
  for (int attempt = 1;; ++attempt) {
    sockets_.clear();
    tcp_.close_listeners();
    candidates_.clear();
    port_ = port;
    try {
      for (const Bound& bound : plan(config, port)) {
        SocketAddress address = bound.bind;
        address.port = port_;
        port_ = sockets_.emplace_back(address).local().port;
        if (config.tcp) tcp_.listen(sockets_.back().local(), static_cast<std::uint8_t>(sockets_.size() - 1));
        SocketAddress candidate = bound.advertised;
        candidate.port = port_;
        // Several interfaces behind one address that NAT shows are one candidate.
        if (std::ranges::find(candidates_, candidate) == candidates_.end()) candidates_.push_back(candidate);
      }
      return;
    } catch (const std::system_error& error) {
      // The port that was free on the first address is taken on another one.
      if (!chosen_by_system || error.code().value() != EADDRINUSE || attempt >= kPortAttempts) throw;
    }
  }
}

Worker::~Worker() {
  mailbox_.close();
  if (thread_.joinable()) {
    thread_.join();
  } else {
    run_commands();
  }
}

void Worker::start() {
  thread_ = std::thread([this] { run(); });
  ::pthread_setname_np(thread_.native_handle(), "tw-media");
}

int Worker::wait_time() const {
  constexpr std::chrono::milliseconds kLongest{1000};
  const auto deadline = host_->next_deadline();
  if (!deadline) return static_cast<int>(kLongest.count());
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - clock_.steady_now());
  return static_cast<int>(std::clamp(left, std::chrono::milliseconds{0}, kLongest).count());
}

void Worker::run() {
  // Accepting a TCP connection may wait for so many turns of a millisecond.
  constexpr unsigned kTurnsWithoutEpoll = 8;
  ::prctl(PR_SET_TIMERSLACK, kTimerSlackNanos, 0, 0, 0);
  unsigned turns = 0;
  while (!mailbox_.closed()) {
    const bool ask = !gathering_.busy() || mailbox_.waiting() || tcp_.size() > 0 || ++turns >= kTurnsWithoutEpoll;
    if (ask) turns = 0;
    ask ? turn_by_epoll() : turn_under_load();
  }
  host_.reset();  // closes every session; the listener is told
  out_->flush();
  tcp_.flush();
  run_commands();
}

void Worker::turn_by_epoll() {
  std::array<epoll_event, kMaxEvents> events{};
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), wait_time());
  const SteadyTime start = clock_.steady_now();
  std::size_t packets = 0;
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    packets += take_event(event.data.u64, event.events, start);
  }
  finish_turn(start, packets);
}

/// Packets have had time to gather, so they are there: one system call less.
void Worker::turn_under_load() {
  const SteadyTime start = clock_.steady_now();
  std::size_t packets = 0;
  for (std::size_t i = 0; i < sockets_.size(); ++i) packets += read_socket(i);
  finish_turn(start, packets);
}

std::size_t Worker::take_event(std::uint64_t tag, std::uint32_t events, SteadyTime now) {
  if (tag < sockets_.size()) return read_socket(static_cast<std::size_t>(tag));
  if (tag != kMailboxTag) return tcp_.on_event(tag, events, now);
  if (!mailbox_.closed()) run_commands();
  return 0;
}

void Worker::finish_turn(SteadyTime start, std::size_t packets) {
  host_->on_time();
  if (start >= next_sweep_) {
    next_sweep_ = start + TcpConnections::kSweepEvery;
    tcp_.sweep(start);
  }
  out_->flush();
  tcp_.flush();
  gathering_.on_turn(start, packets);
  rest();
}

bool Worker::on_stream_datagram(const NetworkPath& path, std::span<std::uint8_t> datagram) {
  return host_->receive(path, datagram);
}

void Worker::on_stream_ended(const NetworkPath& path) {
  if (host_) host_->forget_path(path);
}

/// Lets packets gather in the sockets' buffers. Timers and commands wait as well, for a millisecond at most.
void Worker::rest() const {
  const auto left = gathering_.rest(clock_.steady_now());
  if (left == left.zero()) return;
  const timespec time{0, static_cast<long>(left.count())};
  ::clock_nanosleep(CLOCK_MONOTONIC, 0, &time, nullptr);
}

void Worker::run_commands() {
  mailbox_.take_all(commands_);
  for (auto& command : commands_) command(host_.get());
  commands_.clear();
}

std::size_t Worker::read_socket(std::size_t index) {
  std::size_t packets = 0;
  for (int i = 0; i < kMaxBatches; ++i) {
    const std::size_t count = batch_.read(sockets_[index]);
    const MediaTime time = host_->now();
    for (std::size_t k = 0; k < count; ++k) {
      host_->receive({static_cast<std::uint8_t>(index), batch_.sender(k)}, batch_.datagram(k), time);
    }
    packets += count;
    if (count < DatagramBatch::kDatagrams) break;
  }
  return packets;
}

}  // namespace tw::media
