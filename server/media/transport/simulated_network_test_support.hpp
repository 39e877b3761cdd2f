#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "media/transport/network_path.hpp"

namespace tw::media {

/// Somebody with an address on a simulated network.
class SimulatedEndpoint {
 public:
  virtual ~SimulatedEndpoint() = default;
  virtual void on_datagram(const NetworkPath& path, ByteView datagram) = 0;
  virtual void on_timeout() = 0;
  [[nodiscard]] virtual std::optional<SteadyTime> deadline() const = 0;
};

/// Carries datagrams between endpoints on simulated time: with delay, jitter (and so reordering) and loss, the same for
/// the same seed. Each attached address is one socket; `local` of an endpoint's paths is the number of its socket.
class SimulatedNetwork {
 public:
  struct Quality {
    std::chrono::microseconds delay{10'000};
    std::chrono::microseconds jitter{0};
    double loss = 0;
  };
  /// Sees each datagram that is sent; false drops it.
  using Filter = std::function<bool(const SocketAddress& from, const SocketAddress& to, ByteView datagram)>;

  SimulatedNetwork(ManualClock& clock, Random& random);
  ~SimulatedNetwork();
  SimulatedNetwork(const SimulatedNetwork&) = delete;
  SimulatedNetwork& operator=(const SimulatedNetwork&) = delete;

  /// Gives the endpoint a socket at `address` and returns what it sends with. The first socket of an endpoint is 0.
  DatagramSink& attach(SimulatedEndpoint& endpoint, const SocketAddress& address);
  /// The endpoint gets `address` instead, as behind a NAT that forgot it. What is under way to the old one is lost.
  void move(const SocketAddress& from, const SocketAddress& address);
  void detach(SimulatedEndpoint& endpoint);
  void set_quality(Quality quality) { quality_ = quality; }
  void set_filter(Filter filter) { filter_ = std::move(filter); }

  /// Runs until `done` holds or `limit` of simulated time has passed; says whether it held.
  bool run_until(const std::function<bool()>& done, std::chrono::microseconds limit);
  void run_for(std::chrono::microseconds time);

  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] std::uint64_t largest_datagram() const { return largest_; }

 private:
  struct Socket {
    SimulatedEndpoint* endpoint;
    std::uint8_t local;
    SocketAddress address;
  };
  struct Datagram {
    SteadyTime at;
    std::uint64_t number;
    SocketAddress from;
    SocketAddress to;
    Bytes bytes;
    bool operator>(const Datagram& other) const { return std::pair(at, number) > std::pair(other.at, other.number); }
  };
  class Sink;
  void send(const SocketAddress& from, const SocketAddress& to, ByteView datagram);
  void deliver();
  void fire_timeouts();
  [[nodiscard]] std::optional<SteadyTime> next_event() const;
  [[nodiscard]] double random_fraction();

  ManualClock& clock_;
  Random& random_;
  Quality quality_;
  Filter filter_;
  std::vector<Socket> sockets_;
  std::vector<std::unique_ptr<Sink>> sinks_;
  std::priority_queue<Datagram, std::vector<Datagram>, std::greater<>> under_way_;
  std::uint64_t sent_ = 0;
  std::uint64_t largest_ = 0;
};

}  // namespace tw::media
