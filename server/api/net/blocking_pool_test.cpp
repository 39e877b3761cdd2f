#include "api/net/blocking_pool.hpp"

#include <atomic>
#include <future>
#include <stdexcept>

#include <gtest/gtest.h>

namespace tw::api {
namespace {

TEST(BlockingPool, RefusesOneMoreThanItsLimitAndDoesTheRest) {
  BlockingPool pool(1, 3);
  std::promise<void> begun;
  std::promise<void> go_on;
  std::atomic<int> done{0};
  ASSERT_TRUE(pool.try_post([&] {
    begun.set_value();
    go_on.get_future().wait();
    ++done;
  }));
  begun.get_future().wait();  // the thread is busy from here on; everything else waits
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(pool.try_post([&] { ++done; })) << i;
  EXPECT_EQ(pool.waiting(), 3U);
  EXPECT_FALSE(pool.try_post([&] { ++done; }));
  go_on.set_value();
  pool.stop();
  EXPECT_EQ(done, 4);
  EXPECT_FALSE(pool.try_post([&] { ++done; }));
}

TEST(BlockingPool, WorkThatThrowsDoesNotEndItsThread) {
  BlockingPool pool(1, 3);
  std::promise<void> after;
  ASSERT_TRUE(pool.try_post([] { throw std::runtime_error("once"); }));
  ASSERT_TRUE(pool.try_post([&] { after.set_value(); }));
  after.get_future().wait();
}

}  // namespace
}  // namespace tw::api
