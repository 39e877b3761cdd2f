#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "media/transport/network_path.hpp"
#include "media/wire/stream_frames.hpp"
#include "media/worker/file_descriptor.hpp"

namespace tw::media {

/// What a worker does with what comes over TCP.
class StreamReceiver {
 public:
  virtual ~StreamReceiver() = default;
  /// True when the path is one on which a peer has proved its ICE credentials.
  virtual bool on_stream_datagram(const NetworkPath& path, std::span<std::uint8_t> datagram) = 0;
  virtual void on_stream_ended(const NetworkPath& path) = 0;
};

/// ICE-TCP of one worker: listeners for passive candidates (RFC 6544 section 4.1) and the connections that came, each
/// datagram framed as RFC 4571 says. A connection has a short while to prove ICE credentials, and nothing is queued for
/// it beyond a limit: what a slow one cannot take is dropped, as a network would.
class TcpConnections final : public DatagramSink {
 public:
  /// Far more calls over TCP than one worker carries; each has 8 KiB to read into.
  static constexpr std::size_t kMaxConnections = 2'048;
  /// Connections that have proved nothing yet: all of them, and those of one address (an office behind NAT joins by
  /// ones and twos).
  static constexpr std::size_t kMaxUnproved = 256;
  static constexpr std::size_t kMaxUnprovedAnAddress = 16;
  /// RFC 6544 section 7.1 lets an agent check for some seconds; who connects to do so checks at once.
  static constexpr std::chrono::seconds kProveWithin{10};
  /// RFC 7675: consent is over, so the session is too.
  static constexpr std::chrono::seconds kSilentFor{30};
  /// 0.35 s of a 1.5 Mb/s picture: more would come too late to be shown.
  static constexpr std::size_t kMaxQueuedBytes = std::size_t{64} * 1024;
  /// What the kernel may hold besides (TCP_NOTSENT_LOWAT).
  static constexpr int kKernelUnsentBytes = 16 * 1024;
  static constexpr std::chrono::seconds kSweepEvery{1};
  static constexpr int kBacklog = 128;
  /// Taken from one connection before others have their turn.
  static constexpr int kReadsATurn = 8;

  /// `epoll` gets the connections under `kConnectionTag | number`, the listeners under `kListenerTag | index`.
  static constexpr std::uint64_t kConnectionTag = std::uint64_t{1} << 32;
  static constexpr std::uint64_t kListenerTag = std::uint64_t{1} << 33;

  explicit TcpConnections(const FileDescriptor& epoll) : epoll_(epoll) {}

  /// Throws std::system_error where the address cannot be bound. `local` is the path's number of this address.
  void listen(const SocketAddress& address, std::uint8_t local);
  void close_listeners() { listeners_.clear(); }
  [[nodiscard]] bool listening() const { return !listeners_.empty(); }
  /// The listeners begin to be watched. `receiver` outlives this.
  void start(StreamReceiver& receiver);

  /// An event of epoll under one of the tags above; the datagrams that were read.
  std::size_t on_event(std::uint64_t tag, std::uint32_t events, SteadyTime now);
  /// Queues the datagram behind its length; dropped when too much waits already or the connection is gone.
  void send(const NetworkPath& path, ByteView datagram) override;
  /// Gives the kernel what was queued in this turn.
  void flush();
  /// Ends connections that proved nothing in time or have been silent for too long. Call about every `kSweepEvery`.
  void sweep(SteadyTime now);

  [[nodiscard]] std::size_t size() const { return connections_.size(); }
  /// Datagrams dropped for want of room, and connections refused for too many, since the start.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  struct Listener {
    FileDescriptor fd;
    std::uint8_t local = 0;
  };
  struct Connection {
    FileDescriptor fd;
    NetworkPath path;
    StreamFrames frames;
    std::vector<std::uint8_t> out;
    SteadyTime heard;
    bool proved = false;
    bool waits_for_room = false;  ///< epoll tells when the kernel takes more
    bool queued = false;          ///< stands in `queued_`
  };

  void accept_all(const Listener& listener, SteadyTime now);
  [[nodiscard]] bool may_accept(const SocketAddress& remote) const;
  /// False when the connection has ended.
  [[nodiscard]] bool read(Connection& connection, SteadyTime now, std::size_t& datagrams);
  [[nodiscard]] bool take_frames(Connection& connection, SteadyTime now, std::size_t& datagrams);
  [[nodiscard]] bool write(Connection& connection);
  void watch(Connection& connection, bool room);
  void end(std::uint32_t number);

  const FileDescriptor& epoll_;
  StreamReceiver* receiver_ = nullptr;
  std::vector<Listener> listeners_;
  std::unordered_map<std::uint32_t, std::unique_ptr<Connection>> connections_;
  std::vector<std::uint32_t> queued_;
  std::size_t unproved_ = 0;
  std::uint32_t next_number_ = 1;
  std::uint64_t dropped_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace tw::media
