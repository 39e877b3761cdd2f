#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "media/wire/rtp_packet.hpp"

namespace tw::media {

/// Tells a publisher when each of its packets came, so that it can estimate the bandwidth
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01). One a session: the numbers count over all its tracks.
class TwccReceiver {
 public:
  /// What libwebrtc's own receiver does by default (50–250 ms, by the rate): more often costs return traffic, more
  /// rarely slows the estimate.
  static constexpr std::chrono::milliseconds kInterval{100};
  /// Arrivals waiting to be reported; a fuller list is reported at once.
  static constexpr std::size_t kMaxPending = 256;
  /// A report of this size fits every path together with SRTCP's trailer.
  static constexpr std::size_t kMaxReportBytes = 1100;
  /// Packets a report may tell of, lost ones included; a wider gap starts over behind it.
  static constexpr std::size_t kMaxSpan = 2048;

  TwccReceiver() { pending_.reserve(kMaxPending); }

  void on_packet(std::uint16_t sequence, SteadyTime now);
  /// When the next report is due; nullopt while nothing has come since the last one.
  [[nodiscard]] std::optional<SteadyTime> deadline() const { return due_; }
  /// Writes one report as a whole RTCP part and returns its length; 0 when nothing is left to tell.
  [[nodiscard]] std::size_t write_report(std::span<std::uint8_t> out, std::uint32_t sender_ssrc,
                                         std::uint32_t media_ssrc);

 private:
  struct Arrival {
    std::uint64_t sequence = 0;
    std::int64_t ticks = 0;  // of 250 µs
  };
  enum Symbol : std::uint8_t { kLost = 0, kSmallDelta = 1, kLargeDelta = 2 };
  [[nodiscard]] std::size_t plan_symbols(std::int64_t reference_ticks, std::uint64_t base);

  SequenceExtender extender_;
  std::vector<Arrival> pending_;  // in rising order of sequence
  std::vector<std::uint8_t> symbols_;
  std::vector<std::int16_t> deltas_;
  std::uint64_t next_base_ = 0;
  std::uint8_t reports_ = 0;
  std::optional<SteadyTime> due_;
};

}  // namespace tw::media
