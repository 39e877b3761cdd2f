#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/engine_counters.hpp"
#include "media/media_engine.hpp"
#include "media/session/deadline_queue.hpp"
#include "media/session/room.hpp"
#include "media/session/room_players.hpp"
#include "media/session/sdp_answer.hpp"
#include "media/session/session_directory.hpp"

namespace tw::media {

/// What rooms on one worker share. Everything outlives the host.
struct HostParts {
  const MediaConfig* config = nullptr;
  const Clock* clock = nullptr;
  Random* random = nullptr;
  MediaListener* listener = nullptr;
  const DtlsContext* dtls = nullptr;
  PacketSink* out = nullptr;
  std::vector<SocketAddress> candidates;      ///< what answers advertise
  std::vector<SocketAddress> tcp_candidates;  ///< for passive ICE-TCP; empty where it is off
  EngineCounters* counters = nullptr;         ///< optional
};

/// The rooms and sessions of one worker, without I/O: requests and datagrams go in, datagrams go to the sink, news to
/// the listener. One thread at a time.
class RoomHost final : public SessionOwner {
 public:
  /// Far above what one thread can carry.
  static constexpr std::size_t kMaxRooms = 4096;

  explicit RoomHost(HostParts parts);
  ~RoomHost() override;
  RoomHost(const RoomHost&) = delete;
  RoomHost& operator=(const RoomHost&) = delete;

  [[nodiscard]] Result<void> open_room(const std::string& room);
  [[nodiscard]] Result<void> close_room(const std::string& room);
  [[nodiscard]] Result<void> add_tap(const std::string& room, std::shared_ptr<PacketTap> tap);
  void remove_tap(const std::string& room, const PacketTap* tap);
  [[nodiscard]] Result<void> set_gate(const std::string& room, bool open);
  [[nodiscard]] Result<SessionAnswer> publish(const MediaRequest& request);
  [[nodiscard]] Result<SessionAnswer> subscribe(const MediaRequest& request);
  [[nodiscard]] Result<PatchAnswer> patch(const SessionRef& session, const std::optional<std::string>& if_match,
                                          const std::string& fragment);
  [[nodiscard]] Result<std::string> session_etag(const SessionRef& session);
  [[nodiscard]] Result<void> close_session(const SessionRef& session);
  void close_participant(const std::string& room, const std::string& participant);
  [[nodiscard]] Result<void> request_keyframe(const std::string& room, const StreamKey& stream);
  [[nodiscard]] Result<PlayerEvent> play(const std::string& room, const StreamKey& stream,
                                         std::shared_ptr<const PlayerMedia> media, PlayOptions options);
  [[nodiscard]] Result<PlayerEvent> control_player(const std::string& room, const StreamKey& stream,
                                                   const PlayerCommand& command);
  [[nodiscard]] Result<void> set_hold(const std::string& room, const std::string& participant, bool held);

  /// A datagram from a socket; it may be decrypted in place.
  /// True when a session's peer has proved its credentials on this path.
  bool receive(const NetworkPath& path, std::span<std::uint8_t> datagram) { return receive(path, datagram, now()); }
  /// The same with the time at which it came, which one reading of the clock may give for several.
  bool receive(const NetworkPath& path, std::span<std::uint8_t> datagram, MediaTime time);
  /// The path is gone for good: a TCP connection that ended.
  void forget_path(const NetworkPath& path);
  /// Call when `next_deadline` has come.
  void on_time();
  [[nodiscard]] std::optional<SteadyTime> next_deadline() {
    settle();
    return earlier(deadlines_.next(), players_.next_deadline());
  }
  [[nodiscard]] MediaTime now() const { return {parts_.clock->steady_now(), parts_.clock->wall_now()}; }
  [[nodiscard]] std::size_t session_count() const { return directory_.size(); }

 private:
  void on_state(MediaSession& session, SessionState state, MediaTime now) override;
  void on_quality(MediaSession& session, const SessionQuality& quality) override;
  void reschedule(MediaSession& session) override;

  [[nodiscard]] Room* find_room(const std::string& name);
  [[nodiscard]] Result<HostedSession*> find_session(const SessionRef& reference);
  [[nodiscard]] Result<SessionParts> prepare(const MediaRequest& request, OfferRole role, MediaTime now);
  [[nodiscard]] SessionAnswer answer(const MediaSession& session, const std::string& cname);
  [[nodiscard]] Result<PatchAnswer> restart(HostedSession& hosted, const SdpFragment& fragment);
  void adopt(std::unique_ptr<MediaSession> session, Room& room, MediaTime now);
  void schedule(HostedSession& hosted, SteadyTime now);
  /// A packet came for `hosted`; its deadline is looked at once for all packets that follow each other.
  void touch(HostedSession& hosted, SteadyTime now);
  void settle();
  /// Deletes the sessions that were closed; never while one of them is on the stack.
  void reap();
  [[nodiscard]] EngineCounters& counters() { return parts_.counters != nullptr ? *parts_.counters : own_counters_; }
  [[nodiscard]] std::string random_word();

  const HostParts parts_;
  EngineCounters own_counters_;  // where nobody reads them
  std::map<std::string, std::unique_ptr<Room>> rooms_;
  SessionDirectory directory_;
  DeadlineQueue deadlines_;
  RoomPlayers players_;
  HostedSession* touched_ = nullptr;  // the session that packets came for last; nullptr: its deadline is settled
  SteadyTime touched_at_;
  std::vector<std::uint64_t> closed_;
};

}  // namespace tw::media
