#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/bounded_queue.hpp"

namespace tw::api {

/// Threads for work that blocks (SQL, files, passwords), with a queue that refuses instead of growing.
class BlockingPool {
 public:
  BlockingPool(std::size_t threads, std::size_t queue_limit);
  /// As `stop`.
  ~BlockingPool();
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;

  /// False when the queue is full or the pool has been stopped; nothing has happened then.
  [[nodiscard]] bool try_post(std::function<void()> work);
  /// Does what is queued, then ends the threads. May be called again.
  void stop();
  [[nodiscard]] std::size_t waiting() const { return queue_.size(); }

 private:
  BoundedQueue<std::function<void()>> queue_;
  std::vector<std::thread> threads_;
};

}  // namespace tw::api
