#include "api/routes/traffic_limiter.hpp"

namespace tw::api {

Result<void> TrafficLimiter::take(const std::string& session, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.steady_now();
  auto& window = window_of(session, now);
  if (window.requests >= limits_.most_requests || window.bytes + bytes > limits_.most_bytes) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(window.since + limits_.window - now).count();
    return fail(ErrorKind::rate_limited, limits_.code, limits_.message, {{"retryAfterS", std::to_string(seconds)}});
  }
  ++window.requests;
  window.bytes += bytes;
  return {};
}

TrafficLimiter::Window& TrafficLimiter::window_of(const std::string& session, SteadyTime now) {
  if (windows_.size() >= kMostSessions && !windows_.contains(session)) {
    std::erase_if(windows_, [&](const auto& entry) { return entry.second.since + limits_.window <= now; });
    if (windows_.size() >= kMostSessions) windows_.clear();
  }
  auto& window = windows_.try_emplace(session, Window{now}).first->second;
  if (window.since + limits_.window <= now) window = Window{now};
  return window;
}

}  // namespace tw::api
