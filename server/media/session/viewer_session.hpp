#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "media/session/media_session.hpp"
#include "media/session/outgoing_track.hpp"
#include "media/wire/rtcp_packet.hpp"

namespace tw::media {

class ViewerSession;

/// The clock of what a viewer watches, at one moment.
struct SourceTime {
  TrackNumber track = 0;
  std::uint32_t timestamp = 0;
};

/// What a viewer needs from its room.
class ViewerListener {
 public:
  virtual ~ViewerListener() = default;
  /// The viewer cannot go on (or begin) without a keyframe.
  virtual void on_keyframe_wanted(ViewerSession& viewer, MediaTime now) = 0;
  /// nullopt while nobody publishes the stream or its clock is not known yet.
  [[nodiscard]] virtual std::optional<SourceTime> source_time(const ViewerSession& viewer, Kind kind,
                                                              WallTime now) const = 0;
};

/// A WHEP session: sends one participant's stream to another, again where it was lost.
class ViewerSession final : public MediaSession, private RtcpVisitor {
 public:
  ViewerSession(SessionParts parts, SessionOwner& owner, ViewerListener& listener, std::string cname, MediaTime now);

  void forward(const TrackInfo& source, const MediaPacket& packet, MediaTime now);
  /// Nothing until the next keyframe: the gate was closed.
  void pause();

 private:
  void on_media_connected(MediaTime now) override { listener_.on_keyframe_wanted(*this, now); }
  void on_media(std::span<std::uint8_t> /*packet*/, MediaTime /*now*/) override {}  // a viewer has nothing to send
  void on_control(ByteView packet, MediaTime now) override;
  void on_media_time(MediaTime /*now*/) override {}
  [[nodiscard]] std::optional<SteadyTime> media_deadline() const override { return std::nullopt; }
  void send_report(MediaTime now) override;
  [[nodiscard]] Interval take_interval() override;

  void on_report_block(const ReportBlock& block) override;
  void on_nack(std::uint32_t media_ssrc, std::uint16_t sequence) override;
  void on_keyframe_request(std::uint32_t media_ssrc) override;

  [[nodiscard]] OutgoingTrack* owner_of(std::uint32_t ssrc);

  ViewerListener& listener_;
  const std::string cname_;
  std::vector<std::unique_ptr<OutgoingTrack>> tracks_;
  MediaTime control_now_;  // of the RTCP packet that is being read
  std::uint64_t bytes_reported_ = 0;
};

}  // namespace tw::media
