#include "load/run.hpp"

#include <netdb.h>
#include <openssl/srtp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <queue>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "crypto/certificate.hpp"
#include "load/client.hpp"
#include "load/signalling.hpp"

namespace tw::bench {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

/// Arrivals carry the kernel's time, so sockets may wait this long to be read, and a server does not pay for waking us
/// at each packet, as it would not if we were on another machine.
constexpr milliseconds kReadEvery{1};
constexpr milliseconds kTimersEvery{5};
constexpr seconds kConnectPatience{20};
/// After the window: for packets on their way, and those that are asked for again.
constexpr milliseconds kTail{500};

nanoseconds in_nanoseconds(double value) { return nanoseconds{static_cast<std::int64_t>(value * 1e9)}; }

nanoseconds own_cpu() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return seconds{time.tv_sec} + nanoseconds{time.tv_nsec};
}

/// The profiles of the handshake, in the names of OpenSSL.
const char* offered(const std::string& profile) {
  if (profile == "gcm") return "SRTP_AEAD_AES_128_GCM";
  if (profile == "cm") return "SRTP_AES128_CM_SHA1_80";
  return "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80";
}

std::string authority_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  std::string host = url.substr(begin, url.find('/', begin) - begin);
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.rfind(':'));
}

/// The address that this machine would reach `host` from: a UDP socket is connected and asked.
media::SocketAddress local_towards(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), "9", &hints, &found) != 0) throw std::runtime_error("No such host: " + host);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
  const media::FileDescriptor probe(::socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_storage storage{};
  socklen_t length = sizeof(storage);
  if (::connect(probe.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      ::getsockname(probe.get(), reinterpret_cast<sockaddr*>(&storage), &length) != 0) {
    throw std::system_error(errno, std::generic_category(), "no way to " + host);
  }
  return media::SocketAddress::from(storage);
}

std::vector<std::uint32_t> viewers_of_streams(const std::vector<Seat>& seats) {
  std::vector<std::uint32_t> counts;
  for (const Seat& seat : seats) {
    if (seat.stream >= counts.size()) counts.resize(seat.stream + 1);
    if (!seat.publisher) ++counts[seat.stream];
  }
  return counts;
}

class Load {
 public:
  Load(const Options& options, std::vector<Seat> seats)
      : options_(options),
        dtls_(make_dtls_certificate(clock_.wall_now())),
        tally_(viewers_of_streams(seats)),
        dice_(static_cast<std::minstd_rand::result_type>(options.seed)),
        payloads_(dice_),
        http_(options.insecure),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (SSL_CTX_set_tlsext_use_srtp(dtls_.native(), offered(options.profile)) != 0) {
      throw std::runtime_error("OpenSSL refuses the SRTP profile");
    }
    signalling_ = options.server == ServerKind::janus ? make_janus_signalling(http_, options.target)
                                                      : make_whip_signalling(http_);
    add_clients(std::move(seats));
  }

  Result<Findings> measure() {
    findings_.server_before = watch();
    if (auto joined = join_all(); !joined) return tl::unexpected(joined.error());
    if (!options_.join_only) {
      if (auto sent = send_for_a_while(); !sent) return tl::unexpected(sent.error());
    }
    for (auto& client : clients_) client->session().close();
    signalling_->leave_all();
    return findings_;
  }

 private:
  void add_clients(std::vector<Seat> seats) {
    const std::string host = authority_of(options_.target.empty() ? seats.front().url : options_.target);
    const auto local =
        options_.address.empty() ? local_towards(host) : media::SocketAddress::parse(options_.address, 0);
    if (!local) throw std::invalid_argument("Not a numeric address: " + options_.address);
    const ClientParts parts{.dtls = &dtls_,
                            .clock = &clock_,
                            .random = &random_,
                            .tally = &tally_,
                            .dice = &dice_,
                            .payloads = &payloads_,
                            .loss = options_.loss,
                            .runs = options_.runs_apart ? PlainSocket::Runs::apart : PlainSocket::Runs::whole};
    for (Seat& seat : seats) {
      ++(seat.publisher ? findings_.publishers : findings_.viewers);
      auto& client = clients_.emplace_back(std::make_unique<Client>(std::move(seat), *local, parts));
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = client.get();
      if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, client->fd(), &event) != 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
      }
    }
  }

  ProcessUse watch() {
    const auto use = options_.watched_pid == 0 ? std::nullopt : use_of(options_.watched_pid);
    findings_.server_watched = use.has_value();
    return use.value_or(ProcessUse{});
  }

  /// Reads what has come and runs timers that are due.
  void turn(int wait_ms) {
    std::array<epoll_event, 256> events{};
    int count = static_cast<int>(events.size());
    while (count == static_cast<int>(events.size())) {
      count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), wait_ms);
      wait_ms = 0;
      for (int i = 0; i < count; ++i) {
        static_cast<Client*>(events[static_cast<std::size_t>(i)].data.ptr)->read_socket();
      }
    }
    const SteadyTime now = clock_.steady_now();
    if (now - last_timers_ < kTimersEvery) return;
    last_timers_ = now;
    for (auto& client : clients_) client->on_time(now);
  }

  Result<void> join_all() {
    const SteadyTime begin = clock_.steady_now();
    const auto cpu_begin = watch().cpu;
    bool watching = false;
    for (auto& client : clients_) {
      if (!client->seat().publisher && !std::exchange(watching, true)) {
        // Streams are there before anybody watches them: not every server has viewers wait.
        if (auto done = until_connected(true); !done) return done;
      }
      if (auto joined = signalling_->join(client->seat(), client->session()); !joined) return joined;
      turn(0);
    }
    if (auto done = until_connected(false); !done) return done;
    findings_.join_seconds = std::chrono::duration<double>(clock_.steady_now() - begin).count();
    findings_.join_server_cpu = watch().cpu - cpu_begin;
    findings_.profile = negotiated_profile();
    return {};
  }

  Result<void> until_connected(bool publishers_only) {
    const SteadyTime end = clock_.steady_now() + kConnectPatience;
    for (;;) {
      std::size_t missing = 0;
      for (const auto& client : clients_) {
        if (client->failed()) {
          return fail(ErrorKind::unavailable, "load.not_connected",
                      "ICE or DTLS failed with " + client->seat().url + " " + client->seat().room);
        }
        if (!client->connected() && (client->seat().publisher || !publishers_only)) ++missing;
      }
      if (missing == 0) return {};
      if (clock_.steady_now() > end) {
        return fail(ErrorKind::unavailable, "load.not_connected",
                    std::to_string(missing) + " of " + std::to_string(clients_.size()) + " sessions did not connect.");
      }
      turn(1);
    }
  }

  [[nodiscard]] std::string negotiated_profile() const {
    std::string name;
    for (const auto& client : clients_) {
      const bool gcm = client->session().srtp_profile() == media::SrtpProfile::aead_aes_128_gcm;
      const char* one = gcm ? "AEAD_AES_128_GCM" : "AES128_CM_SHA1_80";
      if (!name.empty() && name != one) return "mixed";
      name = one;
    }
    return name;
  }

  Result<void> send_for_a_while() {
    const SteadyTime begin = clock_.steady_now() + kReadEvery;
    for (auto& client : clients_) {
      if (!client->seat().publisher) continue;
      client->begin_media(begin);
      due_.push({client->next_packet(), client.get()});
    }
    send_until(begin + in_nanoseconds(options_.warm_up_seconds));
    findings_.server_begin = watch();
    const auto client_begin = own_cpu();
    const SteadyTime window_begin = clock_.steady_now();
    tally_.open(arrival_now());
    send_until(window_begin + in_nanoseconds(options_.seconds));
    tally_.close(arrival_now());
    findings_.server_end = watch();
    findings_.client_cpu = own_cpu() - client_begin;
    findings_.window_seconds = std::chrono::duration<double>(clock_.steady_now() - window_begin).count();
    send_until(clock_.steady_now() + kTail);
    for (const auto& client : clients_) {
      if (client->failed()) return fail(ErrorKind::unavailable, "load.lost", "A session was closed by the server.");
    }
    take_counts();
    return {};
  }

  void send_until(SteadyTime end) {
    SteadyTime next_read = clock_.steady_now();
    for (SteadyTime now = clock_.steady_now(); now < end; now = clock_.steady_now()) {
      while (due_.top().at <= now) {
        Client& client = *due_.top().client;
        due_.pop();
        client.send_packet(now);
        due_.push({client.next_packet(), &client});
      }
      if (now >= next_read) {
        turn(0);
        next_read = clock_.steady_now() + kReadEvery;
      }
      wait_until(std::min({due_.top().at, next_read, end}));
    }
  }

  static void wait_until(SteadyTime time) {
    const auto since = duration_cast<nanoseconds>(time.time_since_epoch()).count();
    const timespec until{since / 1'000'000'000, since % 1'000'000'000};
    ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
  }

  void take_counts() {
    findings_.sent = tally_.sent();
    findings_.expected = tally_.expected();
    findings_.received = tally_.received();
    findings_.recovered = tally_.recovered();
    findings_.misdirected = tally_.misdirected();
    findings_.delays = tally_.delays();
    findings_.lateness = tally_.lateness();
  }

  struct Due {
    SteadyTime at;
    Client* client = nullptr;
    bool operator<(const Due& other) const { return at > other.at; }  // the earliest on top
  };

  const Options& options_;
  SystemClock clock_;
  OsRandom random_;
  media::DtlsContext dtls_;
  Tally tally_;
  std::minstd_rand dice_;
  PayloadWriter payloads_;
  HttpClient http_;
  media::FileDescriptor epoll_;
  std::unique_ptr<Signalling> signalling_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::priority_queue<Due> due_;
  SteadyTime last_timers_{};
  Findings findings_;
};

}  // namespace

Result<Findings> run(const Options& options) {
  auto seats = make_seats(options);
  if (!seats) return tl::unexpected(seats.error());
  if (seats->empty()) return fail(ErrorKind::invalid, "load.no_seats", "Nobody is to join.");
  return Load(options, std::move(*seats)).measure();
}

}  // namespace tw::bench
