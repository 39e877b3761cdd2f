#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>

#include "load/media_schedule.hpp"
#include "load/options.hpp"
#include "load/tally.hpp"
#include "media/peer/peer_session.hpp"
#include "net/plain_socket.hpp"

namespace tw::bench {

/// What every client shares.
struct ClientParts {
  const media::DtlsContext* dtls = nullptr;
  const Clock* clock = nullptr;
  Random* random = nullptr;
  Tally* tally = nullptr;
  std::minstd_rand* dice = nullptr;  ///< for what is thrown away and for phases
  PayloadWriter* payloads = nullptr;
  double loss = 0;
  PlainSocket::Runs runs = PlainSocket::Runs::whole;
};

/// One seat with its peer session and a UDP socket of its own, as a browser has.
class Client final : public media::PeerListener, public media::DatagramSink {
 public:
  /// Datagrams read at a turn, so that one client cannot keep the others waiting.
  static constexpr int kMostReads = 64;
  /// Bytes of the longest datagram that a socket can give, a run of packets included.
  static constexpr std::size_t kLongestRun = 65'536;

  Client(Seat seat, const media::SocketAddress& local, const ClientParts& parts);

  [[nodiscard]] const Seat& seat() const { return seat_; }
  [[nodiscard]] media::PeerSession& session() { return *session_; }
  [[nodiscard]] int fd() const { return socket_.fd(); }
  [[nodiscard]] bool connected() const { return session_->connected(); }
  [[nodiscard]] bool failed() const { return failed_; }

  void read_socket();
  void on_time(SteadyTime now);
  void begin_media(SteadyTime begin) { schedule_.emplace(begin, *parts_.dice); }
  /// When the next packet is due; never for a viewer and before `begin_media`.
  [[nodiscard]] SteadyTime next_packet() const { return schedule_ ? schedule_->next() : SteadyTime::max(); }
  void send_packet(SteadyTime now);

 private:
  void send(const media::NetworkPath& path, ByteView datagram) override;
  void on_packet(const media::PeerPacket& packet) override;
  void on_keyframe_request() override { keyframe_asked_ = true; }
  void on_closed() override { failed_ = true; }
  [[nodiscard]] bool thrown_away(ByteView datagram);

  Seat seat_;
  ClientParts parts_;
  PlainSocket socket_;
  std::unique_ptr<media::PeerSession> session_;
  std::optional<MediaSchedule> schedule_;
  std::uint32_t next_number_ = 0;
  ArrivalTime arrival_;
  bool keyframe_asked_ = false;
  bool failed_ = false;
};

}  // namespace tw::bench
