#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/net/blocking_pool.hpp"
#include "base/result.hpp"

namespace tw::api {

/// Runs blocking work on a worker thread while the coroutine waits on its own executor. `server.busy` (503) where the
/// pool takes no more; what throws there is a failure of ours, `server.threw`.
///
/// `work` and what it refers to outlive the call: keep it in a named variable, because GCC 12 destroys a lambda's copy
/// twice where it is a temporary of a co_await.
template <class Value>
boost::asio::awaitable<Result<Value>> on_pool(BlockingPool& pool, const std::function<Result<Value>()>& work) {
  namespace asio = boost::asio;
  const asio::any_io_executor home = co_await asio::this_coro::executor;
  auto start = [&pool, &work, &home](auto&& done) {
    auto shared_done = std::make_shared<std::decay_t<decltype(done)>>(std::forward<decltype(done)>(done));
    const auto finish = [home, shared_done](Result<Value> value) {
      asio::post(home, [shared_done, value = std::move(value)]() mutable { (*shared_done)(std::move(value)); });
    };
    const bool posted = pool.try_post([finish, &work] {
      try {
        finish(work());
      } catch (const std::exception& error) {
        finish(fail(ErrorKind::internal, "server.threw", error.what()));
      }
    });
    if (!posted) finish(fail(ErrorKind::unavailable, "server.busy", "Too many requests at once; try again soon."));
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result<Value>)>(std::move(start),
                                                                                              asio::use_awaitable);
}

}  // namespace tw::api
