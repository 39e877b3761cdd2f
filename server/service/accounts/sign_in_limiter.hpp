#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"

namespace tw::service {

/// Slows guessing of passwords down, per login name and per address. In memory: a restart forgives. Thread-safe.
///
/// An attempt counts as failed until it is known to have succeeded, so that guesses at the same time are counted too.
class SignInLimiter {
 public:
  static constexpr int kFreeTriesOfAName = 5;       ///< people mistype; a guesser needs thousands
  static constexpr int kFreeTriesOfAnAddress = 50;  ///< a whole office may come from one address
  static constexpr std::chrono::seconds kFirstPause{30};
  static constexpr std::chrono::minutes kLongestPause{15};  ///< so that a guesser cannot lock a person out for a day
  static constexpr std::chrono::hours kForgottenAfter{1};
  static constexpr std::size_t kMostKept = 20'000;  ///< names and addresses; the memory that strangers can take

  explicit SignInLimiter(const Clock& clock) : clock_(clock) {}

  /// nullopt: go on, and say succeeded() if it did. Otherwise how long to wait; nothing is counted then.
  [[nodiscard]] std::optional<std::chrono::seconds> attempt(const std::string& name, const std::string& address);
  /// Forgives the name, and this one attempt of the address.
  void succeeded(const std::string& name, const std::string& address);

 private:
  struct Record {
    int failures = 0;
    SteadyTime last;
    SteadyTime blocked_until;
  };
  using Records = std::unordered_map<std::string, Record>;

  void count(Records& records, const std::string& key, int free_tries, SteadyTime now);
  static void make_room(Records& records, SteadyTime now);

  const Clock& clock_;
  std::mutex mutex_;
  Records names_;
  Records addresses_;
};

}  // namespace tw::service
