#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "media/engine_counters.hpp"
#include "media/media_types.hpp"
#include "media/sdp_limits.hpp"

namespace tw::media {

class PlayerMedia;

/// An address that a worker listens on and what it tells peers instead of it (behind NAT they differ).
struct ListenAddress {
  std::string bind;        ///< numeric IPv4 or IPv6 address
  std::string advertised;  ///< numeric; the same as `bind` when empty
};

struct MediaConfig {
  std::vector<ListenAddress> addresses;
  std::uint16_t first_port = 50'000;            ///< worker n uses first_port + n for UDP and TCP
  bool tcp = true;                              ///< passive ICE-TCP candidates (RFC 6544), after those of UDP
  unsigned workers = 1;                         ///< 1–64
  Codec video_codec = Codec::vp8;               ///< one a room; an offer without it is answered with not_acceptable
  std::uint32_t video_bitrate_bps = 1'500'000;  ///< what a publisher is asked for (b=TIAS and REMB)
  std::uint32_t audio_bitrate_bps = 40'000;
  std::chrono::milliseconds unstable_after{3'000};  ///< silence until a session is reported unstable
  std::chrono::milliseconds lost_after{7'500};
  std::chrono::milliseconds freed_after{30'000};
};

/// A stop on the way of one WHIP or WHEP session.
enum class SessionState { connecting, connected, unstable, lost, closed };

struct SessionEvent {
  std::string room;
  std::string session;
  StreamKey stream;         ///< what is published or watched
  std::string participant;  ///< who holds the session (for a viewer: the viewer)
  bool publisher = false;
  SessionState state = SessionState::connecting;
};

/// Quality of a session, reported every 2 s while it is connected.
struct SessionQuality {
  std::string room;
  std::string session;
  std::string participant;
  bool publisher = false;
  std::uint32_t round_trip_ms = 0;
  double loss_fraction = 0;  ///< 0–1, since the report before
  std::uint32_t bitrate_bps = 0;
  std::uint32_t jitter_ms = 0;         ///< the worst track's
  std::uint32_t estimate_bps = 0;      ///< of the path to a viewer; 0: of a publisher, or not known yet
  std::optional<std::uint32_t> layer;  ///< of the picture that a viewer gets, 0 the smallest; empty: none
  bool picture_paused = false;         ///< withheld, because a viewer's path is too narrow for it
};

/// What a player is doing: `finished` came to its end by itself, `stopped` was ended (also by its room's end).
enum class PlayerState { playing, paused, finished, stopped };

/// News of a player: at every change and, while it plays, once a second. The last one is finished or stopped.
struct PlayerEvent {
  std::string room;
  StreamKey stream;
  std::string player;  ///< PlayOptions::id
  PlayerState state = PlayerState::playing;
  std::chrono::milliseconds position{0};
  std::chrono::milliseconds duration{0};
};

/// Who receives what a player plays. Taps always do.
enum class PlayerAudience { everyone, held_only };

struct PlayOptions {
  std::string id;                      ///< comes back in events, so that news of an earlier player can be told apart
  std::chrono::milliseconds start{0};  ///< playing begins at the keyframe at or before it
  bool paused = false;
  bool loop = false;
  PlayerAudience audience = PlayerAudience::everyone;
};

struct PlayerCommand {
  enum class Action { pause, resume, seek, stop };
  Action action = Action::pause;
  std::chrono::milliseconds position{0};  ///< of seek
};

/// Told about sessions on a worker thread; must only hand the news on.
class MediaListener {
 public:
  virtual ~MediaListener() = default;
  virtual void on_session(const SessionEvent& event) = 0;
  virtual void on_quality(const SessionQuality& quality) = 0;
  virtual void on_player(const PlayerEvent& /*event*/) {}
};

/// The answer to an offer, for a 201 (RFC 9725 section 4.2).
struct SessionAnswer {
  std::string session;  ///< id under which the session is patched and closed
  std::string etag;     ///< names the ICE session, without quotes
  std::string sdp;
};

/// The answer to a PATCH (RFC 9725 section 4.3): empty `fragment` for trickle (204), the new credentials for a restart
/// (200).
struct PatchAnswer {
  std::string etag;
  std::string fragment;
};

struct MediaRequest {
  std::string room;
  std::string participant;  ///< who asks
  StreamKey stream;         ///< what is published (stream.participant == participant) or watched
  std::string offer;        ///< SDP, at most kMaxSdpBytes
};

/// A session as somebody who holds it names it; one of another room or participant is not found.
struct SessionRef {
  std::string room;
  std::string participant;
  std::string session;
};

/// The media engine: workers with their sockets, rooms, sessions. Thread-safe; each call is a message to the room's
/// worker. Callbacks run on that worker's thread, exactly once, also at shutdown (then with `unavailable`).
/// Only where a worker's mailbox is full is the caller told `unavailable` at once, on its own thread.
class MediaEngine {
 public:
  template <class T>
  using Done = std::function<void(Result<T>)>;
  using Finished = std::function<void(Result<void>)>;

  /// Binds every socket and starts the workers. Throws std::system_error where an address cannot be bound.
  MediaEngine(MediaConfig config, const Clock& clock, Random& random, MediaListener& listener);
  ~MediaEngine();
  MediaEngine(const MediaEngine&) = delete;
  MediaEngine& operator=(const MediaEngine&) = delete;

  /// The UDP port of the first worker: what was configured, or what the system chose for 0.
  [[nodiscard]] std::uint16_t first_port() const;
  /// What all workers have counted since the engine started; of one moment only roughly. Any thread, no wait.
  [[nodiscard]] EngineTotals totals() const;

  /// Opens a room with its gate closed: people can connect, nothing is forwarded and no tap sees a packet.
  /// Opening an open room changes nothing.
  void open_room(std::string room, Finished done);
  /// From now on `tap` sees every track of the room, those that began before included (as started now).
  void add_tap(std::string room, std::shared_ptr<PacketTap> tap, Finished done);
  /// After `done` the tap is not called again.
  void remove_tap(std::string room, std::shared_ptr<PacketTap> tap, Finished done);
  /// An open gate forwards to subscribers and taps; opening asks every picture's publisher for a keyframe.
  void set_gate(std::string room, bool open, Finished done);
  /// Ends every session of the room; taps get their on_track_ended first.
  void close_room(std::string room, Finished done);

  /// WHIP. A stream has one publisher: a new one replaces the old, whose session is closed.
  void publish(MediaRequest request, Done<SessionAnswer> done);
  /// WHEP. The stream need not be published yet: packets come when it is. A participant watches a stream by one
  /// session: a new one closes the old.
  void subscribe(MediaRequest request, Done<SessionAnswer> done);
  /// Trickle or ICE restart. `if_match` is the ETag given (without quotes), "*" or nullopt.
  void patch(SessionRef session, std::optional<std::string> if_match, std::string fragment, Done<PatchAnswer> done);
  /// The session's ETag, without quotes. `media_session.unknown` (not_found) when there is none.
  void find_session(SessionRef session, Done<std::string> done);
  /// `media_session.unknown` (not_found) when there is none, also after it was closed.
  void close_session(SessionRef session, Finished done);
  void close_participant(std::string room, std::string participant, Finished done);
  /// Asks the publisher for a keyframe (throttled per source).
  void request_keyframe(std::string room, StreamKey stream, Finished done);

  /// A participant of the server's own publishes `media` as `stream`, at once, to taps and to who watches the stream. A
  /// player of the same stream is stopped first. `media.stream_taken` (conflict) where a person publishes it,
  /// `media.too_many_players` (unavailable), `player_media.wrong_codec` (conflict) where its picture is not in the
  /// room's codec. `done` gets what the listener is told, too.
  void play(std::string room, StreamKey stream, std::shared_ptr<const PlayerMedia> media, PlayOptions options,
            Done<PlayerEvent> done);
  /// Pausing and seeking land on the keyframe at or before the position. `media.player_unknown` (not_found) when
  /// nothing plays, also after its end.
  void control_player(std::string room, StreamKey stream, PlayerCommand command, Done<PlayerEvent> done);
  /// While held, the participant receives nothing but players, and nobody receives the participant; taps still do.
  void set_hold(std::string room, std::string participant, bool held, Finished done);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tw::media
