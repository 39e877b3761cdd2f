#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

/// How content a customer was with their interview: asked where the company wants it, said once, kept beside the
/// interview. Agents are not told, so that customers may be frank.
class Satisfaction {
 public:
  static constexpr std::int64_t kLeastScore = 1;  ///< very dissatisfied
  static constexpr std::int64_t kMostScore = 5;   ///< very satisfied
  static constexpr std::size_t kMostCommentCharacters = 500;

  explicit Satisfaction(Core& core) : core_(core) {}

  /// The customer of this interview, after its end and within kSatisfactionOpenFor. `field.invalid` (400),
  /// `interview.not_ended`, `satisfaction.not_asked` (nobody asks, or nobody talked with them), `satisfaction.given`
  /// (409), `satisfaction.closed` (410).
  [[nodiscard]] Result<CustomerState> give(const Caller& customer, std::int64_t score, const std::string& comment);

 private:
  Core& core_;
};

}  // namespace tw::service
