#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "media/media_types.hpp"
#include "media/session/media_time.hpp"
#include "media/session/sdp_negotiation.hpp"
#include "media/stream/keyframe_requester.hpp"
#include "media/stream/nack_generator.hpp"
#include "media/stream/packet_history.hpp"
#include "media/stream/rate_meter.hpp"
#include "media/stream/receive_statistics.hpp"
#include "media/stream/received_window.hpp"
#include "media/stream/retransmission_buffer.hpp"
#include "media/stream/sender_report_clock.hpp"
#include "media/wire/rtp_packet.hpp"
#include "media/wire/vp8_payload.hpp"

namespace tw::media {

/// A publisher's packet on its way to taps and viewers: in the clear, each sequence number once. Views live only during
/// the call.
struct MediaPacket {
  RtpPacketView header;
  ByteView rtp;  ///< without padding
  std::uint64_t sequence = 0;
  bool keyframe_start = false;
  Rotation rotation = Rotation::none;
  std::optional<std::uint8_t> rotation_extension;  ///< as this packet carried it
  std::optional<Vp8Payload> vp8;
  std::uint8_t layer = 0;   ///< of a picture in layers: its place in the publisher's offer
  std::uint8_t layers = 1;  ///< how many the offer has
  bool recorded = true;     ///< taps get it; of several layers they get one
};

/// One medium that a publisher sends: finds holes and asks for them, takes retransmissions as their originals, knows
/// keyframes and rotation, counts for reports.
class IncomingTrack {
 public:
  /// `layer` is its place among the layers of the offer, 0 without simulcast.
  IncomingTrack(TrackInfo info, const NegotiatedMedia& negotiated, std::uint8_t layer = 0);

  /// A packet under the track's payload type. nullopt: not to be handed on. `packet` may be changed (padding).
  [[nodiscard]] std::optional<MediaPacket> receive(std::span<std::uint8_t> packet, const RtpPacketView& header,
                                                   MediaTime now);
  /// A packet under the payload type of its retransmissions; it is rewritten into the original.
  [[nodiscard]] std::optional<MediaPacket> receive_rtx(std::span<std::uint8_t> packet, const RtpPacketView& header,
                                                       MediaTime now);

  /// An earlier packet of sound that a later one repeats.
  [[nodiscard]] std::optional<MediaPacket> receive_repeated(std::span<std::uint8_t> packet, const RtpPacketView& header,
                                                            MediaTime now);

  /// Keeps a delivered picture packet for `recall`; of sound nothing is asked for again.
  void remember(const MediaPacket& packet, const KeptPacket& kept, MediaTime now);
  /// A packet that was delivered and remembered; nullopt when it is gone. Views live until the next packet.
  [[nodiscard]] std::optional<MediaPacket> recall(std::uint64_t sequence, MediaTime now) const;
  /// A tap leaves: what it keeps is not to be read any more.
  void forget_kept() { history_.forget_kept(); }

  void on_sender_report(std::uint64_t ntp, std::uint32_t timestamp, MediaTime now);

  [[nodiscard]] const TrackInfo& info() const { return info_; }
  [[nodiscard]] const NegotiatedMedia& negotiated() const { return negotiated_; }
  [[nodiscard]] std::optional<std::uint32_t> ssrc() const { return ssrc_; }
  [[nodiscard]] std::optional<std::uint32_t> rtx_ssrc() const { return rtx_ssrc_; }
  /// Told by the offer or by the name that a packet carries, rather than taken from the first packet.
  void learn_ssrc(std::uint32_t ssrc) { ssrc_ = ssrc; }
  void learn_rtx_ssrc(std::uint32_t ssrc) { rtx_ssrc_ = ssrc; }
  /// The sender said goodbye (BYE): another SSRC may follow at once.
  void end() { ended_ = true; }
  /// Nothing came under its SSRC for `silence`, or it said goodbye.
  [[nodiscard]] bool quiet(std::chrono::milliseconds silence, SteadyTime now) const {
    return ended_ || (heard_ && now - *heard_ >= silence);
  }
  [[nodiscard]] std::uint8_t layer() const { return layer_; }
  [[nodiscard]] std::uint32_t bps(SteadyTime now) const { return rate_.bps(micros(now)); }
  /// Pixels of the last keyframe; 0 while unknown (H.264 says it in parameter sets that are not read here).
  [[nodiscard]] std::uint32_t pixels() const { return pixels_; }
  /// Taps begin to get it again as a track of its own.
  void renumber(TrackNumber number) { info_.number = number; }
  [[nodiscard]] bool started() const { return statistics_.started(); }
  [[nodiscard]] const std::optional<TapSenderReport>& last_report() const { return last_report_; }
  [[nodiscard]] const SenderReportClock& clock() const { return clock_; }

  NackGenerator& nacks() { return nacks_; }
  [[nodiscard]] const NackGenerator& nacks() const { return nacks_; }
  KeyframeRequester& keyframes() { return keyframes_; }
  [[nodiscard]] const KeyframeRequester& keyframes() const { return keyframes_; }
  ReceiveStatistics& statistics() { return statistics_; }
  /// Packets that retransmissions and repetitions brought back since the start.
  [[nodiscard]] std::uint64_t recovered() const { return recovered_; }

 private:
  std::optional<MediaPacket> deliver(std::span<std::uint8_t> packet, const RtpPacketView& header,
                                     std::uint64_t sequence, MediaTime now);
  bool read_picture(MediaPacket& packet);

  [[nodiscard]] static std::int64_t micros(SteadyTime time) {
    return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
  }

  TrackInfo info_;
  const NegotiatedMedia negotiated_;
  const std::uint8_t layer_;
  bool ended_ = false;
  std::optional<SteadyTime> heard_;
  mutable RateMeter rate_;
  std::uint32_t pixels_ = 0;
  std::optional<std::uint32_t> ssrc_;
  std::optional<std::uint32_t> rtx_ssrc_;
  SequenceExtender extender_;
  ReceivedWindow received_;
  PacketHistory history_;
  NackGenerator nacks_;
  KeyframeRequester keyframes_;
  ReceiveStatistics statistics_;
  SenderReportClock clock_;
  std::optional<TapSenderReport> last_report_;
  Rotation rotation_ = Rotation::none;
  std::uint64_t rotation_sequence_ = 0;
  std::optional<std::uint32_t> keyframe_timestamp_;
  std::uint64_t recovered_ = 0;
};

}  // namespace tw::media
