#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "media/session/incoming_track.hpp"
#include "media/session/layer_allocator.hpp"
#include "media/session/media_session.hpp"
#include "media/session/recorded_layer.hpp"
#include "media/stream/twcc_receiver.hpp"
#include "media/wire/rtcp_packet.hpp"

namespace tw::media {

class PublisherSession;
class ViewerSession;

/// Where a publisher's media goes.
class PublisherListener {
 public:
  virtual ~PublisherListener() = default;
  /// Taps see this track from now on (of layers only the one that is recorded) …
  virtual void on_track_started(PublisherSession& publisher, const IncomingTrack& track, MediaTime now) = 0;
  /// … and here no more, because another one takes its place. Not called at the session's end.
  virtual void on_track_ended(PublisherSession& publisher, const IncomingTrack& track, MediaTime now) = 0;
  [[nodiscard]] virtual TrackNumber new_track_number() = 0;
  /// Where the packet is kept, so that a viewer can get it again; nullopt when none can ask for it.
  virtual std::optional<KeptPacket> on_packet(PublisherSession& publisher, const IncomingTrack& track,
                                              const MediaPacket& packet, MediaTime now) = 0;
  virtual void on_sender_report(PublisherSession& publisher, const IncomingTrack& track, MediaTime now) = 0;
};

/// A WHIP session: receives sound and picture, asks for what is lost, tells the publisher what came and when.
class PublisherSession final : public MediaSession, private RtcpVisitor {
 public:
  /// The publisher's estimate may go this far above what it is asked to send, so that retransmissions and probing fit
  /// and the encoder is not held below its target.
  static constexpr std::uint64_t kEstimateHeadroomPercent = 130;

  /// Sound and every layer of a picture.
  static constexpr TrackNumber kMaxTracks = 1 + kMaxLayers;
  /// Another SSRC for the same medium is taken when the one before has been silent so long: they never alternate.
  static constexpr std::chrono::milliseconds kSsrcSilence{500};

  /// `first_track` and the kMaxTracks − 1 after it number the tracks.
  PublisherSession(SessionParts parts, SessionOwner& owner, PublisherListener& listener, TrackNumber first_track,
                   MediaTime now);

  /// Who gets its packets: the room's own list, here so that a packet finds it at once. nullptr: nobody.
  void set_audience(const std::vector<ViewerSession*>* audience) { audience_ = audience; }
  [[nodiscard]] const std::vector<ViewerSession*>* audience() const { return audience_; }

  /// While nobody is shown the picture no keyframe is asked for.
  void set_live(bool live) { live_ = live; }
  /// Asks for a keyframe of the picture, if there is one and it is live: of one layer, or of all.
  void request_keyframe(MediaTime now, std::optional<std::uint8_t> layer = std::nullopt);
  /// Do taps get this track?
  [[nodiscard]] bool is_recorded(const IncomingTrack& track) const {
    return track.started() && (track.negotiated().layers.empty() || recorded_.current() == track.layer());
  }
  [[nodiscard]] PictureView picture(SteadyTime now) const;

  [[nodiscard]] const std::vector<std::unique_ptr<IncomingTrack>>& tracks() const { return tracks_; }
  /// The track of this number; with 0 the first of its kind.
  [[nodiscard]] const IncomingTrack* track(Kind kind, TrackNumber number) const;
  [[nodiscard]] const PublisherClock& clock() const { return clock_; }

 private:
  void on_media_connected(MediaTime now) override;
  void on_media(std::span<std::uint8_t> packet, MediaTime now) override;
  void on_control(ByteView packet, MediaTime now) override;
  void on_media_time(MediaTime now) override;
  [[nodiscard]] std::optional<SteadyTime> media_deadline() const override;
  void send_report(MediaTime now) override;
  [[nodiscard]] Interval take_interval() override;

  void on_sender_report(const SenderReport& report) override;
  void on_receiver_delay(std::uint32_t last_reference, std::uint32_t delay) override;
  void on_bye(std::uint32_t ssrc) override;

  [[nodiscard]] IncomingTrack* find_track(const RtpPacketView& header, MediaTime now);
  [[nodiscard]] IncomingTrack* find_layer(const NegotiatedMedia& media, const RtpPacketView& header, MediaTime now);
  IncomingTrack& follow_ssrc(std::unique_ptr<IncomingTrack>& track, std::uint32_t ssrc, MediaTime now);
  [[nodiscard]] bool record_layer(IncomingTrack& track, const MediaPacket& packet, MediaTime now);
  void on_track_packet(IncomingTrack& track, bool original, std::span<std::uint8_t> packet, const RtpPacketView& header,
                       MediaTime now);
  void on_redundant(IncomingTrack& track, std::span<std::uint8_t> packet, const RtpPacketView& header, MediaTime now);
  void send_nacks(IncomingTrack& track, MediaTime now);
  void send_keyframe_request(IncomingTrack& track, MediaTime now);
  void send_transport_feedback(MediaTime now);
  [[nodiscard]] std::uint32_t media_ssrc() const;

  PublisherListener& listener_;
  const std::vector<ViewerSession*>* audience_ = nullptr;
  std::vector<std::unique_ptr<IncomingTrack>> tracks_;
  RecordedLayer recorded_;
  std::uint8_t transport_sequence_id_ = 0;
  TwccReceiver transport_feedback_;
  PublisherClock clock_;
  std::uint32_t local_ssrc_;
  bool live_ = false;
  MediaTime control_now_;  // of the RTCP packet that is being read
  std::vector<std::uint16_t> due_;
  std::array<std::uint8_t, kMaxPacketBytes> repeated_{};  // an earlier packet that is being restored
  std::uint64_t bytes_reported_ = 0;
  std::uint64_t expected_reported_ = 0;
  std::uint64_t received_reported_ = 0;
};

}  // namespace tw::media
