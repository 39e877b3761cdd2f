#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "media/media_types.hpp"
#include "media/transport/dtls_context.hpp"
#include "media/transport/network_path.hpp"
#include "media/transport/srtp_keys.hpp"
#include "media/wire/rtcp_packet.hpp"
#include "media/wire/rtp_packet.hpp"

namespace tw::media {

/// What a peer wants of a server: to publish (WHIP, sendonly) or to watch (WHEP, recvonly).
struct PeerConfig {
  bool publisher = true;
  bool audio = true;
  bool video = true;
  Codec video_codec = Codec::vp8;
  /// A publisher offers its picture in two layers, `PeerSession::kSmallLayer` and `kLargeLayer` (RFC 8853).
  bool simulcast = false;
  /// Offers transport-wide sequence numbers and their feedback; without, a watching peer reports losses only.
  bool transport_feedback = true;
};

/// A packet that came: decrypted, retransmissions restored to their originals (and then `retransmitted`).
struct PeerPacket {
  Kind kind = Kind::audio;
  RtpPacketView header;
  ByteView bytes;  ///< the whole packet
  SteadyTime arrival;
  bool retransmitted = false;
  std::optional<Rotation> rotation;
};

/// Told during `receive` and `handle_timeout`; must not call back into the session.
class PeerListener {
 public:
  virtual ~PeerListener() = default;
  virtual void on_connected() {}
  virtual void on_packet(const PeerPacket& /*packet*/) {}
  virtual void on_sender_report(Kind /*kind*/, const SenderReport& /*report*/) {}
  virtual void on_keyframe_request() {}
  /// Of simulcast: which layer is asked for.
  virtual void on_layer_keyframe_request(std::size_t /*layer*/) { on_keyframe_request(); }
  virtual void on_bitrate(std::uint64_t /*bits_per_second*/) {}  ///< REMB
  /// A publisher's own estimate of the way to the server, after each feedback.
  virtual void on_estimate(std::uint32_t /*bits_per_second*/) {}
  virtual void on_bye(std::uint32_t /*ssrc*/) {}
  virtual void on_closed() {}  ///< by the server, or consent was lost, or the handshake failed
};

struct PeerCounters {
  std::uint64_t sent_packets = 0;
  std::uint64_t retransmitted_packets = 0;
  std::uint64_t received_packets = 0;
  std::uint64_t nacks_sent = 0;
  std::uint64_t nacks_received = 0;
  std::uint64_t feedback_received = 0;  ///< packets that transport-wide feedback told of as received
  std::uint64_t feedback_lost = 0;      ///< … as lost
  std::uint64_t dropped_datagrams = 0;  ///< of unknown kind, unauthenticated or malformed
};

/// The client's side of WHIP or WHEP without I/O: ICE, DTLS client, SRTP, NACK and RTX in both directions, reports.
/// The caller carries `offer()` to the server and its answer back, moves datagrams, and calls `handle_timeout` at
/// `next_deadline`.
class PeerSession {
 public:
  static constexpr std::size_t kSmallLayer = 0;
  static constexpr std::size_t kLargeLayer = 1;

  PeerSession(PeerConfig config, const DtlsContext& dtls, const Clock& clock, Random& random, PeerListener& listener,
              DatagramSink& out);
  ~PeerSession();
  PeerSession(const PeerSession&) = delete;
  PeerSession& operator=(const PeerSession&) = delete;

  [[nodiscard]] std::string offer() const;
  /// `peer.answer_unusable` where it lacks what a session needs.
  [[nodiscard]] Result<void> set_answer(std::string_view sdp);
  /// For a watching peer, instead of the two above: some servers offer to their viewers. Gives the answer.
  /// `peer.offer_unusable` where a session cannot come of it.
  [[nodiscard]] Result<std::string> answer_offer(std::string_view sdp);

  /// An ICE restart: the fragment for a PATCH, and the fragment that answers it.
  [[nodiscard]] std::string restart_ice();
  [[nodiscard]] Result<void> set_restart_answer(std::string_view fragment);

  void receive(const NetworkPath& path, ByteView datagram);
  void handle_timeout();
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  /// Sends a payload (for VP8 with its descriptor, for H264 packetized) as the next packet of `kind`. False when not
  /// connected.
  bool send(Kind kind, ByteView payload, std::uint32_t timestamp, bool marker,
            std::optional<Rotation> rotation = std::nullopt, std::size_t layer = 0);
  /// Asks the server for a keyframe (a watching peer).
  void request_keyframe();
  /// BYE and close_notify.
  void close();

  [[nodiscard]] bool connected() const;
  [[nodiscard]] std::optional<SrtpProfile> srtp_profile() const;  ///< nullopt before it is connected
  [[nodiscard]] const PeerCounters& counters() const;
  [[nodiscard]] std::uint32_t ssrc(Kind kind) const;  ///< of a publisher

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tw::media
