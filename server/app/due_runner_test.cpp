#include "app/due_runner.hpp"

#include <atomic>

#include <gtest/gtest.h>

namespace tw::app {
namespace {

constexpr std::chrono::seconds kPatience{10};

/// Counts runs and gives what it was told to as the next time.
class Counter {
 public:
  std::optional<WallTime> run() {
    const std::lock_guard lock(mutex_);
    ++runs_;
    changed_.notify_all();
    return next;
  }
  bool wait_for(int runs) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return runs_ >= runs; });
  }
  int runs() {
    const std::lock_guard lock(mutex_);
    return runs_;
  }
  std::optional<WallTime> next;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int runs_ = 0;
};

TEST(DueRunner, RunsAtOnceAndThenWhenItIsAskedTo) {
  SystemClock clock;
  Counter counter;
  DueRunner runner(clock);
  runner.start([&] { return counter.run(); });
  EXPECT_TRUE(counter.wait_for(1));
  runner.wake_at(clock.wall_now() + std::chrono::hours{1});
  runner.wake_at(clock.wall_now() + std::chrono::milliseconds{20});
  EXPECT_TRUE(counter.wait_for(2));
  runner.wake_now();
  EXPECT_TRUE(counter.wait_for(3));
  runner.stop();
  EXPECT_EQ(counter.runs(), 3);
}

TEST(DueRunner, RunsAgainAtTheTimeThatTheWorkNames) {
  SystemClock clock;
  Counter counter;
  counter.next = clock.wall_now();
  DueRunner runner(clock);
  runner.start([&] { return counter.run(); });
  EXPECT_TRUE(counter.wait_for(3));
}

TEST(DueRunner, WorkThatThrowsIsTriedAgainAndDoesNotEndIt) {
  SystemClock clock;
  Counter counter;
  std::atomic<bool> broken{true};
  DueRunner runner(clock);
  runner.start([&]() -> std::optional<WallTime> {
    counter.run();
    if (broken.exchange(false)) throw std::runtime_error("once");
    return std::nullopt;
  });
  EXPECT_TRUE(counter.wait_for(1));
  runner.wake_now();
  EXPECT_TRUE(counter.wait_for(2));
}

}  // namespace
}  // namespace tw::app
