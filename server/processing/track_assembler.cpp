#include "processing/track_assembler.hpp"

#include <algorithm>

#include "media/wire/h264_payload.hpp"
#include "media/wire/opus_payload.hpp"
#include "media/wire/vp8_payload.hpp"
#include "recording/frame_payload.hpp"

namespace tw::processing {
namespace {

/// A retransmission that comes later than this came too late for the call too.
constexpr std::int64_t kReorderWindowUs = 1'000'000;
/// Packets that wait for a missing one; a second of 15 Mb/s.
constexpr std::size_t kMostHeld = 2048;
/// No encoder makes a larger picture of a camera.
constexpr std::size_t kMaxFrameBytes = std::size_t{8} * 1024 * 1024;

bool follows(std::uint16_t picture_id, std::uint16_t before) {
  const auto step = static_cast<std::uint16_t>(picture_id - before);
  return (step & 0x7FFFU) == 1 || (before == 0x7F && picture_id == 0);  // 15 or 7 bits (RFC 7741 section 4.2)
}

}  // namespace

// NOLINTNEXTLINE(performance-unnecessary-value-param): it is moved into what is held
void TrackAssembler::push(TrackPacket packet, std::vector<MediaFrame>& out) {
  const std::uint64_t sequence = packet.packet.extended_sequence;
  newest_arrival_us_ = std::max(newest_arrival_us_, to_micros(packet.packet.arrival));
  if (!next_sequence_ || sequence >= *next_sequence_) held_.try_emplace(sequence, std::move(packet));
  release(out, false);
}

void TrackAssembler::finish(std::vector<MediaFrame>& out) {
  release(out, true);
  // A last picture without its marker bit may lack its end.
  current_.reset();
}

void TrackAssembler::release(std::vector<MediaFrame>& out, bool all) {
  while (!held_.empty()) {
    const auto first = held_.begin();
    const bool in_order = next_sequence_ && first->first == *next_sequence_;
    const bool waited = newest_arrival_us_ - to_micros(first->second.packet.arrival) > kReorderWindowUs;
    if (!in_order && !waited && !all && held_.size() <= kMostHeld) return;
    const TrackPacket packet = std::move(first->second);
    held_.erase(first);
    next_sequence_ = packet.packet.extended_sequence + 1;
    take(packet, !in_order, out);
  }
}

void TrackAssembler::take(const TrackPacket& packet, bool gap_before, std::vector<MediaFrame>& out) {
  if (packet.payload().empty()) return;  // padding: keeps its place in the sequence, carries nothing
  if (codec_ == media::Codec::opus) {
    take_sound(packet, out);
  } else {
    take_picture(packet, gap_before, out);
  }
}

void TrackAssembler::take_sound(const TrackPacket& packet, std::vector<MediaFrame>& out) const {
  if (!media::opus_samples(packet.payload())) return;
  const ByteView payload = packet.payload();
  out.push_back({.first_sequence = packet.packet.extended_sequence,
                 .timestamp = packet.timestamp,
                 .keyframe = true,
                 .rotation = media::Rotation::none,
                 .data = Bytes(payload.begin(), payload.end())});
}

bool TrackAssembler::begins_frame(const TrackPacket& packet) const {
  if (codec_ == media::Codec::vp8) {
    const auto descriptor = media::Vp8Payload::parse(packet.payload());
    return descriptor && descriptor->frame_start();
  }
  const auto parsed = media::H264Payload::parse(packet.payload());
  return parsed && (parsed->packetization != media::H264Packetization::fragment || parsed->fragment_start);
}

void TrackAssembler::take_picture(const TrackPacket& packet, bool gap_before, std::vector<MediaFrame>& out) {
  std::optional<std::uint16_t> picture_id;
  if (codec_ == media::Codec::vp8) {
    if (const auto descriptor = media::Vp8Payload::parse(packet.payload())) picture_id = descriptor->picture_id;
  }
  if (gap_before) {
    // Numbers that padding used up leave no hole in the pictures.
    const bool whole =
        !current_ && picture_id && last_picture_id_ && begins_frame(packet) && follows(*picture_id, *last_picture_id_);
    if (!whole) {
      current_.reset();
      needs_keyframe_ = true;
    }
  }
  if (current_ && current_->timestamp != packet.timestamp) end_picture(out);
  if (!current_) {
    current_ = MediaFrame{.first_sequence = packet.packet.extended_sequence,
                          .timestamp = packet.timestamp,
                          .keyframe = false,
                          .rotation = media::Rotation::none,
                          .data = {}};
    current_broken_ = !begins_frame(packet);
  }
  current_->rotation = packet.packet.rotation;  // senders put it on a picture's last packet (TS 26.114 section 7.4.5)
  if (codec_ == media::Codec::h264) {
    const auto parsed = media::H264Payload::parse(packet.payload());
    current_->keyframe = current_->keyframe || (parsed && parsed->idr);
  }
  if (picture_id) last_picture_id_ = picture_id;
  if (!recording::append_frame_payload(codec_, packet.payload(), current_->data) ||
      current_->data.size() > kMaxFrameBytes) {
    current_broken_ = true;
  }
  if (packet.marker) end_picture(out);
}

void TrackAssembler::end_picture(std::vector<MediaFrame>& out) {
  MediaFrame frame = std::move(*current_);
  current_.reset();
  if (codec_ == media::Codec::vp8)
    frame.keyframe = !frame.data.empty() && (frame.data[0] & 1U) == 0;  // RFC 6386 section 9.1
  if (current_broken_ || frame.data.empty()) {
    needs_keyframe_ = true;
    return;
  }
  if (needs_keyframe_ && !frame.keyframe) return;
  needs_keyframe_ = false;
  out.push_back(std::move(frame));
}

}  // namespace tw::processing
