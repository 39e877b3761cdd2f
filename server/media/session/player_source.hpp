#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "base/random.hpp"
#include "media/media_engine.hpp"
#include "media/player/frame_packetizer.hpp"
#include "media/player/player_media.hpp"
#include "media/session/incoming_track.hpp"
#include "media/session/media_time.hpp"
#include "media/stream/packet_history.hpp"

namespace tw::media {

class PlayerSource;

/// Where a player's media goes.
class PlayerListener {
 public:
  virtual ~PlayerListener() = default;
  /// Where the packet is kept, so that a viewer can get it again; nullopt when none can ask for it.
  virtual std::optional<KeptPacket> on_player_packet(PlayerSource& player, const TrackInfo& track,
                                                     const MediaPacket& packet, MediaTime now) = 0;
  virtual void on_player_report(PlayerSource& player, const TapSenderReport& report, MediaTime now) = 0;
  virtual void on_player_state(const PlayerEvent& event) = 0;
};

/// A source of tracks that the server plays by itself: prepared frames become RTP packets when they are due. Without
/// I/O: the time goes in, packets come out.
///
/// RTP timestamps follow the time at which frames are played, not their place in the medium: a pause is a jump of
/// timestamps over continuous sequence numbers, after a seek they simply go on. So one relation to wall-clock time
/// holds for the player's life, and everybody who reads sender reports (browsers, the recorder) keeps sound and picture
/// together. While paused the keyframe that playing will go on from is shown, again every second, so that whoever joins
/// sees it.
class PlayerSource {
 public:
  static constexpr std::chrono::seconds kProgressInterval{1};
  static constexpr std::chrono::seconds kReportInterval{1};
  static constexpr std::chrono::seconds kStillInterval{1};
  /// A worker that woke later than this does not send everything it missed: the medium waits instead.
  static constexpr std::chrono::milliseconds kMostLateness{500};
  /// A keyframe of 60 packets at once overruns small router queues: so many at a time, so far apart.
  static constexpr unsigned kBurstPackets = 10;
  static constexpr std::chrono::milliseconds kBurstInterval{3};

  /// `first_track` and the one after it number the tracks. `media` is not null. Call start() next.
  PlayerSource(std::string room, StreamKey stream, std::shared_ptr<const PlayerMedia> media, PlayOptions options,
               TrackNumber first_track, Random& random, PlayerListener& listener);

  void start(MediaTime now);
  void control(const PlayerCommand& command, MediaTime now);
  void on_time(MediaTime now);
  /// nullopt when it has ended.
  [[nodiscard]] std::optional<SteadyTime> deadline() const;
  /// Tells the taps how timestamps and wall-clock time belong together.
  void report(MediaTime now);

  [[nodiscard]] bool ended() const {
    return event_.state == PlayerState::finished || event_.state == PlayerState::stopped;
  }
  /// What the listener was told last.
  [[nodiscard]] const PlayerEvent& last_event() const { return event_; }
  [[nodiscard]] const StreamKey& stream() const { return event_.stream; }
  [[nodiscard]] PlayerAudience audience() const { return options_.audience; }
  [[nodiscard]] std::size_t track_count() const { return tracks_.size(); }
  [[nodiscard]] const TrackInfo& track(std::size_t index) const { return tracks_[index].info; }
  [[nodiscard]] const TrackInfo* track(Kind kind) const;
  /// A packet of the picture that was sent a while ago; nullopt when it is gone. Views live until the next packet.
  [[nodiscard]] std::optional<MediaPacket> recall(Kind kind, std::uint64_t sequence, MediaTime now) const;
  /// A tap leaves: what it keeps is not to be read any more.
  void forget_kept();
  /// The track's RTP timestamp at a moment.
  [[nodiscard]] std::optional<std::uint32_t> timestamp_at(Kind kind, WallTime now) const;

 private:
  struct Track {
    TrackInfo info;
    const PlayerTrack* media = nullptr;
    FramePacketizer packetizer;
    std::uint32_t ssrc = 0;
    std::uint32_t first_timestamp = 0;
    std::uint64_t sequence = 0;
    PacketHistory history{};
    std::size_t next = 0;            // frame
    std::int64_t anchor_ticks = 0;   // since the start, at the anchor
    std::int64_t anchor_frame = 0;   // the medium's ticks there
    std::int64_t newest_ticks = -1;  // of the newest frame sent
    std::int64_t frame_ticks = 0;    // of the frame that is being cut
    bool frame_is_key = false;
    bool first_packet = false;
    SteadyTime next_burst{};
  };

  void add_track(const std::optional<PlayerTrack>& media, TrackNumber number, Random& random);
  /// From `at` on the medium plays from `position` on.
  void set_anchor(std::chrono::milliseconds position, SteadyTime at);
  void enter(std::chrono::milliseconds position, MediaTime now);
  void show_still(MediaTime now);
  void end(PlayerState state, MediaTime now);
  void tell(PlayerState state, SteadyTime now);
  void send_due(Track& track, MediaTime now);
  void begin_frame(Track& track, std::int64_t ticks, const PlayerFrame& frame);
  /// Sends at most `packets` of the frame that is being cut.
  void send_packets(Track& track, unsigned packets, MediaTime now);
  void flush(MediaTime now);
  [[nodiscard]] SteadyTime due(const Track& track) const;
  [[nodiscard]] std::chrono::milliseconds position(SteadyTime now) const;
  [[nodiscard]] std::int64_t ticks_since_start(const Track& track, SteadyTime at) const;

  const std::shared_ptr<const PlayerMedia> media_;
  const PlayOptions options_;
  PlayerListener& listener_;
  std::vector<Track> tracks_;
  PlayerEvent event_;  // kept, so that telling it takes no memory
  MediaTime started_;
  SteadyTime anchor_at_{};
  std::chrono::milliseconds anchor_position_{0};
  SteadyTime next_progress_{};
  SteadyTime next_report_{};
  SteadyTime next_still_{};
  std::array<std::uint8_t, kMaxPacketBytes> buffer_{};
};

}  // namespace tw::media
