#include "api/socket/replay_buffer.hpp"

#include <gtest/gtest.h>

namespace tw::api {
namespace {

using Messages = std::vector<std::string>;

TEST(ReplayBuffer, GivesWhatCameAfter) {
  ReplayBuffer buffer(3, 100);
  EXPECT_EQ(buffer.next(), 1U);
  EXPECT_EQ(buffer.after(0), Messages{});
  for (const char* message : {"a", "b", "c"}) buffer.keep(message);
  EXPECT_EQ(buffer.last(), 3U);
  EXPECT_EQ(buffer.after(0), (Messages{"a", "b", "c"}));
  EXPECT_EQ(buffer.after(2), (Messages{"c"}));
  EXPECT_EQ(buffer.after(3), Messages{});
}

TEST(ReplayBuffer, OneMoreThanItKeepsIsGone) {
  ReplayBuffer buffer(3, 100);
  for (const char* message : {"a", "b", "c", "d"}) buffer.keep(message);
  EXPECT_EQ(buffer.after(0), std::nullopt);
  EXPECT_EQ(buffer.after(1), (Messages{"b", "c", "d"}));
}

TEST(ReplayBuffer, KeepsNoMoreBytesThanAllowed) {
  ReplayBuffer buffer(100, 10);
  buffer.keep("12345");
  buffer.keep("67890");
  EXPECT_EQ(buffer.after(0), (Messages{"12345", "67890"}));
  buffer.keep("x");
  EXPECT_EQ(buffer.after(0), std::nullopt);
  EXPECT_EQ(buffer.after(1), (Messages{"67890", "x"}));
  buffer.keep(std::string(11, 'y'));
  EXPECT_EQ(buffer.after(3), std::nullopt);
  EXPECT_EQ(buffer.after(4), Messages{});
}

TEST(ReplayBuffer, ANumberNeverGivenOutIsNotResumed) {
  ReplayBuffer buffer(3, 100);
  buffer.keep("a");
  EXPECT_EQ(buffer.after(2), std::nullopt);
}

}  // namespace
}  // namespace tw::api
