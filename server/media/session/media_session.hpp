#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/random.hpp"
#include "media/engine_counters.hpp"
#include "media/media_engine.hpp"
#include "media/session/media_time.hpp"
#include "media/session/peer_transport.hpp"
#include "media/session/sdp_negotiation.hpp"
#include "media/session/silence_watch.hpp"
#include "media/stream/round_trip_estimator.hpp"
#include "media/wire/rtp_packet.hpp"

namespace tw::media {

class MediaSession;

/// What sessions need from whoever holds them.
class SessionOwner {
 public:
  virtual ~SessionOwner() = default;
  virtual void on_state(MediaSession& session, SessionState state, MediaTime now) = 0;
  virtual void on_quality(MediaSession& session, const SessionQuality& quality) = 0;
  /// The session's `deadline()` may have come nearer outside of its own `receive` and `on_time`.
  virtual void reschedule(MediaSession& session) = 0;
};

struct SessionIdentity {
  std::string room;
  std::string id;
  std::string participant;
  StreamKey stream;
  bool publisher = false;
};

/// What every session is made of.
struct SessionParts {
  SessionIdentity identity;
  NegotiatedSession negotiated;
  IceCredentials local;
  std::string etag;
  const MediaConfig* config = nullptr;
  const DtlsContext* dtls = nullptr;
  PacketSink* out = nullptr;
  Random* random = nullptr;
  EngineCounters* counters = nullptr;
};

/// One WHIP or WHEP session without I/O: its transport, its signs of life, its reports. A datagram and the time go in;
/// datagrams, events and the next deadline come out.
class MediaSession : private TransportListener {
 public:
  /// Reports go out once a second, which browsers do as well.
  static constexpr std::chrono::seconds kReportInterval{1};
  static constexpr std::chrono::seconds kQualityInterval{2};

  MediaSession(SessionParts parts, SessionOwner& owner, MediaTime now);
  ~MediaSession() override = default;
  MediaSession(const MediaSession&) = delete;
  MediaSession& operator=(const MediaSession&) = delete;

  /// True when `path` is now known to be the peer's.
  bool receive_check(const StunMessage& message, ByteView datagram, const NetworkPath& path, MediaTime now);
  void receive(const NetworkPath& path, std::span<std::uint8_t> datagram, MediaTime now);
  void forget_path(const NetworkPath& path) { transport_.forget_path(path); }
  void on_time(MediaTime now);
  [[nodiscard]] SteadyTime deadline(SteadyTime now) const;
  void restart_ice(IceCredentials local, IceCredentials remote, std::string etag);
  /// Says goodbye to the peer. Its owner is told `closed`, once.
  void close(MediaTime now);

  [[nodiscard]] const SessionIdentity& identity() const { return identity_; }
  [[nodiscard]] const NegotiatedSession& negotiated() const { return negotiated_; }
  [[nodiscard]] SessionState state() const { return state_; }
  [[nodiscard]] bool connected() const { return transport_.connected() && state_ != SessionState::closed; }
  [[nodiscard]] const std::string& etag() const { return etag_; }
  [[nodiscard]] const IceLite& ice() const { return transport_.ice(); }
  [[nodiscard]] std::uint64_t dropped_datagrams() const { return transport_.dropped(); }

 protected:
  /// Loss and bit rate since the call before.
  struct Interval {
    std::uint64_t bytes = 0;
    double loss_fraction = 0;
    std::uint32_t jitter_ms = 0;
    std::uint32_t estimate_bps = 0;
    std::optional<std::uint32_t> layer;
    bool picture_paused = false;
  };
  virtual void on_media_connected(MediaTime now) = 0;
  virtual void on_media(std::span<std::uint8_t> packet, MediaTime now) = 0;
  virtual void on_control(ByteView packet, MediaTime now) = 0;
  virtual void on_media_time(MediaTime now) = 0;
  [[nodiscard]] virtual std::optional<SteadyTime> media_deadline() const = 0;
  /// Writes this second's report into the buffer.
  virtual void send_report(MediaTime now) = 0;
  [[nodiscard]] virtual Interval take_interval() = 0;

  PeerTransport& transport() { return transport_; }
  /// Where the next packet is written; it is sent before anything else is written.
  std::span<std::uint8_t> buffer() { return transport_.buffer(); }
  SessionOwner& owner() { return owner_; }
  Random& random() { return random_; }
  const MediaConfig& config() const { return config_; }
  EngineCounters& counters() { return counters_; }

  RoundTripEstimator round_trip_;

 private:
  void on_transport_connected(MediaTime now) final;
  void on_transport_closed(const char* reason, MediaTime now) final;
  void on_rtp(std::span<std::uint8_t> packet, MediaTime now) final { on_media(packet, now); }
  void on_rtcp(ByteView packet, MediaTime now) final { on_control(packet, now); }
  void on_heard(MediaTime now) final { silence_.on_heard(now.steady); }
  void update_state(MediaTime now);
  void set_state(SessionState state, MediaTime now);
  void report_quality(MediaTime now);

  // What every packet needs lies together, see PeerTransport.
  EngineCounters& counters_;
  SilenceWatch silence_;
  SessionState state_ = SessionState::connecting;
  SteadyTime next_report_;
  SteadyTime next_quality_;
  PeerTransport transport_;
  SessionIdentity identity_;
  NegotiatedSession negotiated_;
  const MediaConfig& config_;
  SessionOwner& owner_;
  Random& random_;
  std::string etag_;
};

}  // namespace tw::media
