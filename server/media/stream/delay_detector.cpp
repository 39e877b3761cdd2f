#include "media/stream/delay_detector.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tw::media {
namespace {

constexpr double kSmoothing = 0.9;
/// Scales a slope (ms of delay a ms) so that it compares with a threshold in ms, over as many groups as were seen.
constexpr double kGain = 4;
constexpr std::size_t kMostCounted = 60;
/// Section 5.4: the threshold follows a larger gradient up, so that a competing flow does not starve this one. The
/// draft's K_d of 0.00018 leaves it deaf for minutes after a path has become narrow at once (seen in the test of a
/// falling capacity: 500 ms of queue); this comes down within seconds.
constexpr double kUp = 0.01;
constexpr double kDown = 0.039;
/// A spike this far above the threshold is a change of route and no noise.
constexpr double kSpikeMs = 15;
constexpr double kMostAdaptMs = 100;
/// A jump of the arrival clock.
constexpr std::int64_t kJumpMicros = 3'000'000;

double to_ms(std::int64_t micros) { return static_cast<double>(micros) / 1000; }

}  // namespace

void DelayDetector::note_delay(std::int64_t sent_micros, std::int64_t delay_micros) {
  constexpr double kDelaySmoothing = 0.1;
  if (!least_micros_) {
    window_began_ = sent_micros;
    delay_micros_ = static_cast<double>(delay_micros);
  } else if (sent_micros - window_began_ > kBaseWindowMicros) {
    base_micros_ = std::exchange(least_micros_, std::nullopt);
    window_began_ = sent_micros;
  }
  least_micros_ = std::min(least_micros_.value_or(delay_micros), delay_micros);
  delay_micros_ += kDelaySmoothing * (static_cast<double>(delay_micros) - delay_micros_);
}

double DelayDetector::standing_ms() const {
  if (!least_micros_) return 0;
  const std::int64_t base = std::min(*least_micros_, base_micros_.value_or(*least_micros_));
  return (delay_micros_ - static_cast<double>(base)) / 1000;
}

void DelayDetector::on_packet(std::int64_t sent_micros, std::int64_t arrival_micros) {
  note_delay(sent_micros, arrival_micros - sent_micros);
  if (!current_) {
    current_ = Group{sent_micros, sent_micros, arrival_micros};
    return;
  }
  if (sent_micros < current_->first_sent) return;  // told of late: its group is closed
  const bool same_time = sent_micros - current_->first_sent <= kGroupMicros;
  // Arrived in one go though sent apart: a link that delivers in bursts (section 5.2).
  const std::int64_t arrival_gap = arrival_micros - current_->last_arrival;
  const bool burst = arrival_gap >= 0 && arrival_gap <= kGroupMicros &&
                     arrival_gap - (sent_micros - current_->last_sent) < 0 &&
                     arrival_micros - current_->last_arrival < kGroupMicros;
  if (same_time || burst) {
    current_->last_sent = std::max(current_->last_sent, sent_micros);
    current_->last_arrival = std::max(current_->last_arrival, arrival_micros);
    return;
  }
  if (previous_) on_group(*previous_, *current_);
  previous_ = current_;
  current_ = Group{sent_micros, sent_micros, arrival_micros};
}

void DelayDetector::forget() {
  count_ = 0;
  accumulated_ms_ = smoothed_ms_ = trend_ = previous_trend_ = 0;
  over_ms_ = -1;
  over_count_ = 0;
  use_ = PathUse::normal;
}

void DelayDetector::on_group(const Group& before, const Group& now) {
  const std::int64_t send_delta = now.last_sent - before.last_sent;
  const std::int64_t arrival_delta = now.last_arrival - before.last_arrival;
  if (std::abs(arrival_delta - send_delta) > kJumpMicros) return forget();
  if (arrival_delta < 0) return;  // reordered groups
  const double arrival_ms = to_ms(now.last_arrival);
  if (count_ == 0) first_arrival_ms_ = arrival_ms;
  accumulated_ms_ += to_ms(arrival_delta - send_delta);
  smoothed_ms_ = kSmoothing * smoothed_ms_ + (1 - kSmoothing) * accumulated_ms_;
  samples_[count_++ % kWindow] = {arrival_ms - first_arrival_ms_, smoothed_ms_};
  if (const auto line = slope()) trend_ = *line;
  detect(to_ms(send_delta));
  adapt(static_cast<double>(std::min(count_, kMostCounted)) * trend_ * kGain, to_ms(arrival_delta));
}

/// Least squares through the window; nullopt until it is full.
std::optional<double> DelayDetector::slope() const {
  if (count_ < kWindow) return std::nullopt;
  double mean_x = 0;
  double mean_y = 0;
  for (const auto& sample : samples_) {
    mean_x += sample.arrival_ms / kWindow;
    mean_y += sample.delay_ms / kWindow;
  }
  double numerator = 0;
  double denominator = 0;
  for (const auto& sample : samples_) {
    numerator += (sample.arrival_ms - mean_x) * (sample.delay_ms - mean_y);
    denominator += (sample.arrival_ms - mean_x) * (sample.arrival_ms - mean_x);
  }
  if (denominator <= 0) return std::nullopt;
  return numerator / denominator;
}

void DelayDetector::detect(double send_delta_ms) {
  if (count_ < 2) return;
  const double modified = static_cast<double>(std::min(count_, kMostCounted)) * trend_ * kGain;
  if (modified > threshold_ms_) {
    over_ms_ = over_ms_ < 0 ? send_delta_ms / 2 : over_ms_ + send_delta_ms;
    ++over_count_;
    // Only a queue that still grows is overuse; one that drains already needs no further cut.
    if (over_ms_ > kOveruseMs && over_count_ > 1 && trend_ >= previous_trend_) {
      over_ms_ = 0;
      over_count_ = 0;
      use_ = PathUse::overusing;
    }
  } else {
    over_ms_ = -1;
    over_count_ = 0;
    use_ = modified < -threshold_ms_ ? PathUse::underusing : PathUse::normal;
  }
  previous_trend_ = trend_;
}

void DelayDetector::adapt(double modified, double elapsed_ms) {
  const double size = std::abs(modified);
  if (size > threshold_ms_ + kSpikeMs) return;
  const double rate = size < threshold_ms_ ? kDown : kUp;
  threshold_ms_ += rate * (size - threshold_ms_) * std::min(elapsed_ms, kMostAdaptMs);
  threshold_ms_ = std::clamp(threshold_ms_, kLeastThresholdMs, kMostThresholdMs);
}

}  // namespace tw::media
