#include "media/session/player_source.hpp"

#include <algorithm>
#include <utility>

#include "media/session/packet_recall.hpp"
#include "media/stream/ntp_time.hpp"

namespace tw::media {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

/// As publishers number them usually; viewers get their own.
constexpr std::uint8_t kSoundPayloadType = 111;
constexpr std::uint8_t kPicturePayloadType = 96;
/// Two pictures never share a timestamp: 1 ms.
constexpr std::int64_t kLeastStepTicks = 90;

TrackInfo describe(Codec codec, TrackNumber number, const StreamKey& stream) {
  TrackInfo info;
  info.number = number;
  info.stream = stream;
  info.kind = codec == Codec::opus ? Kind::audio : Kind::video;
  info.codec = codec;
  info.clock_rate_hz = clock_rate_of(codec);
  info.channels = codec == Codec::opus ? 2 : 0;
  if (codec == Codec::h264) info.format_parameters = "packetization-mode=1;profile-level-id=42e01f";
  return info;
}

}  // namespace

PlayerSource::PlayerSource(std::string room, StreamKey stream, std::shared_ptr<const PlayerMedia> media,
                           PlayOptions options, TrackNumber first_track, Random& random, PlayerListener& listener)
    : media_(std::move(media)), options_(std::move(options)), listener_(listener) {
  event_.room = std::move(room);
  event_.stream = std::move(stream);
  event_.player = options_.id;
  event_.duration = media_->duration();
  tracks_.reserve(2);
  add_track(media_->sound(), first_track, random);
  add_track(media_->picture(), first_track + 1, random);
}

void PlayerSource::add_track(const std::optional<PlayerTrack>& media, TrackNumber number, Random& random) {
  if (!media) return;
  Track track{.info = describe(media->codec, number, event_.stream),
              .media = &*media,
              .packetizer = FramePacketizer(media->codec)};
  track.ssrc = random.u32() | 1;
  track.first_timestamp = random.u32();
  tracks_.push_back(std::move(track));
}

const TrackInfo* PlayerSource::track(Kind kind) const {
  const auto found = std::ranges::find(tracks_, kind, [](const Track& track) { return track.info.kind; });
  return found == tracks_.end() ? nullptr : &found->info;
}

std::int64_t PlayerSource::ticks_since_start(const Track& track, SteadyTime at) const {
  const auto elapsed = duration_cast<std::chrono::microseconds>(at - started_.steady).count();
  return elapsed * track.info.clock_rate_hz / 1'000'000;
}

std::optional<std::uint32_t> PlayerSource::timestamp_at(Kind kind, WallTime now) const {
  for (const Track& track : tracks_) {
    if (track.info.kind != kind) continue;
    const std::int64_t elapsed = (now - started_.wall).count();
    return track.first_timestamp + static_cast<std::uint32_t>(elapsed * track.info.clock_rate_hz / 1'000'000);
  }
  return std::nullopt;
}

void PlayerSource::start(MediaTime now) {
  started_ = now;
  next_progress_ = now.steady + kProgressInterval;
  event_.state = options_.paused ? PlayerState::paused : PlayerState::playing;
  report(now);
  enter(options_.start, now);
}

/// Goes on at the keyframe at or before `position`, playing or paused as it was.
void PlayerSource::enter(milliseconds position, MediaTime now) {
  set_anchor(media_->entry_before(position), now.steady);
  tell(event_.state, now.steady);
  if (event_.state == PlayerState::paused) show_still(now);
}

void PlayerSource::set_anchor(milliseconds position, SteadyTime at) {
  anchor_at_ = at;
  anchor_position_ = position;
  for (Track& track : tracks_) {
    const auto medium_ticks = position.count() * track.info.clock_rate_hz / 1'000;
    const auto first = std::ranges::lower_bound(track.media->frames, medium_ticks, {},
                                                [](const PlayerFrame& frame) { return std::int64_t{frame.time}; });
    track.next = static_cast<std::size_t>(first - track.media->frames.begin());
    track.anchor_frame = medium_ticks;
    track.anchor_ticks = std::max(ticks_since_start(track, at), track.newest_ticks + kLeastStepTicks);
  }
}

SteadyTime PlayerSource::due(const Track& track) const {
  if (track.next >= track.media->frames.size()) return SteadyTime::max();
  const std::int64_t ticks = track.media->frames[track.next].time - track.anchor_frame;
  return anchor_at_ + nanoseconds(ticks * 1'000'000'000 / track.info.clock_rate_hz);
}

milliseconds PlayerSource::position(SteadyTime now) const {
  if (event_.state != PlayerState::playing) return anchor_position_;
  return std::clamp(anchor_position_ + duration_cast<milliseconds>(now - anchor_at_), milliseconds{0},
                    media_->duration());
}

void PlayerSource::tell(PlayerState state, SteadyTime now) {
  event_.position = position(now);
  event_.state = state;
  listener_.on_player_state(event_);
}

void PlayerSource::control(const PlayerCommand& command, MediaTime now) {
  if (ended()) return;
  flush(now);
  switch (command.action) {
    case PlayerCommand::Action::pause:
      if (event_.state == PlayerState::paused) return;
      set_anchor(media_->entry_before(position(now.steady)), now.steady);
      event_.state = PlayerState::paused;
      tell(PlayerState::paused, now.steady);
      return show_still(now);
    case PlayerCommand::Action::resume:
      if (event_.state == PlayerState::playing) return;
      set_anchor(anchor_position_, now.steady);
      event_.state = PlayerState::playing;
      next_progress_ = now.steady + kProgressInterval;
      return tell(PlayerState::playing, now.steady);
    case PlayerCommand::Action::seek: return enter(command.position, now);
    case PlayerCommand::Action::stop: return end(PlayerState::stopped, now);
  }
}

void PlayerSource::end(PlayerState state, MediaTime now) {
  flush(now);
  tell(state, now.steady);
}

/// The keyframe that playing will go on from. Its timestamp is that of this moment.
void PlayerSource::show_still(MediaTime now) {
  next_still_ = now.steady + kStillInterval;
  for (Track& track : tracks_) {
    if (track.info.kind != Kind::video || track.next >= track.media->frames.size()) continue;
    const std::int64_t ticks = std::max(ticks_since_start(track, now.steady), track.newest_ticks + kLeastStepTicks);
    begin_frame(track, ticks, track.media->frames[track.next]);
    send_packets(track, kBurstPackets, now);
  }
}

void PlayerSource::begin_frame(Track& track, std::int64_t ticks, const PlayerFrame& frame) {
  track.frame_ticks = ticks;
  track.newest_ticks = ticks;
  track.frame_is_key = frame.keyframe && track.info.kind == Kind::video;
  track.first_packet = true;
  track.packetizer.begin(track.media->bytes_of(frame));
}

void PlayerSource::send_packets(Track& track, unsigned packets, MediaTime now) {
  for (; packets > 0 && !track.packetizer.done(); --packets) {
    const auto payload = std::span(buffer_).subspan(kRtpHeaderBytes);
    const std::size_t bytes = track.packetizer.next(payload);
    if (bytes == 0) break;
    const bool picture = track.info.kind == Kind::video;
    const RtpHeader header{picture && track.packetizer.done(), picture ? kPicturePayloadType : kSoundPayloadType,
                           static_cast<std::uint16_t>(track.sequence),
                           track.first_timestamp + static_cast<std::uint32_t>(track.frame_ticks), track.ssrc};
    if (write_rtp_header(buffer_, header, {}) != kRtpHeaderBytes) break;
    MediaPacket packet;
    packet.rtp = ByteView(buffer_).first(kRtpHeaderBytes + bytes);
    const auto parsed = RtpPacketView::parse(packet.rtp);
    if (!parsed) break;
    packet.header = *parsed;
    packet.sequence = track.sequence++;
    packet.keyframe_start = track.frame_is_key && std::exchange(track.first_packet, false);
    if (track.info.codec == Codec::vp8) packet.vp8 = Vp8Payload::parse(parsed->payload);
    const auto kept = listener_.on_player_packet(*this, track.info, packet, now);
    if (kept && picture) remember(track.history, packet, *kept, now.steady);
  }
  track.next_burst = now.steady + kBurstInterval;
}

std::optional<MediaPacket> PlayerSource::recall(Kind kind, std::uint64_t sequence, MediaTime now) const {
  const auto found = std::ranges::find_if(tracks_, [kind](const Track& track) { return track.info.kind == kind; });
  if (found == tracks_.end()) return std::nullopt;
  return media::recall(found->history, sequence, found->info.codec, 0, now.steady);
}

void PlayerSource::forget_kept() {
  for (Track& track : tracks_) track.history.forget_kept();
}

/// What is left of the frames that are being sent: a command must not leave half a picture behind.
void PlayerSource::flush(MediaTime now) {
  constexpr unsigned kWholeFrame = PlayerMedia::kMaxFrameBytes / 100;
  for (Track& track : tracks_) send_packets(track, kWholeFrame, now);
}

void PlayerSource::send_due(Track& track, MediaTime now) {
  constexpr unsigned kWholeFrame = PlayerMedia::kMaxFrameBytes / 100;
  if (!track.packetizer.done() && track.next_burst <= now.steady) send_packets(track, kBurstPackets, now);
  while (event_.state == PlayerState::playing && due(track) <= now.steady) {
    send_packets(track, kWholeFrame, now);  // the rest of the frame before
    const PlayerFrame& frame = track.media->frames[track.next++];
    begin_frame(track, track.anchor_ticks + (std::int64_t{frame.time} - track.anchor_frame), frame);
    send_packets(track, kBurstPackets, now);
  }
}

void PlayerSource::report(MediaTime now) {
  next_report_ = now.steady + kReportInterval;
  for (const Track& track : tracks_) {
    const auto timestamp = track.first_timestamp + static_cast<std::uint32_t>(ticks_since_start(track, now.steady));
    listener_.on_player_report(*this, {track.info.number, now.wall, to_ntp(now.wall), timestamp}, now);
  }
}

void PlayerSource::on_time(MediaTime now) {
  if (ended()) return;
  SteadyTime next = SteadyTime::max();
  for (const Track& track : tracks_) next = std::min(next, due(track));
  if (event_.state == PlayerState::playing && next != SteadyTime::max() && next + kMostLateness < now.steady) {
    set_anchor(anchor_position_ + duration_cast<milliseconds>(next - anchor_at_), now.steady);
  }
  for (Track& track : tracks_) send_due(track, now);
  if (event_.state == PlayerState::paused && next_still_ <= now.steady) {
    flush(now);
    show_still(now);
  }
  if (next_report_ <= now.steady) report(now);
  if (event_.state != PlayerState::playing) return;
  const SteadyTime end_at = anchor_at_ + (media_->duration() - anchor_position_);
  if (end_at <= now.steady) {
    if (!options_.loop) return end(PlayerState::finished, now);
    flush(now);
    set_anchor(milliseconds{0}, end_at + kMostLateness < now.steady ? now.steady : end_at);
  }
  if (next_progress_ <= now.steady) {
    next_progress_ = now.steady + kProgressInterval;
    tell(PlayerState::playing, now.steady);
  }
}

std::optional<SteadyTime> PlayerSource::deadline() const {
  if (ended()) return std::nullopt;
  SteadyTime result = next_report_;
  const bool playing = event_.state == PlayerState::playing;
  for (const Track& track : tracks_) {
    if (!track.packetizer.done()) result = std::min(result, track.next_burst);
    if (playing) result = std::min(result, due(track));
  }
  if (!playing) return std::min(result, next_still_);
  return std::min({result, next_progress_, anchor_at_ + (media_->duration() - anchor_position_)});
}

}  // namespace tw::media
