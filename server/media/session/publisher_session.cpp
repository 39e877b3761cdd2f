#include "media/session/publisher_session.hpp"

#include <algorithm>

#include "base/byte_order.hpp"
#include "media/stream/ntp_time.hpp"
#include "media/wire/red_payload.hpp"

namespace tw::media {
namespace {

constexpr std::string_view kCname = "telewitness";

TrackInfo describe(const NegotiatedMedia& media, TrackNumber number, const StreamKey& stream) {
  return {number, stream, media.kind, media.codec, media.clock_rate_hz, media.channels, media.format_parameters};
}

}  // namespace

PublisherSession::PublisherSession(SessionParts parts, SessionOwner& owner, PublisherListener& listener,
                                   TrackNumber first_track, MediaTime now)
    : MediaSession(std::move(parts), owner, now),
      listener_(listener),
      recorded_(negotiated().find(Kind::video) == nullptr ? 0 : negotiated().find(Kind::video)->layers.size()),
      local_ssrc_(random().u32() | 1) {
  tracks_.reserve(kMaxTracks);
  due_.reserve(NackGenerator::kMaxMissing);
  for (const auto& media : negotiated().media) {
    if (!media.accepted) continue;
    for (std::size_t layer = 0; layer < std::max<std::size_t>(media.layers.size(), 1); ++layer) {
      tracks_.push_back(std::make_unique<IncomingTrack>(describe(media, first_track++, identity().stream), media,
                                                        static_cast<std::uint8_t>(layer)));
      if (media.layers.empty() || media.layers[layer].ssrc == 0) continue;
      tracks_.back()->learn_ssrc(media.layers[layer].ssrc);
      if (media.layers[layer].rtx_ssrc != 0) tracks_.back()->learn_rtx_ssrc(media.layers[layer].rtx_ssrc);
    }
    if (media.transport_feedback) transport_sequence_id_ = media.extensions.transport_sequence;
  }
}

const IncomingTrack* PublisherSession::track(Kind kind, TrackNumber number) const {
  const auto found = std::ranges::find_if(
      tracks_, [&](const auto& t) { return t->info().kind == kind && (number == 0 || t->info().number == number); });
  return found == tracks_.end() ? nullptr : found->get();
}

void PublisherSession::request_keyframe(MediaTime now, std::optional<std::uint8_t> layer) {
  if (!live_) return;
  for (auto& track : tracks_) {
    const bool other = layer && !track->negotiated().layers.empty() && track->layer() != *layer;
    if (track->info().kind != Kind::video || other) continue;
    track->keyframes().want();
    if (connected()) send_keyframe_request(*track, now);
  }
  owner().reschedule(*this);
}

PictureView PublisherSession::picture(SteadyTime now) const {
  PictureView view;
  for (const auto& track : tracks_) {
    if (track->info().kind != Kind::video || !track->started() || view.count == view.layers.size()) continue;
    if (!track->negotiated().layers.empty() && !recorded_.is_live(track->layer(), now)) continue;
    view.layers[view.count++] = {track->layer(), track->bps(now)};
  }
  std::sort(view.layers.begin(), view.layers.begin() + static_cast<std::ptrdiff_t>(view.count),
            [this](const auto& a, const auto& b) { return recorded_.is_larger(b.layer, a.layer); });
  return view;
}

void PublisherSession::on_media_connected(MediaTime /*now*/) {}

/// The same medium under another SSRC: another sequence and another clock, so another track.
IncomingTrack& PublisherSession::follow_ssrc(std::unique_ptr<IncomingTrack>& track, std::uint32_t ssrc, MediaTime now) {
  if (track->started()) {
    if (is_recorded(*track)) listener_.on_track_ended(*this, *track, now);
    bytes_reported_ -= track->statistics().bytes();
    expected_reported_ -= track->statistics().expected();
    received_reported_ -= track->statistics().packets();
    const NegotiatedMedia media = track->negotiated();
    track = std::make_unique<IncomingTrack>(describe(media, listener_.new_track_number(), identity().stream), media,
                                            track->layer());
  }
  track->learn_ssrc(ssrc);
  return *track;
}

/// A layer is known by its SSRC once a packet carried its name too (RFC 8852 section 3); the name may stop after that.
IncomingTrack* PublisherSession::find_layer(const NegotiatedMedia& media, const RtpPacketView& header, MediaTime now) {
  const bool repair = header.payload_type != media.payload_type;
  for (auto& track : tracks_) {
    if (track->info().kind == Kind::video && (repair ? track->rtx_ssrc() : track->ssrc()) == header.ssrc)
      return track.get();
  }
  const std::uint8_t id = repair ? media.extensions.repaired_stream_id : media.extensions.stream_id;
  const auto name = id == 0 ? std::nullopt : header.extension(id);
  if (!name) return nullptr;
  for (auto& track : tracks_) {
    if (track->info().kind != Kind::video || media.layers[track->layer()].rid != as_text(*name)) continue;
    if (repair) {
      track->learn_rtx_ssrc(header.ssrc);
      return track.get();
    }
    if (track->ssrc() && !track->quiet(kSsrcSilence, now.steady)) return nullptr;
    return &follow_ssrc(track, header.ssrc, now);
  }
  return nullptr;
}

IncomingTrack* PublisherSession::find_track(const RtpPacketView& header, MediaTime now) {
  for (auto& track : tracks_) {
    const NegotiatedMedia& media = track->negotiated();
    const bool original = header.payload_type == media.payload_type;
    if (!original && header.payload_type != media.rtx_payload_type && header.payload_type != media.red_payload_type)
      continue;
    if (!media.layers.empty()) return find_layer(media, header, now);
    if (original && track->ssrc() && *track->ssrc() != header.ssrc && media.extensions.mid != 0) {
      // A new SSRC that names its section (RFC 9143 section 9.2) takes over from one that ended.
      const auto mid = header.extension(media.extensions.mid);
      if (mid && as_text(*mid) == media.mid && track->quiet(kSsrcSilence, now.steady))
        return &follow_ssrc(track, header.ssrc, now);
    }
    return track.get();
  }
  return nullptr;
}

void PublisherSession::on_media(std::span<std::uint8_t> packet, MediaTime now) {
  const auto header = RtpPacketView::parse(packet);
  if (!header) return;
  counters().packets_received.add();
  if (transport_sequence_id_ != 0) {
    if (const auto value = header->extension(transport_sequence_id_); value && value->size() >= 2) {
      transport_feedback_.on_packet(load_be<std::uint16_t>(value->data()), now.steady);
    }
  }
  IncomingTrack* track = find_track(*header, now);
  if (track == nullptr) return;
  const NegotiatedMedia& media = track->negotiated();
  const bool original = header->payload_type == media.payload_type;
  if (!original && header->payload_type == media.red_payload_type) return on_redundant(*track, packet, *header, now);
  on_track_packet(*track, original, packet, *header, now);
}

void PublisherSession::on_track_packet(IncomingTrack& track, bool original, std::span<std::uint8_t> packet,
                                       const RtpPacketView& header, MediaTime now) {
  const bool was_started = track.started();
  auto delivered = original ? track.receive(packet, header, now) : track.receive_rtx(packet, header, now);
  const bool began = !was_started && track.started();
  // A publisher that sends keyframes only when asked is asked at once; one that begins with a keyframe is not.
  if (began && live_ && track.info().kind == Kind::video && !(delivered && delivered->keyframe_start))
    track.keyframes().want();
  if (began && track.negotiated().layers.empty()) listener_.on_track_started(*this, track, now);
  if (!delivered) return;
  if (!track.negotiated().layers.empty()) delivered->recorded = record_layer(track, *delivered, now);
  if (const auto kept = listener_.on_packet(*this, track, *delivered, now)) track.remember(*delivered, *kept, now);
}

/// What was lost comes first, so that the order is kept; then the packet as it would have come without redundancy.
void PublisherSession::on_redundant(IncomingTrack& track, std::span<std::uint8_t> packet, const RtpPacketView& header,
                                    MediaTime now) {
  const auto red = RedPayload::parse(header.payload);
  if (!red || red->own().payload_type != track.negotiated().payload_type) return;
  for (const RedBlock& block : red->repeated()) {
    if (block.payload_type != track.negotiated().payload_type) continue;
    const std::size_t bytes = restore_repeated_opus(repeated_, packet, header, block);
    const auto restored = std::span(repeated_).first(bytes);
    const auto view = RtpPacketView::parse(restored);
    if (!view) continue;
    if (const auto delivered = track.receive_repeated(restored, *view, now))
      (void)listener_.on_packet(*this, track, *delivered, now);
  }
  const auto plain = unwrap_red(packet, header, *red);
  if (const auto view = RtpPacketView::parse(plain)) on_track_packet(track, true, plain, *view, now);
}

/// True when taps get this packet of a layer. Another layer begins as a track of its own.
bool PublisherSession::record_layer(IncomingTrack& track, const MediaPacket& packet, MediaTime now) {
  if (packet.keyframe_start && track.pixels() != 0) recorded_.on_size(track.layer(), track.pixels());
  const auto before = recorded_.current();
  const auto verdict = recorded_.on_packet(track.layer(), packet.keyframe_start, now.steady);
  if (verdict.keyframe_wanted && live_) {
    for (auto& other : tracks_) {
      if (other->info().kind == Kind::video && other->layer() == *verdict.keyframe_wanted &&
          !other->keyframes().wanted())
        other->keyframes().want();
    }
  }
  if (verdict.changed) {
    for (auto& other : tracks_) {
      const bool was = before && other->info().kind == Kind::video && other->layer() == *before;
      if (was && other->started()) listener_.on_track_ended(*this, *other, now);
    }
    if (before) track.renumber(listener_.new_track_number());
    listener_.on_track_started(*this, track, now);
  }
  return verdict.record;
}

void PublisherSession::on_bye(std::uint32_t ssrc) {
  for (auto& track : tracks_) {
    if (track->ssrc() == ssrc) track->end();
  }
}

void PublisherSession::on_control(ByteView packet, MediaTime now) {
  control_now_ = now;
  parse_rtcp(packet, *this);
}

void PublisherSession::on_sender_report(const SenderReport& report) {
  for (auto& track : tracks_) {
    if (track->ssrc() != report.ssrc) continue;
    clock_.on_report(report.ntp, control_now_.wall);
    track->on_sender_report(report.ntp, report.timestamp, control_now_);
    listener_.on_sender_report(*this, *track, control_now_);
  }
}

void PublisherSession::on_receiver_delay(std::uint32_t last_reference, std::uint32_t delay) {
  round_trip_.on_report(last_reference, delay, control_now_.wall);
}

void PublisherSession::on_media_time(MediaTime now) {
  for (auto& track : tracks_) {
    if (track->nacks().deadline().value_or(SteadyTime::max()) <= now.steady) send_nacks(*track, now);
    if (live_) send_keyframe_request(*track, now);
  }
  if (transport_feedback_.deadline().value_or(SteadyTime::max()) <= now.steady) send_transport_feedback(now);
}

std::optional<SteadyTime> PublisherSession::media_deadline() const {
  std::optional<SteadyTime> result = transport_feedback_.deadline();
  for (const auto& track : tracks_) {
    result = earlier(result, track->nacks().deadline());
    if (live_ && track->ssrc()) result = earlier(result, track->keyframes().deadline());
  }
  return result;
}

void PublisherSession::send_nacks(IncomingTrack& track, MediaTime now) {
  if (!track.nacks().take_due(now.steady, round_trip_.value(), due_)) {
    if (live_ && track.info().kind == Kind::video) track.keyframes().want();
  }
  if (due_.empty() || !track.ssrc()) return;
  RtcpWriter writer(buffer().first(kMaxPacketBytes));
  if (writer.nack(local_ssrc_, *track.ssrc(), due_)) transport().send_rtcp(buffer(), writer.size(), now);
}

void PublisherSession::send_keyframe_request(IncomingTrack& track, MediaTime now) {
  if (!track.ssrc() || !track.keyframes().take_due(now.steady)) return;
  RtcpWriter writer(buffer().first(kMaxPacketBytes));
  if (writer.pli(local_ssrc_, *track.ssrc())) transport().send_rtcp(buffer(), writer.size(), now);
}

void PublisherSession::send_transport_feedback(MediaTime now) {
  constexpr unsigned kMaxReports = 8;  // what one interval can hold at most, several times over
  for (unsigned i = 0; i < kMaxReports; ++i) {
    const std::size_t bytes =
        transport_feedback_.write_report(buffer().first(kMaxPacketBytes), local_ssrc_, media_ssrc());
    if (bytes == 0) return;
    transport().send_rtcp(buffer(), bytes, now);
  }
}

std::uint32_t PublisherSession::media_ssrc() const {
  for (const auto& track : tracks_) {
    if (track->ssrc()) return *track->ssrc();
  }
  return 0;
}

/// Receiver report, name, ceiling of the bit rate and receiver reference time in one compound packet.
void PublisherSession::send_report(MediaTime now) {
  std::array<ReportBlock, kMaxTracks> blocks;
  std::array<std::uint32_t, kMaxTracks> ssrcs{};
  std::size_t count = 0;
  bool remb = false;
  for (auto& track : tracks_) {
    remb = remb || track->negotiated().remb;
    if (!track->ssrc() || count == kMaxTracks) continue;
    ssrcs[count] = *track->ssrc();
    blocks[count++] = track->statistics().take_report(*track->ssrc(), now.steady);
  }
  RtcpWriter writer(buffer().first(kMaxPacketBytes));
  writer.receiver_report(local_ssrc_, std::span(blocks).first(count));
  writer.cname(local_ssrc_, kCname);
  writer.receiver_reference_time(local_ssrc_, to_ntp(now.wall));
  if (remb && count > 0) {
    const bool layered = tracks_.size() > 2;
    const std::uint64_t wanted =
        std::uint64_t{config().video_bitrate_bps} + config().audio_bitrate_bps + (layered ? kLowLayersBps : 0);
    writer.remb(local_ssrc_, wanted * kEstimateHeadroomPercent / 100, std::span(ssrcs).first(count));
  }
  transport().send_rtcp(buffer(), writer.size(), now);
}

MediaSession::Interval PublisherSession::take_interval() {
  std::uint64_t bytes = 0;
  std::uint64_t expected = 0;
  std::uint64_t received = 0;
  for (auto& track : tracks_) {
    bytes += track->statistics().bytes();
    expected += track->statistics().expected();
    received += track->statistics().packets();
  }
  Interval interval;
  for (const auto& track : tracks_) interval.jitter_ms = std::max(interval.jitter_ms, track->statistics().jitter_ms());
  interval.bytes = bytes - bytes_reported_;
  const std::uint64_t expected_since = expected - expected_reported_;
  const std::uint64_t received_since = received - received_reported_;
  if (expected_since > received_since) {
    counters().packets_lost.add(expected_since - received_since);
    interval.loss_fraction = static_cast<double>(expected_since - received_since) / static_cast<double>(expected_since);
  }
  bytes_reported_ = bytes;
  expected_reported_ = expected;
  received_reported_ = received;
  return interval;
}

}  // namespace tw::media
