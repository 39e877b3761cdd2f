#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "media/session/player_source.hpp"
#include "media/session/publisher_session.hpp"
#include "media/session/viewer_bandwidth.hpp"
#include "media/session/viewer_session.hpp"

namespace tw::media {

/// Who publishes, plays and watches in one room, its taps, its gate and who is on hold. It routes packets; the sessions
/// and players belong to the host.
class Room final : public PublisherListener, public ViewerListener, public PlayerListener {
 public:
  /// People in a room are few (2–10), each with a few sessions; more is a client in a loop.
  static constexpr std::size_t kMaxSessions = 64;
  /// Recorder, keyframe keeper and a few more.
  static constexpr std::size_t kMaxTaps = 8;

  explicit Room(std::string name) : name_(std::move(name)) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool full() const { return sessions_ >= kMaxSessions; }
  [[nodiscard]] bool gate_open() const { return gate_open_; }

  void set_gate(bool open, MediaTime now);
  /// False when there are kMaxTaps already.
  [[nodiscard]] bool add_tap(std::shared_ptr<PacketTap> tap, MediaTime now);
  void remove_tap(const PacketTap* tap);

  /// Numbers for the tracks of one publisher.
  [[nodiscard]] TrackNumber take_track_numbers();
  void attach(PublisherSession& publisher);
  void attach(ViewerSession& viewer);
  /// Taps see the player's tracks from now on; its news goes to `news`.
  void attach(PlayerSource& player, MediaListener& news, MediaTime now);
  void detach(const PlayerSource& player, MediaTime now);
  /// The session was closed. Taps are told of the end of its tracks.
  void detach(const MediaSession& session, MediaTime now);

  [[nodiscard]] PublisherSession* publisher_of(const StreamKey& stream) const;
  /// The session by which `participant` watches `stream` already.
  [[nodiscard]] ViewerSession* viewer_of(const std::string& participant, const StreamKey& stream) const;
  /// False when nobody publishes the stream.
  bool request_keyframe(const StreamKey& stream, MediaTime now);
  /// While held, a participant receives only players, and only taps receive the participant.
  void set_hold(const std::string& participant, bool held, MediaTime now);
  [[nodiscard]] bool held(const std::string& participant) const;
  [[nodiscard]] bool plays(const StreamKey& stream) const { return player_of(stream) != nullptr; }

  void on_track_started(PublisherSession& publisher, const IncomingTrack& track, MediaTime now) override;
  std::optional<KeptPacket> on_packet(PublisherSession& publisher, const IncomingTrack& track,
                                      const MediaPacket& packet, MediaTime now) override;
  void on_sender_report(PublisherSession& publisher, const IncomingTrack& track, MediaTime now) override;
  void on_track_ended(PublisherSession& publisher, const IncomingTrack& track, MediaTime now) override;
  [[nodiscard]] TrackNumber new_track_number() override { return next_track_++; }
  void on_keyframe_wanted(ViewerSession& viewer, std::uint8_t layer, MediaTime now) override;
  [[nodiscard]] std::optional<SourceTime> source_time(const ViewerSession& viewer, Kind kind, TrackNumber track,
                                                      WallTime now) const override;
  [[nodiscard]] std::optional<MediaPacket> sent_before(const ViewerSession& viewer, Kind kind, TrackNumber track,
                                                       std::uint64_t sequence, MediaTime now) const override;
  [[nodiscard]] PictureView picture_of(const ViewerSession& viewer, SteadyTime now) const override;
  [[nodiscard]] ViewerBandwidth* bandwidth_of(const ViewerSession& viewer) override;

  std::optional<KeptPacket> on_player_packet(PlayerSource& player, const TrackInfo& track, const MediaPacket& packet,
                                             MediaTime now) override;
  void on_player_report(PlayerSource& player, const TapSenderReport& report, MediaTime now) override;
  void on_player_state(const PlayerEvent& event) override;

 private:
  /// Where a tap keeps the packet, if one does.
  KeptPacket show_to_taps(const TrackInfo& track, const MediaPacket& packet, MediaTime now);
  [[nodiscard]] PlayerSource* player_of(const StreamKey& stream) const;

  /// Who publishes and who watches; it stays while there is either.
  struct Stream {
    PublisherSession* publisher = nullptr;
    std::vector<ViewerSession*> viewers;
  };

  bool gate_open_ = false;
  std::vector<std::string> held_;  // empty in most rooms at most times
  std::vector<std::shared_ptr<PacketTap>> taps_;
  const std::string name_;
  TrackNumber next_track_ = 1;
  std::map<StreamKey, Stream> streams_;
  /// One a participant who watches, for all its sessions.
  std::map<std::string, ViewerBandwidth> bandwidths_;
  std::size_t sessions_ = 0;
  std::vector<PlayerSource*> players_;  // one or two
  MediaListener* player_news_ = nullptr;
};

}  // namespace tw::media
