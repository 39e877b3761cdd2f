#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "media/session/layer_allocator.hpp"
#include "media/session/media_session.hpp"
#include "media/session/outgoing_track.hpp"
#include "media/stream/bandwidth_estimator.hpp"
#include "media/stream/probe.hpp"
#include "media/stream/rate_meter.hpp"
#include "media/stream/sent_packets.hpp"
#include "media/wire/rtcp_packet.hpp"

namespace tw::media {

class ViewerSession;
class ViewerBandwidth;

/// The clock of what a viewer watches, at one moment.
struct SourceTime {
  TrackNumber track = 0;
  std::uint32_t timestamp = 0;
};

/// What a viewer needs from its room.
class ViewerListener {
 public:
  virtual ~ViewerListener() = default;
  /// The viewer cannot go on (or begin) without a keyframe of this layer.
  virtual void on_keyframe_wanted(ViewerSession& viewer, std::uint8_t layer, MediaTime now) = 0;
  /// The clock of `track`, or of the only one of `kind` while `track` is 0. nullopt while nobody publishes the stream
  /// or its clock is not known yet.
  [[nodiscard]] virtual std::optional<SourceTime> source_time(const ViewerSession& viewer, Kind kind, TrackNumber track,
                                                              WallTime now) const = 0;
  /// A packet that `track` brought a while ago, by its extended sequence number; nullopt when it is gone.
  [[nodiscard]] virtual std::optional<MediaPacket> sent_before(const ViewerSession& viewer, Kind kind,
                                                               TrackNumber track, std::uint64_t sequence,
                                                               MediaTime now) const = 0;
  /// The layers that arrive of what the viewer watches; none while there is no picture.
  [[nodiscard]] virtual PictureView picture_of(const ViewerSession& viewer, SteadyTime now) const = 0;
  /// What the viewer's path carries, shared with their other sessions. nullptr before it was attached.
  [[nodiscard]] virtual ViewerBandwidth* bandwidth_of(const ViewerSession& viewer) = 0;
};

/// A WHEP session: sends one participant's stream to another, again where it was lost.
class ViewerSession final : public MediaSession, private RtcpVisitor {
 public:
  /// Half a second of arrivals: shorter is noise, longer is late (draft-ietf-rmcat-gcc-02 section 5.5 takes the same).
  static constexpr std::int64_t kAckedWindowMicros = 500'000;

  ViewerSession(SessionParts parts, SessionOwner& owner, ViewerListener& listener, std::string cname, MediaTime now);

  void forward(const TrackInfo& source, const MediaPacket& packet, MediaTime now);
  /// Nothing until the next keyframe: the gate was closed.
  void pause();

  // What ViewerBandwidth asks and tells.
  /// Does the viewer send transport-wide feedback or REMB?
  [[nodiscard]] bool tells_of_path() const;
  [[nodiscard]] std::uint32_t acked_bps(MediaTime now);
  [[nodiscard]] std::uint32_t sound_bps(MediaTime now);
  [[nodiscard]] PictureView picture(MediaTime now) const;
  [[nodiscard]] PictureChoice& choice() { return choice_; }
  /// Makes `choice()` true: asks for the keyframe that a change begins with.
  void apply_choice(MediaTime now);
  [[nodiscard]] bool can_probe() const;
  void begin_probe(const ProbeTrain& train, MediaTime now);
  void end_probe() { probe_.reset(); }
  [[nodiscard]] const std::optional<ProbeTrain>& probe() const { return probe_; }

 private:
  void on_media_connected(MediaTime now) override;
  void on_media(std::span<std::uint8_t> /*packet*/, MediaTime /*now*/) override {}  // a viewer has nothing to send
  void on_control(ByteView packet, MediaTime now) override;
  void on_media_time(MediaTime now) override;
  [[nodiscard]] std::optional<SteadyTime> media_deadline() const override;
  void send_report(MediaTime now) override;
  [[nodiscard]] Interval take_interval() override;

  void on_report_block(const ReportBlock& block) override;
  void on_nack(std::uint32_t media_ssrc, std::uint16_t sequence) override;
  void on_keyframe_request(std::uint32_t media_ssrc) override;
  void on_remb(std::uint64_t bits_per_second) override;
  void on_transport_feedback(std::uint16_t sequence, std::optional<std::chrono::microseconds> arrival) override;

  void send_written(const OutgoingTrack& track, std::size_t bytes, std::uint8_t probe, MediaTime now);
  void want_keyframe(MediaTime now);
  [[nodiscard]] const OutgoingTrack* picture_track() const;
  [[nodiscard]] OutgoingTrack* picture_track();
  [[nodiscard]] OutgoingTrack* owner_of(std::uint32_t ssrc);

  ViewerListener& listener_;
  const std::string cname_;
  std::vector<std::unique_ptr<OutgoingTrack>> tracks_;
  MediaTime control_now_;  // of the RTCP packet that is being read
  bool numbered_ = false;  // transport-wide feedback was agreed on
  SentPackets sent_;
  DelayDetector delays_;
  RateMeter acked_{kAckedWindowMicros};
  RateMeter sound_;
  PathFeedback feedback_;                       // of the RTCP packet that is being read
  std::optional<std::int64_t> arrival_micros_;  // of the newest told, unwrapped
  PictureChoice choice_;
  PictureChoice applied_;
  std::optional<ProbeTrain> probe_;
  SteadyTime probe_deadline_;
  std::uint64_t bytes_reported_ = 0;
};

}  // namespace tw::media
