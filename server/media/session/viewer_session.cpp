#include "media/session/viewer_session.hpp"

#include <algorithm>
#include <utility>

#include "media/session/viewer_bandwidth.hpp"

namespace tw::media {

ViewerSession::ViewerSession(SessionParts parts, SessionOwner& owner, ViewerListener& listener, std::string cname,
                             MediaTime now)
    : MediaSession(std::move(parts), owner, now), listener_(listener), cname_(std::move(cname)) {
  for (const auto& media : negotiated().media) {
    if (!media.accepted) continue;
    tracks_.push_back(std::make_unique<OutgoingTrack>(media, random()));
    numbered_ = numbered_ || media.transport_feedback;
  }
}

void ViewerSession::send_written(const OutgoingTrack& track, std::size_t bytes, std::uint8_t probe, MediaTime now) {
  if (track.negotiated().transport_feedback) {
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now.steady.time_since_epoch()).count();
    track.stamp(buffer().first(bytes), sent_.add(micros, bytes, probe));
  }
  transport().send_rtp(buffer(), bytes, now);
}

void ViewerSession::forward(const TrackInfo& source, const MediaPacket& packet, MediaTime now) {
  if (!connected()) return;
  for (auto& track : tracks_) {
    if (track->negotiated().kind != source.kind) continue;
    const std::uint32_t seams = track->seams();
    const std::size_t bytes = track->write(source, packet, buffer(), now.steady);
    if (bytes > 0) {
      send_written(*track, bytes, 0, now);
      counters().packets_forwarded.add();
      counters().bytes_forwarded.add(bytes);
      if (track->seams() != seams && packet.layers > 1) counters().layer_switches.add();
      if (source.kind == Kind::audio) {
        sound_.add(std::chrono::duration_cast<std::chrono::microseconds>(now.steady.time_since_epoch()).count(), bytes);
      }
    }
    // A keyframe that came too late to begin with: the next one is needed.
    if (bytes == 0 && packet.keyframe_start && packet.layer == choice_.layer &&
        track->waits_for_keyframe(source.number))
      want_keyframe(now);
    return;
  }
}

void ViewerSession::pause() {
  for (auto& track : tracks_) track->pause();
}

const OutgoingTrack* ViewerSession::picture_track() const {
  const auto found = std::ranges::find_if(tracks_, [](const auto& t) { return t->negotiated().kind == Kind::video; });
  return found == tracks_.end() ? nullptr : found->get();
}
OutgoingTrack* ViewerSession::picture_track() {
  return const_cast<OutgoingTrack*>(
      std::as_const(*this).picture_track());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

void ViewerSession::want_keyframe(MediaTime now) {
  if (picture_track() != nullptr) listener_.on_keyframe_wanted(*this, choice_.layer, now);
}

void ViewerSession::on_media_connected(MediaTime now) {
  if (auto* bandwidth = listener_.bandwidth_of(*this)) bandwidth->allocate(now, true);
  want_keyframe(now);
}

bool ViewerSession::tells_of_path() const {
  return std::ranges::any_of(
      negotiated().media, [](const auto& media) { return media.accepted && (media.transport_feedback || media.remb); });
}

std::uint32_t ViewerSession::acked_bps(MediaTime /*now*/) { return arrival_micros_ ? acked_.bps(*arrival_micros_) : 0; }

std::uint32_t ViewerSession::sound_bps(MediaTime now) {
  return sound_.bps(std::chrono::duration_cast<std::chrono::microseconds>(now.steady.time_since_epoch()).count());
}

PictureView ViewerSession::picture(MediaTime now) const {
  if (picture_track() == nullptr || !connected()) return {};
  return listener_.picture_of(*this, now.steady);
}

void ViewerSession::apply_choice(MediaTime now) {
  OutgoingTrack* track = picture_track();
  if (track == nullptr || (choice_.layer == applied_.layer && choice_.paused == applied_.paused)) return;
  if (choice_.paused && !applied_.paused) counters().picture_pauses.add();
  applied_ = choice_;
  track->want_layer(choice_.layer);
  track->withhold(choice_.paused);
  if (!choice_.paused) want_keyframe(now);
}

bool ViewerSession::can_probe() const {
  const OutgoingTrack* track = picture_track();
  return connected() && !probe_ && track != nullptr && track->can_pad() && track->negotiated().transport_feedback;
}

void ViewerSession::begin_probe(const ProbeTrain& train, MediaTime now) {
  probe_ = train;
  on_media_time(now);
  owner().reschedule(*this);
}

/// Padding goes out in small steps: a train sent in one go would measure nothing but the first router.
void ViewerSession::on_media_time(MediaTime now) {
  OutgoingTrack* track = picture_track();
  if (!probe_ || track == nullptr) return;
  while (probe_->sending() && probe_->due_bytes(now.steady) > 0) {
    const std::size_t bytes = track->write_padding(buffer(), now.steady);
    if (bytes == 0) return probe_.reset();
    send_written(*track, bytes, probe_->number(), now);
    probe_->on_sent(bytes, now.steady);
    probe_deadline_ = now.steady + ProbeTrain::kStep;
    counters().probe_packets.add();
  }
}

std::optional<SteadyTime> ViewerSession::media_deadline() const {
  if (!probe_ || !probe_->sending()) return std::nullopt;
  return probe_deadline_;
}

OutgoingTrack* ViewerSession::owner_of(std::uint32_t ssrc) {
  const auto found = std::ranges::find_if(tracks_, [ssrc](const auto& t) { return t->owns(ssrc); });
  return found == tracks_.end() ? nullptr : found->get();
}

void ViewerSession::on_control(ByteView packet, MediaTime now) {
  control_now_ = now;
  feedback_ = {};
  parse_rtcp(packet, *this);
  if (feedback_.received + feedback_.lost == 0) return;
  feedback_.use = delays_.use();
  feedback_.standing_ms = delays_.standing_ms();
  feedback_.round_trip = round_trip_.value();
  if (auto* bandwidth = listener_.bandwidth_of(*this)) bandwidth->on_feedback(*this, feedback_, now);
}

void ViewerSession::on_transport_feedback(std::uint16_t sequence, std::optional<std::chrono::microseconds> arrival) {
  SentPackets::Packet* packet = sent_.find(sequence);
  if (packet == nullptr) return;
  packet->waits = false;
  if (!arrival) {
    ++feedback_.lost;
    return;
  }
  ++feedback_.received;
  // The reference time is 24 bits of 64 ms: 12 days, then it wraps.
  constexpr std::int64_t kWrapMicros = (std::int64_t{1} << 24) * 64'000;
  std::int64_t micros = arrival->count();
  if (arrival_micros_) {
    micros += (*arrival_micros_ - micros + kWrapMicros / 2) / kWrapMicros * kWrapMicros;
  }
  arrival_micros_ = std::max(arrival_micros_.value_or(micros), micros);
  acked_.add(micros, packet->bytes);
  delays_.on_packet(packet->sent_micros, micros);
  if (probe_) probe_->on_arrival(packet->bytes, packet->probe == probe_->number(), packet->sent_micros, micros);
}

void ViewerSession::on_remb(std::uint64_t bits_per_second) {
  if (auto* bandwidth = listener_.bandwidth_of(*this)) bandwidth->on_remb(bits_per_second, control_now_);
}

void ViewerSession::on_report_block(const ReportBlock& block) {
  OutgoingTrack* track = owner_of(block.ssrc);
  if (track == nullptr) return;
  round_trip_.on_report(block.last_sr, block.delay_since_last_sr, control_now_.wall);
  if (block.ssrc != track->negotiated().ssrc) return;
  track->on_report_block(block);
  auto* bandwidth = listener_.bandwidth_of(*this);
  const bool picture = picture_track() == nullptr || track == picture_track();
  if (!numbered_ && picture && bandwidth != nullptr) {
    constexpr double kWhole = 256;
    bandwidth->on_loss_report(block.fraction_lost / kWhole, control_now_);
  }
}

void ViewerSession::on_nack(std::uint32_t media_ssrc, std::uint16_t sequence) {
  OutgoingTrack* track = owner_of(media_ssrc);
  if (track == nullptr) return;
  const auto number = track->source_sequence(sequence);
  if (!number) return;
  const auto original = listener_.sent_before(*this, track->negotiated().kind, track->source(), *number, control_now_);
  if (!original) return;
  // A path whose round trip is not known yet gets its packets again without waiting for it.
  RetransmissionLimiter::Limits limits;
  if (round_trip_.known()) limits.round_trip = round_trip_.value();
  if (const auto* bandwidth = listener_.bandwidth_of(*this))
    limits.bytes_per_second = bandwidth->retransmission_bytes_per_second();
  const std::size_t bytes = track->write_retransmission(sequence, *original, buffer(), control_now_.steady, limits);
  if (bytes == 0) return;
  send_written(*track, bytes, 0, control_now_);
  counters().packets_retransmitted.add();
}

void ViewerSession::on_keyframe_request(std::uint32_t media_ssrc) {
  if (owner_of(media_ssrc) != nullptr) want_keyframe(control_now_);
}

/// One compound packet a track: sender report and name.
void ViewerSession::send_report(MediaTime now) {
  if (auto* bandwidth = listener_.bandwidth_of(*this)) bandwidth->allocate(now);
  for (const auto& track : tracks_) {
    const auto source = listener_.source_time(*this, track->negotiated().kind, track->source(), now.wall);
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
  Interval interval;
  std::uint64_t bytes = 0;
  std::uint8_t worst = 0;
  for (const auto& track : tracks_) {
    bytes += track->bytes();
    worst = std::max(worst, track->fraction_lost());
    interval.jitter_ms = std::max(interval.jitter_ms, track->jitter_ms());
  }
  interval.bytes = bytes - bytes_reported_;
  interval.loss_fraction = worst / 256.0;
  bytes_reported_ = bytes;
  if (const auto* bandwidth = listener_.bandwidth_of(*this); bandwidth != nullptr && bandwidth->informed()) {
    interval.estimate_bps = bandwidth->estimate_bps();
    counters().count_estimate(interval.estimate_bps);
  }
  const OutgoingTrack* picture = picture_track();
  if (picture != nullptr && picture->source() != 0) interval.layer = picture->layer();
  interval.picture_paused = choice_.paused;
  return interval;
}

}  // namespace tw::media
