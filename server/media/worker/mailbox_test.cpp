#include "media/worker/mailbox.hpp"

#include <gtest/gtest.h>
#include <poll.h>

namespace tw::media {
namespace {

bool readable(const Mailbox& mailbox) {
  pollfd wanted{mailbox.event(), POLLIN, 0};
  return ::poll(&wanted, 1, 0) == 1;
}

TEST(Mailbox, WakesItsWorkerAndHandsOverInOrder) {
  Mailbox mailbox;
  EXPECT_FALSE(readable(mailbox));
  std::vector<int> ran;
  for (int i = 0; i < 3; ++i) {
    Mailbox::Command command = [&ran, i](RoomHost*) { ran.push_back(i); };
    EXPECT_TRUE(mailbox.try_push(command));
  }
  EXPECT_TRUE(readable(mailbox));
  std::vector<Mailbox::Command> taken;
  mailbox.take_all(taken);
  for (auto& command : taken) command(nullptr);
  EXPECT_EQ(ran, (std::vector{0, 1, 2}));
  EXPECT_FALSE(readable(mailbox));
}

TEST(Mailbox, HoldsItsLimitAndNotOneMore) {
  Mailbox mailbox;
  for (std::size_t i = 0; i < Mailbox::kLimit; ++i) {
    Mailbox::Command command = [](RoomHost*) {};
    ASSERT_TRUE(mailbox.try_push(command));
  }
  bool answered = false;
  Mailbox::Command one_more = [&answered](RoomHost* host) { answered = host == nullptr; };
  EXPECT_FALSE(mailbox.try_push(one_more));
  one_more(nullptr);
  EXPECT_TRUE(answered) << "the refused command is untouched";
}

TEST(Mailbox, TakesNothingAfterItWasClosed) {
  Mailbox mailbox;
  mailbox.close();
  Mailbox::Command command = [](RoomHost*) {};
  EXPECT_FALSE(mailbox.try_push(command));
  EXPECT_TRUE(mailbox.closed());
  EXPECT_TRUE(readable(mailbox));
}

}  // namespace
}  // namespace tw::media
