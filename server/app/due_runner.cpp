#include "app/due_runner.hpp"

#include <algorithm>
#include <exception>

#include "base/log.hpp"

namespace tw::app {
namespace {

/// The wall clock may be set while we sleep: look at it again after so long at the latest.
constexpr std::chrono::seconds kLongestSleep{60};
/// Work that threw is tried again after this.
constexpr std::chrono::seconds kAfterFailure{5};

}  // namespace

void DueRunner::start(Work work) {
  thread_ = std::thread([this, work = std::move(work)] { run(work); });
}

void DueRunner::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void DueRunner::wake_at(WallTime when) {
  {
    const std::lock_guard lock(mutex_);
    if (next_ && *next_ <= when) return;
    next_ = when;
  }
  changed_.notify_all();
}

void DueRunner::run(const Work& work) {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    const WallTime now = clock_.wall_now();
    if (!next_) {
      changed_.wait(lock, [this] { return stopped_ || next_; });
      continue;
    }
    if (*next_ > now) {
      const auto sleep = std::min<std::chrono::microseconds>(*next_ - now, kLongestSleep);
      changed_.wait_for(lock, sleep);
      continue;
    }
    next_.reset();
    lock.unlock();
    std::optional<WallTime> wanted;
    try {
      wanted = work();
    } catch (const std::exception& error) {
      log::error("due work threw", {{"what", error.what()}});
      wanted = clock_.wall_now() + kAfterFailure;
    }
    lock.lock();
    if (wanted && (!next_ || *wanted < *next_)) next_ = wanted;
  }
}

}  // namespace tw::app
