#include <gtest/gtest.h>

#include "media/session/deadline_queue.hpp"
#include "media/session/silence_watch.hpp"

namespace tw::media {
namespace {

using std::chrono::milliseconds;

constexpr SteadyTime kStart{std::chrono::hours{1}};

TEST(SilenceWatch, TellsByTheLengthOfTheSilence) {
  struct Case {
    milliseconds silence;
    SessionState connected;
    SessionState before;
  };
  const Case cases[] = {{milliseconds{0}, SessionState::connected, SessionState::connecting},
                        {milliseconds{2'999}, SessionState::connected, SessionState::connecting},
                        {milliseconds{3'000}, SessionState::unstable, SessionState::connecting},
                        {milliseconds{7'499}, SessionState::unstable, SessionState::connecting},
                        {milliseconds{7'500}, SessionState::lost, SessionState::connecting},
                        {milliseconds{29'999}, SessionState::lost, SessionState::connecting},
                        {milliseconds{30'000}, SessionState::closed, SessionState::closed}};
  const MediaConfig config;
  for (const auto& c : cases) {
    SilenceWatch watch(config, kStart);
    EXPECT_EQ(watch.state(kStart + c.silence), c.before) << c.silence.count();
    watch.on_connected(kStart);
    EXPECT_EQ(watch.state(kStart + c.silence), c.connected) << c.silence.count();
  }
}

TEST(SilenceWatch, NamesTheMomentOfTheNextChange) {
  const MediaConfig config;
  SilenceWatch watch(config, kStart);
  EXPECT_EQ(watch.deadline(kStart), kStart + config.freed_after);
  watch.on_connected(kStart);
  for (const auto after : {config.unstable_after, config.lost_after, config.freed_after}) {
    const SteadyTime just_before = kStart + after - milliseconds{1};
    EXPECT_EQ(watch.deadline(just_before), kStart + after);
    EXPECT_NE(watch.state(just_before), watch.state(kStart + after));
  }
  watch.on_heard(kStart + milliseconds{10'000});
  EXPECT_EQ(watch.state(kStart + milliseconds{10'000}), SessionState::connected);
}

TEST(DeadlineQueue, GivesTheEarliestFirstAndOnlyWhenDue) {
  DeadlineQueue queue;
  EXPECT_FALSE(queue.next());
  for (const int at : {30, 10, 20}) queue.push(kStart + milliseconds{at}, static_cast<std::uint64_t>(at));
  EXPECT_EQ(queue.next(), kStart + milliseconds{10});
  EXPECT_FALSE(queue.pop_due(kStart + milliseconds{9}));
  EXPECT_EQ(queue.pop_due(kStart + milliseconds{25})->number, 10U);
  EXPECT_EQ(queue.pop_due(kStart + milliseconds{25})->number, 20U);
  EXPECT_FALSE(queue.pop_due(kStart + milliseconds{25}));
  EXPECT_EQ(queue.pop_due(kStart + milliseconds{30})->number, 30U);
}

}  // namespace
}  // namespace tw::media
