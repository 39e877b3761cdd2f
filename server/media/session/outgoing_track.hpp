#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/random.hpp"
#include "media/session/incoming_track.hpp"
#include "media/stream/retransmission_limiter.hpp"
#include "media/stream/sequence_rewriter.hpp"
#include "media/stream/sound_repeater.hpp"
#include "media/wire/rtcp_packet.hpp"

namespace tw::media {

/// One medium that a viewer receives: the publisher's packets under the viewer's own SSRC, payload types and extension
/// ids, one continuous stream over every seam. What is asked for again is written anew from the publisher's packet.
class OutgoingTrack {
 public:
  OutgoingTrack(const NegotiatedMedia& negotiated, Random& random);

  /// Writes the packet as this viewer gets it; 0 when it is not for them (before a keyframe, of another layer).
  [[nodiscard]] std::size_t write(const TrackInfo& source, const MediaPacket& packet, std::span<std::uint8_t> out,
                                  SteadyTime now);
  /// The publisher's number of the packet of `source` that went out as `sequence`; nullopt when it is not to be had
  /// again: sent before the last seam, behind which a keyframe follows, or without retransmissions. On a path that just
  /// became narrow, what was lost of the larger layer would take the room that the smaller one was chosen for.
  [[nodiscard]] std::optional<std::uint64_t> source_sequence(std::uint16_t sequence) const;
  /// Writes the retransmission (RFC 4588 section 4) of what went out as `sequence`; 0 when it may not be sent now.
  [[nodiscard]] std::size_t write_retransmission(std::uint16_t sequence, const MediaPacket& original,
                                                 std::span<std::uint8_t> out, SteadyTime now,
                                                 const RetransmissionLimiter::Limits& limits);
  /// Writes padding under the retransmissions' SSRC (RFC 4588 streams may carry it), to measure the path; 0 when there
  /// are no retransmissions.
  [[nodiscard]] std::size_t write_padding(std::span<std::uint8_t> out, SteadyTime now);
  [[nodiscard]] bool can_pad() const { return negotiated_.rtx_payload_type && packets_ > 0; }
  /// Numbers a packet that was just written, when it has the extension: the value of the transport-wide sequence.
  void stamp(std::span<std::uint8_t> packet, std::uint16_t transport_sequence) const;
  /// A sender report for this moment. `source_timestamp` is the publisher's RTP timestamp now.
  [[nodiscard]] std::optional<SenderReport> report(TrackNumber source, std::uint32_t source_timestamp,
                                                   WallTime now) const;
  /// Nothing until the next keyframe.
  void pause() { rewriter_.pause(); }
  /// Goes over to this layer at its next keyframe; what was forwarded goes on until then.
  void want_layer(std::uint8_t layer) { wanted_layer_ = layer; }
  /// Nothing at all while withheld, and then from the next keyframe on.
  void withhold(bool withheld);
  [[nodiscard]] bool waits_for_keyframe(TrackNumber source) const {
    return !withheld_ && (source != source_ || rewriter_.waits_for_keyframe(run_));
  }
  /// The track that is forwarded now, 0 before the first packet.
  [[nodiscard]] TrackNumber source() const { return source_; }
  [[nodiscard]] std::uint8_t layer() const { return layer_; }
  /// Times that another layer or source took over, the first one not counted.
  [[nodiscard]] std::uint32_t seams() const { return takeovers_ > 0 ? takeovers_ - 1 : 0; }

  /// Reception report of the viewer about this track.
  void on_report_block(const ReportBlock& block) {
    fraction_lost_ = block.fraction_lost;
    jitter_ = block.jitter;
  }

  [[nodiscard]] const NegotiatedMedia& negotiated() const { return negotiated_; }
  [[nodiscard]] bool owns(std::uint32_t ssrc) const { return ssrc == negotiated_.ssrc || ssrc == negotiated_.rtx_ssrc; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::uint8_t fraction_lost() const { return fraction_lost_; }
  [[nodiscard]] std::uint32_t jitter_ms() const {
    return static_cast<std::uint32_t>(std::uint64_t{jitter_} * 1000 / negotiated_.clock_rate_hz);
  }

 private:
  [[nodiscard]] std::size_t write_header(const RewrittenPacket& rewritten, const MediaPacket& packet,
                                         std::uint8_t payload_type, std::span<std::uint8_t> out, SteadyTime now) const;
  [[nodiscard]] std::size_t write_payload(ByteView payload, const RewrittenPacket& place, std::span<std::uint8_t> out);

  const NegotiatedMedia negotiated_;
  SequenceRewriter rewriter_;
  TrackNumber source_ = 0;
  std::uint32_t run_ = 0;            // the rewriter's name for `source_`: layers come back, its sources only grow
  TrackNumber candidate_ = 0;        // the last track that was to take over …
  std::uint32_t candidate_run_ = 0;  // … and its name: each has numbers of its own, which compare with no other's
  std::uint32_t takeovers_ = 0;
  std::uint8_t layer_ = 0;
  std::uint8_t wanted_layer_ = 0;
  bool withheld_ = false;
  std::uint32_t newest_timestamp_ = 0;
  std::uint32_t jitter_ = 0;
  std::uint8_t fraction_lost_ = 0;
  Vp8Rewriter vp8_;
  std::uint32_t packets_ = 0;
  std::uint32_t octets_ = 0;  // of payloads, as sender reports count
  std::uint64_t bytes_ = 0;
  std::uint16_t next_rtx_sequence_;
  RetransmissionLimiter resending_;
  SoundRepeater repeater_;
};

}  // namespace tw::media
