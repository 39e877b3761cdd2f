#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "base/ids.hpp"

namespace tw::service {

/// For which interviews an integrator's system is being asked in this process, so that nobody asks a second time before
/// the answer is written down. As many as requests run at once. Thread-safe.
class RunningAsks {
 public:
  /// The right to ask, until it is destroyed.
  class Turn {
   public:
    Turn(RunningAsks& asks, InterviewId interview) : asks_(&asks), interview_(std::move(interview)) {}
    Turn(Turn&& other) noexcept : asks_(std::exchange(other.asks_, nullptr)), interview_(std::move(other.interview_)) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (asks_ != nullptr) asks_->end(interview_);
    }

   private:
    RunningAsks* asks_;
    InterviewId interview_;
  };

  /// Nothing while somebody else asks.
  [[nodiscard]] std::optional<Turn> begin(const InterviewId& interview) {
    const std::lock_guard lock(mutex_);
    if (!running_.insert(interview).second) return std::nullopt;
    return std::optional<Turn>(std::in_place, *this, interview);
  }

 private:
  void end(const InterviewId& interview) {
    const std::lock_guard lock(mutex_);
    running_.erase(interview);
  }

  std::mutex mutex_;
  std::set<InterviewId> running_;
};

}  // namespace tw::service
