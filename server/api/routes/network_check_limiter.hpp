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

/// Keeps the network check a check: a session asks and moves no more than a few of them need within kWindow.
/// Thread-safe.
class NetworkCheckLimiter {
 public:
  /// A page asks about 30 times a check, and somebody on a weak network checks again and again.
  static constexpr std::size_t kMostRequests = 150;
  /// Both directions together; a check takes 300 KiB.
  static constexpr std::uint64_t kMostBytes = std::uint64_t{4} * 1024 * 1024;
  static constexpr std::chrono::minutes kWindow{1};
  static constexpr std::size_t kMostSessions = 10'000;  ///< beyond it windows that are over are forgotten, then all

  explicit NetworkCheckLimiter(const Clock& clock) : clock_(clock) {}

  /// Counts one request that moves `bytes`; `network_check.limited` (429) counts nothing.
  [[nodiscard]] Result<void> take(const std::string& session, std::uint64_t bytes);

 private:
  struct Window {
    SteadyTime since;
    std::size_t requests = 0;
    std::uint64_t bytes = 0;
  };
  [[nodiscard]] Window& window_of(const std::string& session, SteadyTime now);

  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Window> windows_;
};

}  // namespace tw::api
