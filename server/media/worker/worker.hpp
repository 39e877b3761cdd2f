#pragma once

#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "media/engine_counters.hpp"
#include "media/media_engine.hpp"
#include "media/session/room_host.hpp"
#include "media/worker/mailbox.hpp"
#include "media/worker/udp_socket.hpp"

namespace tw::media {

/// One thread with one epoll: its sockets (one UDP port, on each listen address), its rooms, its mailbox.
class Worker {
 public:
  /// Sockets of a worker: listen addresses, those of "any" counted out. NetworkPath counts them in a byte.
  static constexpr std::size_t kMaxSockets = 16;

  /// Binds `port` on every address. Throws std::system_error. `config`, `clock`, `random`, `listener` and `dtls`
  /// outlive this.
  Worker(const MediaConfig& config, std::uint16_t port, const Clock& clock, Random& random, MediaListener& listener,
         const DtlsContext& dtls);
  /// Ends the thread: sessions are closed, then every command still waiting is answered with nullptr.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void start();
  [[nodiscard]] Mailbox& mailbox() { return mailbox_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// May be read from any thread.
  [[nodiscard]] const EngineCounters& counters() const { return counters_; }

 private:
  class Sender;
  void bind(const MediaConfig& config, std::uint16_t port);
  void run();
  void run_commands();
  void read_socket(std::size_t index);
  [[nodiscard]] int wait_time() const;

  const Clock& clock_;
  std::vector<UdpSocket> sockets_;
  std::vector<SocketAddress> candidates_;
  std::uint16_t port_ = 0;
  FileDescriptor epoll_;
  Mailbox mailbox_;
  std::vector<Mailbox::Command> commands_;
  DatagramBatch batch_;
  EngineCounters counters_;
  std::unique_ptr<Sender> sender_;
  std::unique_ptr<RoomHost> host_;
  std::thread thread_;
};

}  // namespace tw::media
