#include "media/stream/loss_control.hpp"

#include <algorithm>

namespace tw::media {
namespace {

constexpr double kRaise = 1.05;  // section 6

}  // namespace

void LossControl::on_packets(unsigned received, unsigned lost, std::uint32_t current_bps, bool queueing,
                             SteadyTime now) {
  if (!since_) since_ = now;
  received_ += received;
  lost_ += lost;
  const unsigned all = received_ + lost_;
  if (all < kLeastPackets || now - *since_ < kInterval) return;
  on_share(static_cast<double>(lost_) / all, current_bps, queueing, now);
  since_ = now;
  received_ = lost_ = 0;
}

void LossControl::on_share(double share, std::uint32_t current_bps, bool queueing, SteadyTime now) {
  share_ += kSmoothing * (share - share_);
  own_ = std::min(own_ * (1 - kForget), share_);
  if (queueing) trial_.reset();
  if (trial_ && current_bps <= static_cast<double>(trial_->bps) * kTrialCut) {
    if (share_ >= trial_->share * kTrialFall) {
      own_ = std::min(share_, kMostOwn);
      limit_bps_ = std::nullopt;  // the delay alone decides again
    }
    trial_.reset();
  }
  const double excess = share_ - own_;
  if (excess > kHigh) {
    if (!trial_ && !queueing) trial_ = Trial{share_, current_bps};
    const std::uint32_t from = std::min(current_bps, limit_bps_.value_or(current_bps));
    limit_bps_ = static_cast<std::uint32_t>(from * (1 - 0.5 * excess));
    cut_at_ = now;
  } else if (excess < kLow) {
    trial_.reset();
    if (limit_bps_) limit_bps_ = static_cast<std::uint32_t>(*limit_bps_ * kRaise);
  }
}

}  // namespace tw::media
