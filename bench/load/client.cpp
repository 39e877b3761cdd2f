#include "load/client.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "media/wire/demultiplex.hpp"

namespace tw::bench {

Client::Client(Seat seat, const media::SocketAddress& local, const ClientParts& parts)
    : seat_(std::move(seat)),
      parts_(parts),
      socket_(local, PlainSocket::Stamps::on, parts.runs),
      session_(std::make_unique<media::PeerSession>(
          media::PeerConfig{.publisher = seat_.publisher, .audio = true, .video = true}, *parts.dtls, *parts.clock,
          *parts.random, *this, *this)) {}

bool Client::thrown_away(ByteView datagram) {
  if (parts_.loss <= 0 || media::kind_of(datagram) != media::DatagramKind::rtp) return false;
  return std::uniform_real_distribution<>(0, 1)(*parts_.dice) < parts_.loss;
}

void Client::send(const media::NetworkPath& path, ByteView datagram) {
  if (!thrown_away(datagram)) socket_.send(path.remote, datagram);
}

void Client::read_socket() {
  std::array<std::uint8_t, kLongestRun> run;  // NOLINT(cppcoreguidelines-pro-type-member-init): only what came is read
  for (int i = 0; i < kMostReads; ++i) {
    const auto received = socket_.receive(run);
    if (!received) return;
    arrival_ = received->arrival;
    for (std::size_t at = 0; at < received->bytes; at += received->packet_bytes) {
      const auto packet = ByteView(run).subspan(at, std::min(received->packet_bytes, received->bytes - at));
      if (!thrown_away(packet)) session_->receive({0, received->from}, packet);
    }
  }
}

void Client::on_packet(const media::PeerPacket& packet) {
  const auto stamp = Stamp::read(packet.header.payload);
  if (stamp) parts_.tally->on_received(*stamp, seat_.stream, arrival_, packet.retransmitted);
}

void Client::on_time(SteadyTime now) {
  const auto deadline = session_->next_deadline();
  if (deadline && *deadline <= now) session_->handle_timeout();
}

void Client::send_packet(SteadyTime now) {
  if (std::exchange(keyframe_asked_, false)) schedule_->want_keyframe();
  const auto late = now - schedule_->next();
  const DuePacket packet = schedule_->take();
  const auto payload = parts_.payloads->write(packet);
  const Stamp stamp{.publisher = seat_.stream, .number = next_number_, .sent = arrival_now()};
  stamp.write(payload);
  if (!session_->send(packet.kind, payload, packet.timestamp, packet.marker)) return;
  ++next_number_;
  parts_.tally->on_sent(stamp, late);
}

}  // namespace tw::bench
