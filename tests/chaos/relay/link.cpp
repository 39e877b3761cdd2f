#include "chaos/relay/link.hpp"

#include <algorithm>

namespace tw::chaos {

LinkCounters& LinkCounters::operator+=(const LinkCounters& other) {
  received += other.received;
  received_bytes += other.received_bytes;
  delivered += other.delivered;
  lost += other.lost;
  blacked_out += other.blacked_out;
  overflowed += other.overflowed;
  duplicated += other.duplicated;
  reordered += other.reordered;
  return *this;
}

bool Link::chance(double probability) {
  if (probability <= 0) return false;
  // 53 bits: std::uniform_real_distribution may differ between libraries, and runs must be repeatable.
  return static_cast<double>(engine_() >> 11) * 0x1p-53 < probability;
}

bool Link::loses() {
  const double loss = impairment_.loss;
  if (loss <= 0 || loss >= 1) {
    in_burst_ = false;
    return loss >= 1;
  }
  if (impairment_.burst_packets <= 1) return chance(loss);
  // The share of time in the lossy state is enter / (enter + leave) = loss.
  const double leave = 1 / impairment_.burst_packets;
  const double enter = std::min(1.0, leave * loss / (1 - loss));
  in_burst_ = in_burst_ ? !chance(leave) : chance(enter);
  return in_burst_;
}

bool Link::passes_narrow_link(SteadyTime now, std::size_t bytes, SteadyTime& out) {
  out = now;
  if (impairment_.rate_bps == 0) return true;
  const SteadyTime begins = std::max(now, busy_until_);
  if (begins - now > impairment_.queue) return false;
  const double seconds = static_cast<double>(bytes) * 8 / static_cast<double>(impairment_.rate_bps);
  busy_until_ = begins + std::chrono::duration_cast<SteadyTime::duration>(std::chrono::duration<double>(seconds));
  out = busy_until_;
  return true;
}

Arrivals Link::offer(SteadyTime now, std::size_t bytes) {
  Arrivals arrivals;
  ++counters_.received;
  counters_.received_bytes += bytes;
  if (now < dark_until_) {
    ++counters_.blacked_out;
    return arrivals;
  }
  if (loses()) {
    ++counters_.lost;
    return arrivals;
  }
  SteadyTime at;
  if (!passes_narrow_link(now, bytes, at)) {
    ++counters_.overflowed;
    return arrivals;
  }
  at += impairment_.delay;
  if (impairment_.jitter.count() > 0) {
    at += std::chrono::microseconds{engine_() % static_cast<std::uint64_t>(impairment_.jitter.count() + 1)};
  }
  if (chance(impairment_.reorder)) {
    ++counters_.reordered;
    at += impairment_.reorder_hold;
  } else {
    at = std::max(at, last_arrival_);
    last_arrival_ = at;
  }
  arrivals.add(at);
  ++counters_.delivered;
  if (chance(impairment_.duplicate)) {
    ++counters_.duplicated;
    ++counters_.delivered;
    arrivals.add(at);
  }
  return arrivals;
}

}  // namespace tw::chaos
