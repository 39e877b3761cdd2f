#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace tw::api {

/// Slows down who guesses: an address with kMostFailures unknown links within kWindow is refused until the window is
/// over. Customers behind one NAT who come with good links never count.
class FailureLimiter {
 public:
  static constexpr std::size_t kMostFailures = 60;
  static constexpr std::chrono::minutes kWindow{1};
  static constexpr std::size_t kMostAddresses = 10'000;  ///< beyond it the oldest windows are forgotten

  explicit FailureLimiter(const Clock& clock) : clock_(clock) {}

  /// `link.limited` (429).
  [[nodiscard]] Result<void> check(const std::string& address);
  void failed(const std::string& address);

 private:
  struct Window {
    SteadyTime since;
    std::size_t failures = 0;
  };
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Window> windows_;
};

}  // namespace tw::api
