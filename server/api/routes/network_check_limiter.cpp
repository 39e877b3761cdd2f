#include "api/routes/network_check_limiter.hpp"

namespace tw::api {

Result<void> NetworkCheckLimiter::take(const std::string& session, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.steady_now();
  auto& window = window_of(session, now);
  if (window.requests >= kMostRequests || window.bytes + bytes > kMostBytes) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(window.since + kWindow - now).count();
    return fail(ErrorKind::rate_limited, "network_check.limited",
                "The network was checked often enough; wait a moment.", {{"retryAfterS", std::to_string(seconds)}});
  }
  ++window.requests;
  window.bytes += bytes;
  return {};
}

NetworkCheckLimiter::Window& NetworkCheckLimiter::window_of(const std::string& session, SteadyTime now) {
  if (windows_.size() >= kMostSessions && !windows_.contains(session)) {
    std::erase_if(windows_, [&](const auto& entry) { return entry.second.since + kWindow <= now; });
    if (windows_.size() >= kMostSessions) windows_.clear();
  }
  auto& window = windows_.try_emplace(session, Window{now}).first->second;
  if (window.since + kWindow <= now) window = Window{now};
  return window;
}

}  // namespace tw::api
