#include "media/stream/loss_control.hpp"

#include <algorithm>

namespace tw::media {
namespace {

constexpr double kRaise = 1.05;  // section 6

}  // namespace

void LossControl::on_packets(unsigned received, unsigned lost, const Path& path, SteadyTime now) {
  if (!since_) since_ = now;
  received_ += received;
  lost_ += lost;
  const unsigned all = received_ + lost_;
  if (all < kLeastPackets || now - *since_ < kInterval) return;
  on_share(static_cast<double>(lost_) / all, path, now);
  since_ = now;
  received_ = lost_ = 0;
}

void LossControl::on_share(double share, const Path& path, SteadyTime now) {
  share_ += kSmoothing * (share - share_);
  own_ = std::min(own_ * (1 - kForget), share_);
  if (path.queueing) trial_.reset();
  if (trial_ && path.current_bps <= static_cast<double>(trial_->bps) * kTrialCut) {
    if (share_ >= trial_->share * kTrialFall) {
      own_ = std::min(share_, kMostOwn);
      limit_bps_ = std::nullopt;  // the delay alone decides again
    }
    trial_.reset();
  }
  const double excess = share_ - own_;
  // What was lost a while ago alone cuts nothing: nothing is lost any more.
  if (excess > kHigh && share - own_ > kLow) {
    if (!trial_ && !path.queueing) trial_ = Trial{share_, path.current_bps};
    const double from = std::min(path.current_bps, limit_bps_.value_or(path.current_bps));
    const double least = std::min(from, kLeastOfArriving * path.arriving_bps);
    limit_bps_ = static_cast<std::uint32_t>(std::max(from * (1 - 0.5 * excess), least));
    cut_at_ = now;
  } else if (excess < kLow) {
    trial_.reset();
    if (limit_bps_) limit_bps_ = static_cast<std::uint32_t>(*limit_bps_ * kRaise);
  }
}

}  // namespace tw::media
