#include "media/transport/simulated_network_test_support.hpp"

#include <algorithm>

namespace tw::media {

class SimulatedNetwork::Sink final : public DatagramSink {
 public:
  Sink(SimulatedNetwork& network, SimulatedEndpoint& endpoint) : network_(network), endpoint_(endpoint) {}
  void send(const NetworkPath& path, ByteView datagram) override {
    for (const auto& socket : network_.sockets_) {
      if (socket.endpoint == &endpoint_ && socket.local == path.local) {
        network_.send(socket.address, path.remote, datagram);
        return;
      }
    }
  }
  [[nodiscard]] const SimulatedEndpoint* endpoint() const { return &endpoint_; }

 private:
  SimulatedNetwork& network_;
  SimulatedEndpoint& endpoint_;
};

SimulatedNetwork::SimulatedNetwork(ManualClock& clock, Random& random) : clock_(clock), random_(random) {}
SimulatedNetwork::~SimulatedNetwork() = default;

DatagramSink& SimulatedNetwork::attach(SimulatedEndpoint& endpoint, const SocketAddress& address) {
  const auto local = std::ranges::count(sockets_, &endpoint, &Socket::endpoint);
  sockets_.push_back({&endpoint, static_cast<std::uint8_t>(local), address});
  for (const auto& sink : sinks_) {
    if (sink->endpoint() == &endpoint) return *sink;
  }
  sinks_.push_back(std::make_unique<Sink>(*this, endpoint));
  return *sinks_.back();
}

void SimulatedNetwork::move(const SocketAddress& from, const SocketAddress& address) {
  std::ranges::find(sockets_, from, &Socket::address)->address = address;
}

void SimulatedNetwork::detach(SimulatedEndpoint& endpoint) {
  std::erase_if(sockets_, [&](const Socket& socket) { return socket.endpoint == &endpoint; });
}

double SimulatedNetwork::random_fraction() { return static_cast<double>(random_.u32()) / 4294967296.0; }

void SimulatedNetwork::send(const SocketAddress& from, const SocketAddress& to, ByteView datagram) {
  ++sent_;
  largest_ = std::max<std::uint64_t>(largest_, datagram.size());
  if (filter_ && !filter_(from, to, datagram)) return;
  if (quality_.loss > 0 && random_fraction() < quality_.loss) return;
  auto at = clock_.steady_now() + quality_.delay;
  if (quality_.jitter.count() > 0) {
    at += std::chrono::microseconds(
        static_cast<std::int64_t>(random_fraction() * static_cast<double>(quality_.jitter.count())));
  }
  under_way_.push({at, sent_, from, to, Bytes(datagram.begin(), datagram.end())});
}

void SimulatedNetwork::deliver() {
  while (!under_way_.empty() && under_way_.top().at <= clock_.steady_now()) {
    const Datagram datagram = under_way_.top();
    under_way_.pop();
    const auto socket = std::ranges::find(sockets_, datagram.to, &Socket::address);
    if (socket == sockets_.end()) continue;
    SimulatedEndpoint* endpoint = socket->endpoint;
    endpoint->on_datagram({socket->local, datagram.from}, datagram.bytes);
  }
}

void SimulatedNetwork::fire_timeouts() {
  std::vector<SimulatedEndpoint*> endpoints;
  for (const auto& socket : sockets_) {
    if (socket.local == 0) endpoints.push_back(socket.endpoint);
  }
  for (auto* endpoint : endpoints) {
    const auto deadline = endpoint->deadline();
    if (deadline && *deadline <= clock_.steady_now()) endpoint->on_timeout();
  }
}

std::optional<SteadyTime> SimulatedNetwork::next_event() const {
  std::optional<SteadyTime> next;
  if (!under_way_.empty()) next = under_way_.top().at;
  for (const auto& socket : sockets_) {
    const auto deadline = socket.endpoint->deadline();
    if (deadline && (!next || *deadline < *next)) next = deadline;
  }
  return next;
}

bool SimulatedNetwork::run_until(const std::function<bool()>& done, std::chrono::microseconds limit) {
  constexpr std::chrono::microseconds kLeastStep{100};  // so that a deadline that never moves cannot stop time
  const SteadyTime end = clock_.steady_now() + limit;
  for (;;) {
    deliver();
    fire_timeouts();
    if (done()) return true;
    const SteadyTime now = clock_.steady_now();
    if (now >= end) return false;
    const SteadyTime next = std::min(next_event().value_or(end), end);
    const auto step = std::chrono::duration_cast<std::chrono::microseconds>(next - now);
    clock_.advance(std::min(std::max(step, kLeastStep),
                            std::max(std::chrono::duration_cast<std::chrono::microseconds>(end - now), kLeastStep)));
  }
}

void SimulatedNetwork::run_for(std::chrono::microseconds time) {
  run_until([] { return false; }, time);
}

}  // namespace tw::media
