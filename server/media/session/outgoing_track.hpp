#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/random.hpp"
#include "media/session/incoming_track.hpp"
#include "media/stream/retransmission_buffer.hpp"
#include "media/stream/sequence_rewriter.hpp"
#include "media/stream/sound_repeater.hpp"
#include "media/wire/rtcp_packet.hpp"

namespace tw::media {

/// One medium that a viewer receives: the publisher's packets under the viewer's own SSRC, payload types and extension
/// ids, one continuous stream over every seam, kept for a while in case they are asked for again.
class OutgoingTrack {
 public:
  OutgoingTrack(const NegotiatedMedia& negotiated, Random& random);

  /// Writes the packet as this viewer gets it; 0 when it is not for them (before a keyframe, of an earlier source).
  [[nodiscard]] std::size_t write(const TrackInfo& source, const MediaPacket& packet, std::span<std::uint8_t> out,
                                  SteadyTime now);
  /// Writes the retransmission of a packet; 0 when there is none to give.
  [[nodiscard]] std::size_t write_retransmission(std::uint16_t sequence, std::span<std::uint8_t> out, SteadyTime now,
                                                 std::chrono::microseconds round_trip);
  /// A sender report for this moment. `source_timestamp` is the publisher's RTP timestamp now.
  [[nodiscard]] std::optional<SenderReport> report(TrackNumber source, std::uint32_t source_timestamp,
                                                   WallTime now) const;
  /// Nothing until the next keyframe.
  void pause() { rewriter_.pause(); }
  [[nodiscard]] bool waits_for_keyframe(TrackNumber source) const { return rewriter_.waits_for_keyframe(source); }

  /// Reception report of the viewer about this track.
  void on_report_block(const ReportBlock& block) { fraction_lost_ = block.fraction_lost; }

  [[nodiscard]] const NegotiatedMedia& negotiated() const { return negotiated_; }
  [[nodiscard]] bool owns(std::uint32_t ssrc) const { return ssrc == negotiated_.ssrc || ssrc == negotiated_.rtx_ssrc; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::uint8_t fraction_lost() const { return fraction_lost_; }

 private:
  [[nodiscard]] std::size_t write_payload(ByteView payload, const RtpHeader& header, std::span<std::uint8_t> out);

  const NegotiatedMedia negotiated_;
  SequenceRewriter rewriter_;
  Vp8Rewriter vp8_;
  RetransmissionBuffer sent_;
  SoundRepeater repeater_;
  std::uint16_t next_rtx_sequence_;
  std::uint32_t packets_ = 0;
  std::uint32_t octets_ = 0;  // of payloads, as sender reports count
  std::uint64_t bytes_ = 0;
  std::uint8_t fraction_lost_ = 0;
};

}  // namespace tw::media
