#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "service/accounts/context.hpp"
#include "service/caller.hpp"

namespace tw::service {

/// `Idempotency-Key` on a POST: the first answer is kept for 24 hours, sealed, and given again. Thread-safe.
///
///   auto begun = idempotency.begin(caller, key, method, path, body);
///   if (!begun) → problem;  if (*begun) → send that answer;  otherwise do it, then finish() or abandon().
class Idempotency {
 public:
  static constexpr std::chrono::hours kKeptFor{24};
  static constexpr std::chrono::seconds kGivenUpAfter{
      60};  ///< a request that never finished (a crash) may be repeated then
  static constexpr std::size_t kMostKeyBytes = 128;
  static constexpr std::size_t kMostBodyBytes = std::size_t{256} * 1024;  ///< of a kept answer

  explicit Idempotency(AccountsContext context);

  struct Answer {
    unsigned status = 0;
    std::string body;
  };
  /// nullopt: go on, this is the first. `idempotency.conflict` (409) when the key was used for another request,
  /// `idempotency.running` (409) while the first is still at work, `field.invalid` (400) for a key that is none.
  [[nodiscard]] Result<std::optional<Answer>> begin(const Caller& caller, const std::string& key,
                                                    const std::string& method, const std::string& path,
                                                    const std::string& body);
  /// Keeps the answer. Only 2xx and 4xx answers are worth keeping; others are given to `abandon`.
  [[nodiscard]] Result<void> finish(const Caller& caller, const std::string& key, const Answer& answer);
  void abandon(const Caller& caller, const std::string& key);

 private:
  AccountsContext context_;
};

}  // namespace tw::service
