#include "media/stream/sound_repeater.hpp"

#include <gtest/gtest.h>

namespace tw::media {
namespace {

constexpr std::uint8_t kNoLoss = 0;

struct Wrapped {
  Bytes payload;
  std::optional<RedPayload> red;
};

class SoundRepeaterTest : public testing::Test {
 protected:
  Wrapped send(std::uint16_t sequence, std::uint8_t content, std::uint8_t fraction_lost = kNoLoss,
               std::size_t size = 3) {
    Wrapped wrapped{Bytes(kMaxPacketBytes), {}};
    const Bytes payload(size, content);
    wrapped.payload.resize(
        repeater_.wrap(wrapped.payload, payload, 111, sequence, std::uint32_t{sequence} * 960, fraction_lost));
    wrapped.red = RedPayload::parse(wrapped.payload);
    return wrapped;
  }
  SoundRepeater repeater_;
};

TEST_F(SoundRepeaterTest, RepeatsTheOneBefore) {
  EXPECT_TRUE(send(10, 1).red->repeated().empty());
  const auto second = send(11, 2);
  ASSERT_EQ(second.red->repeated().size(), 1U);
  EXPECT_EQ(second.red->repeated()[0].data[0], 1);
  EXPECT_EQ(second.red->repeated()[0].timestamp_offset, 960U);
  EXPECT_EQ(second.red->own().data[0], 2);
}

TEST_F(SoundRepeaterTest, RepeatsTwoWhileTheViewerLoses) {
  (void)send(10, 1);
  (void)send(11, 2);
  const auto third = send(12, 3, SoundRepeater::kRepeatTwiceFrom);
  ASSERT_EQ(third.red->repeated().size(), 2U);
  EXPECT_EQ(third.red->repeated()[0].data[0], 1);
  EXPECT_EQ(third.red->repeated()[1].data[0], 2);
  EXPECT_EQ(send(13, 4, SoundRepeater::kRepeatTwiceFrom - 1).red->repeated().size(), 1U);
}

TEST_F(SoundRepeaterTest, RepeatsNothingOverAHole) {
  (void)send(10, 1);
  EXPECT_TRUE(send(13, 2).red->repeated().empty());
}

TEST_F(SoundRepeaterTest, LargeSoundIsSentOnce) {
  (void)send(10, 1, kNoLoss, SoundRepeater::kMaxRepeatedBytes + 1);
  const auto next = send(11, 2);
  EXPECT_TRUE(next.red->repeated().empty());
  EXPECT_EQ(next.red->own().data.size(), 3U);
}

}  // namespace
}  // namespace tw::media
