#include "api/net/pool_call.hpp"

#include <optional>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace tw::api {
namespace {

using Work = std::function<Result<int>()>;

struct Outcome {
  std::optional<Result<int>> value;
  std::thread::id came_back_on;
};

/// Runs `work` from a coroutine on this thread.
Outcome call(BlockingPool& pool, const Work& work) {
  boost::asio::io_context io;
  Outcome outcome;
  const std::function<boost::asio::awaitable<void>()> caller = [&]() -> boost::asio::awaitable<void> {
    outcome.value = co_await on_pool(pool, work);
    outcome.came_back_on = std::this_thread::get_id();
  };
  boost::asio::co_spawn(io, caller, boost::asio::detached);
  io.run();
  return outcome;
}

TEST(PoolCall, WorksOnAnotherThreadAndComesBack) {
  BlockingPool pool(1, 1);
  std::thread::id worked_on;
  const Outcome outcome = call(pool, [&]() -> Result<int> {
    worked_on = std::this_thread::get_id();
    return 7;
  });
  EXPECT_EQ(outcome.value.value(), 7);
  EXPECT_NE(worked_on, std::this_thread::get_id());
  EXPECT_EQ(outcome.came_back_on, std::this_thread::get_id());
}

TEST(PoolCall, GivesTheErrorOfTheWork) {
  BlockingPool pool(1, 1);
  const Outcome outcome = call(pool, []() -> Result<int> { return fail(ErrorKind::conflict, "x.y", "No."); });
  EXPECT_EQ(outcome.value.value().error().code, "x.y");
}

TEST(PoolCall, WhatThrowsIsAFailureOfOurs) {
  BlockingPool pool(1, 1);
  const Outcome outcome = call(pool, []() -> Result<int> { throw std::runtime_error("broken"); });
  EXPECT_EQ(outcome.value.value().error().kind, ErrorKind::internal);
  EXPECT_EQ(outcome.value.value().error().code, "server.threw");
}

TEST(PoolCall, APoolThatTakesNoMoreIsBusy) {
  BlockingPool pool(1, 1);
  pool.stop();
  bool worked = false;
  const Outcome outcome = call(pool, [&]() -> Result<int> {
    worked = true;
    return 7;
  });
  EXPECT_EQ(outcome.value.value().error().code, "server.busy");
  EXPECT_FALSE(worked);
}

}  // namespace
}  // namespace tw::api
