#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "media/wire/vp8_payload.hpp"

namespace tw::media {

/// A packet of a publisher as the rewriters look at it.
struct SourcePacket {
  std::uint32_t source = 0;    ///< changes when a publisher publishes again (the track's number)
  std::uint64_t sequence = 0;  ///< extended
  std::uint32_t timestamp = 0;
  bool keyframe_start = false;
};

struct RewrittenPacket {
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  bool source_began = false;  ///< the first packet of a source, or behind a pause
};

/// Gives a viewer one continuous track, whatever happens behind it: nothing before a keyframe, then sequence numbers
/// and timestamps that go on without a step when the publisher publishes again or the gate was closed for a while.
/// Holes stay holes, so that the viewer asks for what is missing.
class SequenceRewriter {
 public:
  /// `first_sequence` below 2^15: SRTP receivers guess the roll-over counter wrongly for a stream that starts just
  /// below a wrap and loses its first packets (RFC 3711 section 3.3.1).
  SequenceRewriter(std::uint32_t clock_rate_hz, bool needs_keyframe, std::uint16_t first_sequence,
                   std::uint32_t first_timestamp)
      : clock_rate_hz_(clock_rate_hz),
        needs_keyframe_(needs_keyframe),
        next_sequence_(first_sequence & 0x7FFF),
        next_timestamp_(first_timestamp) {}

  /// nullopt: not to be forwarded (before a keyframe, or a latecomer of an earlier source).
  [[nodiscard]] std::optional<RewrittenPacket> rewrite(const SourcePacket& packet, SteadyTime now);
  /// Stops until the next keyframe (the next packet where none is needed).
  void pause() { running_ = false; }
  /// Will nothing of `source` be forwarded before its next keyframe?
  [[nodiscard]] bool waits_for_keyframe(std::uint32_t source) const {
    return needs_keyframe_ && (!running_ || source != source_);
  }
  /// Which packet of the current source went out under this number; nullopt when none did since it began.
  [[nodiscard]] std::optional<std::uint64_t> source_sequence(std::uint16_t sent) const {
    if (!running_) return std::nullopt;
    const std::uint64_t back = static_cast<std::uint16_t>(static_cast<std::uint16_t>(next_sequence_ - 1) - sent);
    const std::uint64_t newest = next_sequence_ - 1 - base_out_;  // of this run
    if (back > newest) return std::nullopt;
    return base_in_ + (newest - back);
  }
  /// What is added to the current source's timestamps; nullopt before the first packet.
  [[nodiscard]] std::optional<std::uint32_t> timestamp_offset(std::uint32_t source) const {
    if (!running_ || source != source_) return std::nullopt;
    return timestamp_offset_;
  }

 private:
  [[nodiscard]] bool can_begin(const SourcePacket& packet);
  void begin(const SourcePacket& packet, SteadyTime now);

  const std::uint32_t clock_rate_hz_;
  const bool needs_keyframe_;
  bool running_ = false;
  bool ever_ran_ = false;
  std::uint32_t source_ = 0;
  std::uint32_t skipped_source_ = 0;
  std::uint64_t skipped_ =
      0;  // newest sequence number that was passed over while waiting for a keyframe of that source
  std::uint64_t base_in_ = 0;  // first forwarded sequence number of this run
  std::uint64_t base_out_ = 0;
  std::uint32_t timestamp_offset_ = 0;
  std::uint64_t next_sequence_;   // one above the highest sent
  std::uint32_t next_timestamp_;  // the newest sent, once something was
  SteadyTime newest_at_;
};

/// Keeps VP8's PictureID and TL0PICIDX (RFC 7741 section 4.2) continuous over the same seams.
class Vp8Rewriter {
 public:
  /// Rewrites the descriptor inside `payload`. `began` marks the first packet of a source.
  void rewrite(std::span<std::uint8_t> payload, const Vp8Payload& descriptor, bool began);
  /// The same for a packet of the current source that was rewritten before.
  void rewrite_again(std::span<std::uint8_t> payload, const Vp8Payload& descriptor) const;

 private:
  std::uint16_t picture_offset_ = 0;
  std::uint8_t tl0_offset_ = 0;
  std::uint16_t newest_picture_ = 0;
  std::uint8_t newest_tl0_ = 0;
};

}  // namespace tw::media
