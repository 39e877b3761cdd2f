#include "load/tally.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace tw::bench {
namespace {

std::uint32_t capped(std::chrono::nanoseconds time) {
  return static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(time.count(), 0, std::numeric_limits<std::uint32_t>::max()));
}

/// The value below which `fraction` of the sorted values lie (nearest rank).
double percentile(const std::vector<std::uint32_t>& sorted, double fraction) {
  const auto rank = static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(sorted.size())));
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1] / 1000.0;
}

}  // namespace

void Tally::on_sent(const Stamp& stamp, std::chrono::nanoseconds late) {
  if (!inside(stamp.sent)) return;
  lateness_.push_back(capped(late));
  ++sent_;
  expected_ += viewers_[stamp.publisher];
}

void Tally::on_received(const Stamp& stamp, std::uint32_t stream, ArrivalTime arrival, bool retransmitted) {
  if (stamp.publisher != stream) {
    ++misdirected_;
    return;
  }
  if (!inside(stamp.sent)) return;
  if (retransmitted) {
    ++recovered_;
  } else {
    delays_.push_back(capped(arrival - stamp.sent));
  }
}

DelaySummary Tally::summarize(std::vector<std::uint32_t>& nanoseconds) {
  DelaySummary summary;
  summary.count = nanoseconds.size();
  if (nanoseconds.empty()) return summary;
  std::ranges::sort(nanoseconds);
  const double sum = std::accumulate(nanoseconds.begin(), nanoseconds.end(), 0.0);
  summary.mean_us = sum / static_cast<double>(nanoseconds.size()) / 1000.0;
  summary.p50_us = percentile(nanoseconds, 0.5);
  summary.p99_us = percentile(nanoseconds, 0.99);
  summary.p999_us = percentile(nanoseconds, 0.999);
  summary.max_us = nanoseconds.back() / 1000.0;
  for (int i = 0; i < kCumulativeSteps; ++i) {
    const double limit = 10'000.0 * std::exp2(i / 4.0);
    const auto within = std::ranges::upper_bound(nanoseconds, limit, {}, [](std::uint32_t n) { return double{1} * n; });
    summary.cumulative.push_back(static_cast<double>(within - nanoseconds.begin()) /
                                 static_cast<double>(nanoseconds.size()));
    if (within == nanoseconds.end()) break;
  }
  return summary;
}

}  // namespace tw::bench
