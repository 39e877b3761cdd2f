#include "media/worker/worker.hpp"

#include <pthread.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "base/log.hpp"

namespace tw::media {
namespace {

/// Batches read from one socket before the others, the timers and the mailbox have their turn.
constexpr int kMaxBatches = 8;
/// Attempts to find a port that is free on every address when the system chooses.
constexpr int kPortAttempts = 32;
constexpr std::uint32_t kMailboxTag = 0xFFFFFFFF;

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

class Worker::Sender final : public DatagramSink {
 public:
  explicit Sender(const std::vector<UdpSocket>& sockets) : sockets_(sockets) {}
  void send(const NetworkPath& path, ByteView datagram) override {
    if (path.local < sockets_.size()) sockets_[path.local].send(path.remote, datagram);
  }

 private:
  const std::vector<UdpSocket>& sockets_;
};

Worker::Worker(const MediaConfig& config, std::uint16_t port, const Clock& clock, Random& random,
               MediaListener& listener, const DtlsContext& dtls)
    : clock_(clock), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_.valid()) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  bind(config, port);
  for (std::uint32_t i = 0; i <= sockets_.size(); ++i) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = i < sockets_.size() ? i : kMailboxTag;
    const int fd = i < sockets_.size() ? sockets_[i].fd() : mailbox_.event();
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
      throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
  }
  sender_ = std::make_unique<Sender>(sockets_);
  host_ = std::make_unique<RoomHost>(HostParts{&config, &clock, &random, &listener, &dtls, sender_.get(), candidates_, &counters_});
}

void Worker::bind(const MediaConfig& config, std::uint16_t port) {
  const bool chosen_by_system = port == 0;
  for (int attempt = 1;; ++attempt) {
    sockets_.clear();
    candidates_.clear();
    port_ = port;
    try {
      for (const Bound& bound : plan(config, port)) {
        SocketAddress address = bound.bind;
        address.port = port_;
        port_ = sockets_.emplace_back(address).local().port;
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
  std::array<epoll_event, kMaxSockets + 1> events{};
  while (!mailbox_.closed()) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), wait_time());
    for (int i = 0; i < count; ++i) {
      const std::uint32_t tag = events[static_cast<std::size_t>(i)].data.u32;
      if (tag == kMailboxTag) {
        if (!mailbox_.closed()) run_commands();
      } else {
        read_socket(tag);
      }
    }
    host_->on_time();
  }
  host_.reset();  // closes every session; the listener is told
  run_commands();
}

void Worker::run_commands() {
  mailbox_.take_all(commands_);
  for (auto& command : commands_) command(host_.get());
  commands_.clear();
}

void Worker::read_socket(std::size_t index) {
  for (int i = 0; i < kMaxBatches; ++i) {
    const std::size_t count = batch_.read(sockets_[index]);
    for (std::size_t k = 0; k < count; ++k) {
      host_->receive({static_cast<std::uint8_t>(index), batch_.sender(k)}, batch_.datagram(k));
    }
    if (count < DatagramBatch::kDatagrams) return;
  }
}

}  // namespace tw::media
