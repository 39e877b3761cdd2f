#include "media/session/viewer_session.hpp"

#include <algorithm>

namespace tw::media {

ViewerSession::ViewerSession(SessionParts parts, SessionOwner& owner, ViewerListener& listener, std::string cname,
                             MediaTime now)
    : MediaSession(std::move(parts), owner, now), listener_(listener), cname_(std::move(cname)) {
  for (const auto& media : negotiated().media) {
    if (media.accepted) tracks_.push_back(std::make_unique<OutgoingTrack>(media, random()));
  }
}

void ViewerSession::forward(const TrackInfo& source, const MediaPacket& packet, MediaTime now) {
  if (!connected()) return;
  for (auto& track : tracks_) {
    if (track->negotiated().kind != source.kind) continue;
    const std::size_t bytes = track->write(source, packet, buffer(), now.steady);
    if (bytes > 0) transport().send_rtp(buffer(), bytes, now);
    // A keyframe that came too late to begin with: the next one is needed.
    if (bytes == 0 && packet.keyframe_start && track->waits_for_keyframe(source.number))
      listener_.on_keyframe_wanted(*this, now);
    return;
  }
}

void ViewerSession::pause() {
  for (auto& track : tracks_) track->pause();
}

OutgoingTrack* ViewerSession::owner_of(std::uint32_t ssrc) {
  const auto found = std::ranges::find_if(tracks_, [ssrc](const auto& t) { return t->owns(ssrc); });
  return found == tracks_.end() ? nullptr : found->get();
}

void ViewerSession::on_control(ByteView packet, MediaTime now) {
  control_now_ = now;
  parse_rtcp(packet, *this);
}

void ViewerSession::on_report_block(const ReportBlock& block) {
  OutgoingTrack* track = owner_of(block.ssrc);
  if (track == nullptr) return;
  round_trip_.on_report(block.last_sr, block.delay_since_last_sr, control_now_.wall);
  if (block.ssrc == track->negotiated().ssrc) track->on_report_block(block);
}

void ViewerSession::on_nack(std::uint32_t media_ssrc, std::uint16_t sequence) {
  OutgoingTrack* track = owner_of(media_ssrc);
  if (track == nullptr) return;
  // A path whose round trip is not known yet gets its packets again without waiting for it.
  const auto round_trip = round_trip_.known() ? round_trip_.value() : std::chrono::microseconds{0};
  const std::size_t bytes = track->write_retransmission(sequence, buffer(), control_now_.steady, round_trip);
  if (bytes > 0) transport().send_rtp(buffer(), bytes, control_now_);
}

void ViewerSession::on_keyframe_request(std::uint32_t media_ssrc) {
  if (owner_of(media_ssrc) != nullptr) listener_.on_keyframe_wanted(*this, control_now_);
}

/// One compound packet a track: sender report and name.
void ViewerSession::send_report(MediaTime now) {
  for (const auto& track : tracks_) {
    const auto source = listener_.source_time(*this, track->negotiated().kind, now.wall);
    if (!source) continue;
    const auto report = track->report(source->track, source->timestamp, now.wall);
    if (!report) continue;
    RtcpWriter writer(buffer().first(kMaxPacketBytes));
    writer.sender_report(*report, {});
    writer.cname(report->ssrc, cname_);
    transport().send_rtcp(buffer(), writer.size(), now);
  }
}

MediaSession::Interval ViewerSession::take_interval() {
  std::uint64_t bytes = 0;
  std::uint8_t worst = 0;
  for (const auto& track : tracks_) {
    bytes += track->bytes();
    worst = std::max(worst, track->fraction_lost());
  }
  const Interval interval{bytes - bytes_reported_, worst / 256.0};
  bytes_reported_ = bytes;
  return interval;
}

}  // namespace tw::media
