#include "media/stream/receive_statistics.hpp"

#include <algorithm>
#include <cmath>

#include "media/stream/ntp_time.hpp"

namespace tw::media {

void ReceiveStatistics::on_packet(std::uint64_t extended, std::uint32_t timestamp, std::size_t bytes, SteadyTime now) {
  if (!first_) first_ = newest_ = extended;
  first_ = std::min(*first_, extended);
  newest_ = std::max(newest_, extended);
  ++received_;
  bytes_ += bytes;

  const double arrival = std::chrono::duration<double>(now.time_since_epoch()).count() * clock_rate_hz_;
  // Differences of timestamps are taken in 32 bits, so that a wrap is no jump.
  if (last_transit_) {
    const auto advanced = static_cast<std::int32_t>(timestamp - last_timestamp_);
    const double difference = std::abs(arrival - *last_transit_ - advanced);
    // A restarted timestamp would otherwise poison the mean for minutes.
    if (difference < 10.0 * clock_rate_hz_) jitter_ += (difference - jitter_) / 16;
  }
  last_transit_ = arrival;
  last_timestamp_ = timestamp;
}

void ReceiveStatistics::on_sender_report(std::uint64_t ntp, SteadyTime now) {
  last_sr_ = ntp_middle(ntp);
  last_sr_at_ = now;
}

ReportBlock ReceiveStatistics::take_report(std::uint32_t ssrc, SteadyTime now) {
  ReportBlock block;
  block.ssrc = ssrc;
  if (!first_) return block;
  const std::uint64_t expected_since = expected() - expected_reported_;
  const std::uint64_t received_since = received_ - received_reported_;
  expected_reported_ = expected();
  received_reported_ = received_;
  if (expected_since > received_since) {
    block.fraction_lost = static_cast<std::uint8_t>(
        std::min<std::uint64_t>((expected_since - received_since) * 256 / expected_since, 255));
  }
  block.cumulative_lost =
      static_cast<std::int32_t>(static_cast<std::int64_t>(expected()) - static_cast<std::int64_t>(received_));
  block.highest_sequence = static_cast<std::uint32_t>(newest_ - (1U << 16));  // SequenceExtender starts a cycle up
  block.jitter = static_cast<std::uint32_t>(jitter_);
  if (last_sr_at_) {
    block.last_sr = last_sr_;
    block.delay_since_last_sr = to_ntp_units(std::chrono::duration_cast<std::chrono::microseconds>(now - *last_sr_at_));
  }
  return block;
}

}  // namespace tw::media
