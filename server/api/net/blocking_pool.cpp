#include "api/net/blocking_pool.hpp"

#include <exception>

#include "base/log.hpp"

namespace tw::api {
namespace {

/// Work may use libraries that throw; a thread that died of it would be missed by everybody after.
void run(const std::function<void()>& work) {
  try {
    work();
  } catch (const std::exception& error) {
    log::error("work on a pool thread threw", {{"what", error.what()}});
  }
}

}  // namespace

BlockingPool::BlockingPool(std::size_t threads, std::size_t queue_limit) : queue_(queue_limit) {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] {
      while (auto work = queue_.pop()) run(*work);
    });
  }
}

BlockingPool::~BlockingPool() { stop(); }

bool BlockingPool::try_post(std::function<void()> work) { return queue_.try_push(std::move(work)); }

void BlockingPool::stop() {
  queue_.close();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

}  // namespace tw::api
