#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "crypto/certificate.hpp"
#include "media/peer/peer_session.hpp"
#include "media/session/room_host.hpp"
#include "media/transport/simulated_openssl_time_test_support.hpp"

namespace tw::media {

/// What a picture packet of the simulation carries behind its VP8 header: which frame, which packet of how many.
struct FrameMark {
  std::uint32_t frame = 0;
  std::uint8_t index = 0;
  std::uint8_t count = 0;
};
/// 1280×720, or a shorter payload of 320×180.
[[nodiscard]] Bytes make_vp8_payload(const FrameMark& mark, bool keyframe, bool small = false);
[[nodiscard]] std::optional<FrameMark> read_frame_mark(ByteView payload);

/// Sees what taps see and finds what must not be: a sequence number twice, a packet of an unknown track.
class CountingTap final : public PacketTap {
 public:
  void on_track_started(const TrackInfo& track, WallTime at) override;
  KeptPacket on_packet(const TapPacket& packet) override;
  void on_sender_report(const TapSenderReport& report) override { ++reports[report.track]; }
  void on_track_ended(TrackNumber track, WallTime at) override;

  std::map<TrackNumber, TrackInfo> tracks;
  std::map<TrackNumber, std::set<std::uint64_t>> sequences;
  std::map<TrackNumber, unsigned> reports;
  std::vector<TrackNumber> ended;
  unsigned duplicates = 0;
  unsigned keyframes = 0;
  unsigned strays = 0;     ///< packets of tracks that have not started or have ended
  unsigned malformed = 0;  ///< `payload` not inside `rtp`, or padded
  Rotation rotation = Rotation::none;

  [[nodiscard]] std::size_t packets(Kind kind) const;
  /// Numbers missing between the first and the last of the tracks of this kind.
  [[nodiscard]] std::size_t holes(Kind kind) const;
};

/// A participant's end of a session, and what it received.
class SimulatedPeer final : public PeerListener, public DatagramSink {
 public:
  SimulatedPeer(class SimulatedRoom& world, std::string participant, PeerConfig config, std::size_t number);

  void on_connected() override { connected = true; }
  void on_packet(const PeerPacket& packet) override;
  void on_sender_report(Kind kind, const SenderReport& report) override;
  void on_keyframe_request() override;
  void on_layer_keyframe_request(std::size_t layer) override;
  void on_closed() override { closed = true; }
  void send(const NetworkPath& path, ByteView datagram) override;

  /// Sound every 20 ms and picture every 33 ms from now on, captured at the moment they are sent.
  void start_media();
  void send_due_media(SteadyTime now);
  [[nodiscard]] std::optional<SteadyTime> next_media() const;

  /// Frames from the first received on of which a packet is missing, the last `margin` not counted.
  [[nodiscard]] std::size_t incomplete_frames(std::uint32_t margin) const;

  /// The same as text, for failures: "frame (packets that came of how many)".
  [[nodiscard]] std::string incomplete_list(std::uint32_t margin) const;

  class SimulatedRoom& world;
  const std::string participant;
  const std::size_t number;
  const bool simulcast;
  SocketAddress address;  ///< as the server sees it; a NAT may change it
  std::unique_ptr<PeerSession> session;
  std::string id;  ///< of the media session
  std::string etag;
  bool connected = false;
  bool closed = false;
  bool dead = false;  ///< neither sends nor receives any more

  std::uint32_t frames_sent = 0;
  std::uint32_t packets_a_frame = 5;
  std::optional<Rotation> rotation;
  bool keyframe_due = true;
  bool small_keyframe_due = true;
  bool sends_large = true;  ///< of simulcast
  bool sends_small = true;
  unsigned keyframe_requests = 0;
  std::vector<SteadyTime> keyframe_request_times;

  std::map<std::uint32_t, std::set<std::uint8_t>> frames;
  std::map<std::uint32_t, std::uint8_t> frame_sizes;
  unsigned audio_packets = 0;
  unsigned video_packets = 0;
  std::map<Kind, std::vector<std::uint16_t>> sequences;
  std::map<Kind, std::vector<std::uint32_t>> timestamps;
  std::map<Kind, SenderReport> sender_reports;
  unsigned sender_report_count = 0;
  std::optional<Rotation> seen_rotation;
  unsigned seen_width = 0;  ///< of the last keyframe

  /// The way from the server: 0 means as wide as wanted. A packet that finds a longer queue is dropped.
  double down_bps = 0;
  std::chrono::milliseconds down_queue{500};
  SteadyTime down_free_at{};
  std::chrono::microseconds worst_queue{0};

 private:
  std::optional<SteadyTime> next_frame_;
  std::optional<SteadyTime> next_sound_;
  SteadyTime media_began_;
};

/// One server's rooms and any number of peers on a simulated clock and network, always the same for a seed.
class SimulatedRoom final : public MediaListener, public PacketSink {
 public:
  static constexpr const char* kRoom = "room-1";

  explicit SimulatedRoom(MediaConfig config = {});
  ~SimulatedRoom() override;

  struct Network {
    double loss = 0;  ///< of each direction, of everything
    std::chrono::milliseconds delay{20};
    std::chrono::milliseconds jitter{0};  ///< up to this much more, which reorders
  };
  Network network;

  SimulatedPeer& publish(const std::string& participant, PeerConfig config = {});
  SimulatedPeer& watch(const std::string& participant, const std::string& whose, PeerConfig config = {});
  [[nodiscard]] Result<SessionAnswer> offer(SimulatedPeer& peer, const std::string& sdp, const StreamKey& stream);

  void run_for(std::chrono::milliseconds time);
  /// False when `done` did not become true in time.
  bool run_until(const std::function<bool()>& done, std::chrono::milliseconds patience = std::chrono::seconds{10});

  void send(const NetworkPath& path, ByteView datagram) override;
  [[nodiscard]] std::span<std::uint8_t> reserve() override { return lent_; }
  void commit(const NetworkPath& path, std::size_t bytes) override { send(path, ByteView(lent_).first(bytes)); }
  void from_peer(SimulatedPeer& peer, ByteView datagram);
  void on_session(const SessionEvent& event) override { events.push_back({clock.steady_now(), event}); }
  void on_quality(const SessionQuality& quality) override { qualities.push_back(quality); }
  void on_player(const PlayerEvent& event) override { player_events.push_back(event); }

  [[nodiscard]] std::optional<SteadyTime> time_of(const std::string& session, SessionState state) const;

  ManualClock clock;
  SeededRandom random{7};
  SimulatedOpensslTime openssl_time{clock};
  MediaConfig config;
  DtlsContext server_dtls;
  DtlsContext peer_dtls;
  const SocketAddress server_address;
  EngineCounters counters;
  std::unique_ptr<RoomHost> host;
  std::vector<std::unique_ptr<SimulatedPeer>> peers;
  std::vector<std::pair<SteadyTime, SessionEvent>> events;
  std::vector<SessionQuality> qualities;
  std::vector<PlayerEvent> player_events;
  std::vector<NetworkPath> strangers;  ///< where the server sent something that no peer lives
  std::size_t strangers_bytes = 0;
  /// Sees each datagram of a peer before the network does.
  std::function<void(SimulatedPeer&, ByteView)> on_wire;
  /// Told when the server's own code begins to run and when it stops: also while it sends, since what the simulated
  /// network takes is not the server's.
  std::function<void(bool running)> on_server;

 private:
  struct Flight {
    SimulatedPeer* peer = nullptr;
    bool to_server = false;
    Bytes bytes;
  };
  void server_runs(bool running) {
    server_running_ = running;
    if (on_server) on_server(running);
  }
  void fly(SimulatedPeer& peer, bool to_server, ByteView datagram);
  [[nodiscard]] SteadyTime next_event(SteadyTime end);
  void step();

  std::array<std::uint8_t, kRoomBytes> lent_{};
  bool server_running_ = false;
  std::mt19937_64 dice_{42};
  std::multimap<SteadyTime, Flight> flights_;
};

}  // namespace tw::media
