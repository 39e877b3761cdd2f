#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "chaos/relay/command.hpp"
#include "chaos/relay/delay_queue.hpp"
#include "chaos/relay/flow.hpp"
#include "media/wire/socket_address.hpp"
#include "media/worker/file_descriptor.hpp"

namespace tw::chaos {

/// Clients send to `listen`; it goes on to `server`, and back.
struct RelayPair {
  media::SocketAddress listen;
  media::SocketAddress server;
};

struct RelayConfig {
  std::vector<RelayPair> pairs;
  std::string control_path;  ///< of a Unix socket: lines in, one JSON line out for each
  std::uint64_t seed = 1;
};

/// A UDP relay that stands where a bad network would be: the server advertises `listen` as its candidate. One thread.
class Relay {
 public:
  static constexpr std::size_t kMaxFlows = 4096;
  /// A NAT forgets a binding that nobody uses (RFC 4787 REQ-5 asks for two minutes or more).
  static constexpr std::chrono::minutes kFlowLife{2};

  /// Throws std::system_error where an address or the control socket cannot be had.
  explicit Relay(RelayConfig config);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  /// Until `stop` or SIGTERM/SIGINT is read from `signals` (-1: none).
  void run(int signals = -1);
  /// May be called from another thread or a signal handler.
  void stop() const;
  /// What is printed at the end: counters of all flows, those that are over included.
  [[nodiscard]] std::string summary() const;
  /// The port of the first pair's listening address.
  [[nodiscard]] std::uint16_t port() const { return config_.pairs.front().listen.port; }

 private:
  struct ControlClient;
  struct FlowKey {
    std::uint32_t pair;
    media::SocketAddress client;
    friend bool operator==(const FlowKey&, const FlowKey&) = default;
  };
  struct FlowKeyHash {
    std::size_t operator()(const FlowKey& key) const {
      return std::hash<media::SocketAddress>{}(key.client) + key.pair;
    }
  };

  void watch(int fd, std::uint64_t tag);
  void handle(std::uint64_t tag);
  void read_clients(std::uint32_t pair);
  void read_server(std::uint32_t flow_number);
  void pass(Flow& flow, bool to_server, ByteView datagram);
  void emit(Flow& flow, bool to_server, ByteView datagram);
  void emit_due();
  Flow* flow_for(std::uint32_t pair, const media::SocketAddress& client);
  void connect_to_server(Flow& flow);
  void forget_idle();
  void accept_control();
  void read_control(std::uint32_t index);
  std::string answer(std::string_view line);
  void carry_out(const Command& command, std::size_t& flows_touched);
  [[nodiscard]] std::string flows_json() const;
  [[nodiscard]] int wait_ms() const;

  RelayConfig config_;
  SystemClock clock_;
  media::FileDescriptor epoll_;
  media::FileDescriptor stop_event_;
  media::FileDescriptor control_;
  std::vector<media::FileDescriptor> listeners_;
  std::unordered_map<FlowKey, std::uint32_t, FlowKeyHash> numbers_;
  std::unordered_map<std::uint32_t, std::unique_ptr<Flow>> flows_;
  std::unordered_map<std::uint32_t, std::unique_ptr<ControlClient>> control_clients_;
  DelayQueue queue_;
  Impairment up_default_;
  Impairment down_default_;
  LinkCounters up_over_;  ///< of flows that were forgotten
  LinkCounters down_over_;
  Bytes buffer_;
  std::uint32_t next_flow_ = 1;
  std::uint32_t next_control_ = 1;
  bool stopping_ = false;
};

}  // namespace tw::chaos
