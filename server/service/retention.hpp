#pragma once

#include <chrono>
#include <cstddef>

#include "base/clock.hpp"

namespace tw::service {

class Core;

/// Deletes recordings whose company keeps them no longer. What is due is found in the database each time, so that a
/// restart, or a change of the rule, forgets nothing.
class Retention {
 public:
  /// Retention counts in days: ten minutes later does not matter, and looking costs one query.
  static constexpr std::chrono::minutes kEvery{10};
  /// Recordings of one pass; each is a synced transaction, and calls write into the same database.
  static constexpr std::size_t kMostAtOnce = 50;
  /// Before the next pass when one was full.
  static constexpr std::chrono::seconds kPause{5};

  explicit Retention(Core& core) : core_(core) {}

  /// A pass, if one is due. When the next is. One thread at a time.
  WallTime run_due();

 private:
  Core& core_;
  WallTime next_{};
};

}  // namespace tw::service
