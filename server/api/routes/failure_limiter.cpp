#include "api/routes/failure_limiter.hpp"

namespace tw::api {

Result<void> FailureLimiter::check(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto found = windows_.find(address);
  if (found == windows_.end() || found->second.failures < kMostFailures) return {};
  const auto left = found->second.since + kWindow - clock_.steady_now();
  if (left <= SteadyTime::duration::zero()) {
    windows_.erase(found);
    return {};
  }
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(left).count();
  return fail(ErrorKind::rate_limited, "link.limited", "Too many unknown links from this address; wait a moment.",
              {{"retryAfterS", std::to_string(seconds)}});
}

void FailureLimiter::failed(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.steady_now();
  if (windows_.size() >= kMostAddresses) {
    std::erase_if(windows_, [&](const auto& entry) { return entry.second.since + kWindow <= now; });
    if (windows_.size() >= kMostAddresses) windows_.clear();
  }
  auto& window = windows_[address];
  if (window.since + kWindow <= now) window = {now, 0};
  ++window.failures;
}

}  // namespace tw::api
