#include "crypto/password.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

namespace tw {
namespace {

TEST(Password, OnlyTheRightOneFitsItsHash) {
  const std::string hash = hash_password("correct horse battery");
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
  EXPECT_NE(hash_password("correct horse battery"), hash) << "the salt must be fresh";
  EXPECT_TRUE(verify_password("correct horse battery", hash));
  for (const char* wrong : {"", "correct horse batter", "Correct horse battery", "correct horse battery "}) {
    EXPECT_FALSE(verify_password(wrong, hash)) << wrong;
  }
}

TEST(Password, WhatIsNoHashFitsNothing) {
  for (const std::string& hash :
       {std::string(), std::string("plain"), std::string("$argon2id$"), std::string(1000, 'x')}) {
    EXPECT_FALSE(verify_password("plain", hash));
  }
}

TEST(Password, AnUnknownNameTakesAsLongAsAWrongPassword) {
  const std::string hash = hash_password("x");
  const auto time = [](auto work) {
    auto best = std::chrono::nanoseconds::max();
    for (int i = 0; i < 5; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      work();
      best = std::min<std::chrono::nanoseconds>(best, std::chrono::steady_clock::now() - begin);
    }
    return best;
  };
  const auto known = time([&] { static_cast<void>(verify_password("y", hash)); });
  const auto unknown = time([] { verify_no_password("y"); });
  // The same work; an answer without argon2id would be a thousand times faster.
  EXPECT_GT(unknown, known / 4);
  EXPECT_LT(unknown, known * 4);
}

TEST(Password, ManyAtOnceAllGetTheirAnswer) {
  const std::string hash = hash_password("x");
  std::vector<int> right(6);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < right.size(); ++i) {
      threads.emplace_back([&, i] { right[i] = verify_password(i % 2 == 0 ? "x" : "y", hash) ? 1 : 0; });
    }
  }
  EXPECT_EQ(right, (std::vector<int>{1, 0, 1, 0, 1, 0}));
}

}  // namespace
}  // namespace tw
