#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace tw::api {

/// How often a session may ask for something that costs bytes, and how many it may move, within a stretch of time.
/// Thread-safe.
class TrafficLimiter {
 public:
  struct Limits {
    std::size_t most_requests;
    std::uint64_t most_bytes;  ///< both directions together
    std::chrono::seconds window;
    const char* code;     ///< of the refusal (429)
    const char* message;  ///< for whoever reads it
  };
  static constexpr std::size_t kMostSessions = 10'000;  ///< beyond it windows that are over are forgotten, then all

  TrafficLimiter(const Clock& clock, Limits limits) : clock_(clock), limits_(limits) {}

  /// Counts one request that moves `bytes`; what is refused (429) counts nothing.
  [[nodiscard]] Result<void> take(const std::string& session, std::uint64_t bytes);

 private:
  struct Window {
    SteadyTime since;
    std::size_t requests = 0;
    std::uint64_t bytes = 0;
  };
  [[nodiscard]] Window& window_of(const std::string& session, SteadyTime now);

  const Clock& clock_;
  const Limits limits_;
  std::mutex mutex_;
  std::map<std::string, Window> windows_;
};

}  // namespace tw::api
