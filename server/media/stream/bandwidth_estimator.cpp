#include "media/stream/bandwidth_estimator.hpp"

#include <algorithm>
#include <cmath>

namespace tw::media {
namespace {

constexpr double kBeta = 0.85;          // section 5.5
constexpr double kEta = 1.08;           // a second, far from the capacity
constexpr double kMostOverAcked = 1.5;  // section 5.5: A(i) < 1.5 R(i)
constexpr double kOverAckedFloor = 10'000;
constexpr double kPacketBits = 1'200 * 8;
constexpr double kLeastAdditiveBps = 4'000;
constexpr double kCapacitySmoothing = 0.05;
constexpr double kLeastDeviation = 0.02;
constexpr double kMostDeviation = 0.1;
/// Feedback may rest that long without counting as growth.
constexpr double kMostElapsed = 1.0;
/// Without times of arrival the rate grows by this each report (section 6).
constexpr double kReportRaise = 1.08;

}  // namespace

void BandwidthEstimator::on_feedback(const PathFeedback& feedback, SteadyTime now) {
  informed_ = timed_ = true;
  const bool queueing = feedback.standing_ms > kFullQueueMs;
  loss_.on_packets(feedback.received, feedback.lost, {bps(), feedback.acked_bps, queueing}, now);
  const unsigned all = feedback.received + feedback.lost;
  const bool full = queueing && feedback.lost > kFullQueueLoss * all;
  switch (full ? PathUse::overusing : feedback.use) {
    case PathUse::overusing: decrease(feedback, now); break;
    case PathUse::underusing: break;  // a queue drains: wait until it is empty (section 5.5, Hold)
    case PathUse::normal: increase(feedback, now); break;
  }
  updated_ = now;
}

void BandwidthEstimator::decrease(const PathFeedback& feedback, SteadyTime now) {
  // One cut a response time: what was sent before the last one is still on its way.
  const auto response = feedback.round_trip + std::chrono::milliseconds{100};
  if (cut_at_ && now - *cut_at_ < response) return;
  if (feedback.acked_bps == 0) {
    delay_bps_ = std::max<double>(delay_bps_ / 2, kLeastBps);
    cut_at_ = now;
    return;
  }
  // What the path loses by itself took its place in the queue too.
  const double acked = feedback.acked_bps / (1 - loss_.own_share());
  if (!capacity_bps_) capacity_bps_ = acked;
  const double error = std::abs(*capacity_bps_ - acked) / *capacity_bps_;
  if (error > 3 * capacity_deviation_) capacity_bps_ = acked;
  capacity_deviation_ += kCapacitySmoothing * (error - capacity_deviation_);
  capacity_deviation_ = std::clamp(capacity_deviation_, kLeastDeviation, kMostDeviation);
  capacity_bps_ = (1 - kCapacitySmoothing) * *capacity_bps_ + kCapacitySmoothing * acked;
  delay_bps_ = std::max<double>(std::min(delay_bps_, kBeta * acked), kLeastBps);
  cut_at_ = now;
}

void BandwidthEstimator::increase(const PathFeedback& feedback, SteadyTime now) {
  if (!updated_ || feedback.acked_bps == 0 || feedback.standing_ms > kFullQueueMs) return;
  const double elapsed = std::min(std::chrono::duration<double>(now - *updated_).count(), kMostElapsed);
  const double acked = feedback.acked_bps;
  const double most = kMostOverAcked * acked + kOverAckedFloor;
  if (delay_bps_ >= most) return;  // the sender has less to send than it may: nothing is learnt from that
  if (capacity_bps_ && acked > *capacity_bps_ * (1 + 3 * capacity_deviation_)) capacity_bps_.reset();
  const bool near = capacity_bps_ && std::abs(delay_bps_ - *capacity_bps_) < *capacity_bps_ * 3 * capacity_deviation_;
  if (near) {
    // About half a packet a response time (section 5.5).
    const double response = std::chrono::duration<double>(feedback.round_trip).count() + 0.1;
    delay_bps_ += std::max(kLeastAdditiveBps, 0.5 * kPacketBits / response) * elapsed;
  } else {
    delay_bps_ *= std::pow(kEta, elapsed);
  }
  delay_bps_ = std::min<double>({delay_bps_, most, kMostBps});
}

void BandwidthEstimator::on_loss_report(double share, SteadyTime now) {
  loss_.on_share(share, {bps()}, now);
  if (share <= LossControl::kLow) delay_bps_ = std::min<double>(delay_bps_ * kReportRaise, kMostBps);
}

void BandwidthEstimator::on_remb(std::uint64_t bps, SteadyTime now) {
  remb_bps_ = std::max<std::uint64_t>(bps, kLeastRembBps);
  remb_at_ = now;
  informed_ = true;
  if (!timed_) delay_bps_ = std::min<double>(static_cast<double>(*remb_bps_), kMostBps);
}

bool BandwidthEstimator::forget_old_remb(SteadyTime now) {
  if (!remb_bps_ || now - remb_at_ <= kRembLife) return false;
  remb_bps_.reset();
  return !timed_;
}

void BandwidthEstimator::on_probe(std::uint32_t bps, SteadyTime /*now*/) {
  delay_bps_ = std::clamp<double>(bps, delay_bps_, kMostBps);
  loss_.raise(bps);
}

std::uint32_t BandwidthEstimator::bps() const {
  double result = delay_bps_;
  if (loss_.limit_bps()) result = std::min<double>(result, *loss_.limit_bps());
  if (remb_bps_) result = std::min(result, static_cast<double>(*remb_bps_));
  return static_cast<std::uint32_t>(std::clamp<double>(result, kLeastBps, kMostBps));
}

bool BandwidthEstimator::congested(SteadyTime now) const {
  const auto recent = [now](std::optional<SteadyTime> at) { return at && now - *at < kCongestedFor; };
  if (recent(cut_at_) || recent(loss_.cut_at())) return true;
  return remb_bps_ && static_cast<double>(*remb_bps_) < delay_bps_;
}

}  // namespace tw::media
