#include "media/stream/probe.hpp"

#include <algorithm>

namespace tw::media {

ProbeTrain::ProbeTrain(std::uint8_t number, std::uint32_t padding_bps, std::uint32_t media_bps, std::uint32_t other_bps,
                       SteadyTime now)
    : number_(number),
      padding_bps_(std::max(padding_bps, 1U)),
      media_bps_(media_bps),
      other_bps_(other_bps),
      began_(now) {
  const double seconds = std::chrono::duration<double>(kDuration).count();
  whole_bytes_ =
      std::clamp(static_cast<std::size_t>(padding_bps_ * seconds / 8), kLeastPackets * kPacketBytes, kMostBytes);
}

std::size_t ProbeTrain::due_bytes(SteadyTime now) const {
  if (sent_all_) return 0;
  const double seconds = std::chrono::duration<double>(now - began_ + kStep).count();
  const auto target = std::min(static_cast<std::size_t>(padding_bps_ * seconds / 8), whole_bytes_);
  return target > sent_bytes_ ? target - sent_bytes_ : 0;
}

void ProbeTrain::on_sent(std::size_t bytes, SteadyTime now) {
  ++sent_packets_;
  sent_bytes_ += bytes;
  last_sent_at_ = now;
  sent_all_ = sent_bytes_ >= whole_bytes_;
}

void ProbeTrain::on_arrival(std::size_t bytes, bool of_train, std::int64_t sent_micros, std::int64_t arrival_micros) {
  if (!of_train) {
    if (arrived_packets_ > 0 && !sent_all_told_) media_bytes_ += bytes;
    return;
  }
  if (arrived_packets_++ == 0) {
    first_bytes_ = bytes;
    first_arrival_ = last_arrival_ = arrival_micros;
    first_sent_ = last_sent_ = sent_micros;
  }
  sent_all_told_ = sent_all_ && arrived_packets_ >= sent_packets_;
  arrived_bytes_ += bytes;
  counted_media_bytes_ = media_bytes_;
  first_arrival_ = std::min(first_arrival_, arrival_micros);
  last_arrival_ = std::max(last_arrival_, arrival_micros);
  first_sent_ = std::min(first_sent_, sent_micros);
  last_sent_ = std::max(last_sent_, sent_micros);
}

bool ProbeTrain::finished(SteadyTime now) const {
  return sent_all_ && (arrived_packets_ >= sent_packets_ || now - last_sent_at_ > kResultAfter);
}

std::optional<std::uint32_t> ProbeTrain::result_bps() const {
  if (arrived_packets_ < kLeastPackets / 2 || arrived_packets_ * 2 < sent_packets_) return std::nullopt;
  const auto sent_span = static_cast<double>(std::max(last_sent_ - first_sent_, std::int64_t{1'000}));
  const double span = std::max(static_cast<double>(last_arrival_ - first_arrival_), sent_span);
  const auto bytes = static_cast<double>(arrived_bytes_ - first_bytes_ + counted_media_bytes_);
  return static_cast<std::uint32_t>(bytes * 8e6 / span + other_bps_ * sent_span / span);
}

std::optional<std::uint32_t> ProbePlanner::due(std::uint32_t estimate_bps, std::uint32_t wanted_bps, bool congested,
                                               SteadyTime now) {
  if (congested || wanted_bps <= estimate_bps) return std::nullopt;
  if (not_before_ && now < *not_before_) return std::nullopt;
  not_before_ = now + kBetween;
  double rate = std::min(estimate_bps * kStepUp, wanted_bps * kOverWanted);
  if (!began_) rate = std::max<double>(rate, kFirstBps);
  began_ = true;
  return static_cast<std::uint32_t>(rate);
}

void ProbePlanner::on_result(std::optional<std::uint32_t> reached_bps, std::uint32_t target_bps,
                             std::uint32_t estimate_bps, SteadyTime now) {
  const bool success = reached_bps && *reached_bps >= target_bps * kSuccess;
  if (success || (reached_bps && *reached_bps >= estimate_bps * kProgress)) {
    wait_ = kFirstWait;
    not_before_ = now + (success ? SteadyTime::duration{kBetween} : SteadyTime::duration{kAfterProgress});
    return;
  }
  not_before_ = now + wait_;
  wait_ = std::min(wait_ * 2, std::chrono::seconds{kMostWait});
}

}  // namespace tw::media
