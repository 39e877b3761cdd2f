#include "media/stream/sequence_rewriter.hpp"

#include <gtest/gtest.h>

namespace tw::media {
namespace {

using std::chrono::milliseconds;

constexpr SteadyTime kStart{std::chrono::hours{1}};

SourcePacket packet(std::uint32_t source, std::uint64_t sequence, std::uint32_t timestamp, bool keyframe = false) {
  return {source, sequence, timestamp, keyframe};
}

TEST(SequenceRewriter, StartsBelowHalfOfTheSpace) {
  for (const std::uint16_t first :
       {std::uint16_t{0}, std::uint16_t{0x7FFF}, std::uint16_t{0x8000}, std::uint16_t{0xFFFF}}) {
    SequenceRewriter rewriter(48'000, false, first, 0);
    EXPECT_LT(rewriter.rewrite(packet(1, 70'000, 5), kStart)->sequence, 0x8000);
  }
}

TEST(SequenceRewriter, ForwardsNothingBeforeAKeyframe) {
  SequenceRewriter rewriter(90'000, true, 100, 0);
  EXPECT_FALSE(rewriter.rewrite(packet(1, 10, 0), kStart));
  EXPECT_TRUE(rewriter.waits_for_keyframe(1));
  const auto first = rewriter.rewrite(packet(1, 11, 3'000, true), kStart);
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->source_began);
  EXPECT_EQ(first->sequence, 100);
  EXPECT_FALSE(rewriter.rewrite(packet(1, 10, 0), kStart)) << "a latecomer of before the keyframe";
  EXPECT_EQ(rewriter.rewrite(packet(1, 12, 3'000), kStart)->sequence, 101);
}

TEST(SequenceRewriter, DoesNotBeginWithAKeyframeOfWhichPacketsWerePassedOver) {
  SequenceRewriter rewriter(90'000, true, 100, 0);
  EXPECT_FALSE(rewriter.rewrite(packet(1, 11, 3'000), kStart));
  EXPECT_FALSE(rewriter.rewrite(packet(1, 10, 3'000, true), kStart)) << "its begin was sent again, behind 11";
  EXPECT_TRUE(rewriter.waits_for_keyframe(1));
  EXPECT_TRUE(rewriter.rewrite(packet(1, 30, 9'000, true), kStart));
}

TEST(SequenceRewriter, KeepsHolesSoThatTheViewerAsksForThem) {
  SequenceRewriter rewriter(90'000, true, 100, 0);
  (void)rewriter.rewrite(packet(1, 10, 0, true), kStart);
  EXPECT_EQ(rewriter.rewrite(packet(1, 13, 0), kStart)->sequence, 103);
  EXPECT_EQ(rewriter.rewrite(packet(1, 11, 0), kStart)->sequence, 101) << "recovered later";
}

TEST(SequenceRewriter, GoesOnWithoutAStepWhenThePublisherPublishesAgain) {
  SequenceRewriter rewriter(90'000, true, 100, 7'000);
  (void)rewriter.rewrite(packet(1, 10, 500'000, true), kStart);
  const auto last = rewriter.rewrite(packet(1, 11, 503'000), kStart + milliseconds{33});
  EXPECT_EQ(last->timestamp, 10'000U);
  EXPECT_FALSE(rewriter.rewrite(packet(3, 60'000, 9), kStart + milliseconds{1'000})) << "not a keyframe";
  const auto next = rewriter.rewrite(packet(3, 60'001, 42, true), kStart + milliseconds{1'033});
  ASSERT_TRUE(next);
  EXPECT_TRUE(next->source_began);
  EXPECT_EQ(next->sequence, last->sequence + 1);
  EXPECT_EQ(next->timestamp, last->timestamp + 90'000) << "one second of silence";
  EXPECT_FALSE(rewriter.rewrite(packet(1, 12, 506'000), kStart + milliseconds{1'040})) << "the old source is over";
}

TEST(SequenceRewriter, AlwaysMovesTimeForwardAtASeam) {
  SequenceRewriter rewriter(48'000, false, 0, 0);
  const auto last = rewriter.rewrite(packet(1, 10, 960), kStart);
  const auto next = rewriter.rewrite(packet(3, 10, 77), kStart);
  EXPECT_EQ(next->timestamp, last->timestamp + 1);
}

TEST(SequenceRewriter, KeepsTheClockOfASourceOverAPause) {
  SequenceRewriter rewriter(90'000, true, 100, 0);
  (void)rewriter.rewrite(packet(1, 10, 1'000, true), kStart);
  const auto offset = rewriter.timestamp_offset(1);
  rewriter.pause();
  EXPECT_TRUE(rewriter.waits_for_keyframe(1));
  EXPECT_FALSE(rewriter.rewrite(packet(1, 500, 900'000), kStart + milliseconds{9'900}));
  const auto next = rewriter.rewrite(packet(1, 501, 901'000, true), kStart + milliseconds{10'000});
  ASSERT_TRUE(next);
  EXPECT_EQ(next->sequence, 101) << "what was withheld is no loss";
  EXPECT_EQ(rewriter.timestamp_offset(1), offset);
  EXPECT_EQ(next->timestamp, 900'000U);
}

TEST(SequenceRewriter, KnowsTheOffsetOfTheCurrentSourceOnly) {
  SequenceRewriter rewriter(48'000, false, 0, 5'000);
  EXPECT_FALSE(rewriter.timestamp_offset(1));
  (void)rewriter.rewrite(packet(1, 10, 1'000), kStart);
  EXPECT_EQ(rewriter.timestamp_offset(1), 4'000U);
  EXPECT_FALSE(rewriter.timestamp_offset(2));
}

Bytes vp8(std::uint16_t picture, std::uint8_t tl0, bool wide) {
  Bytes payload{0x90, 0xC0};
  if (wide) payload.push_back(static_cast<std::uint8_t>(0x80 | picture >> 8));
  payload.push_back(static_cast<std::uint8_t>(wide ? picture & 0xFF : picture & 0x7F));
  payload.push_back(tl0);
  payload.insert(payload.end(), {0x01, 0, 0, 0});
  return payload;
}

struct Rewritten {
  std::uint16_t picture;
  std::uint8_t tl0;
};

Rewritten rewrite(Vp8Rewriter& rewriter, std::uint16_t picture, std::uint8_t tl0, bool began, bool wide = true) {
  Bytes payload = vp8(picture, tl0, wide);
  rewriter.rewrite(payload, *Vp8Payload::parse(payload), began);
  const auto parsed = Vp8Payload::parse(payload);
  return {parsed->picture_id.value(), parsed->tl0_picture_index.value()};
}

TEST(Vp8Rewriter, ContinuesPicturesOverANewSource) {
  Vp8Rewriter rewriter;
  const auto first = rewrite(rewriter, 5'000, 200, true);
  EXPECT_EQ(rewrite(rewriter, 5'001, 201, false).picture, first.picture + 1);
  const auto last = rewrite(rewriter, 5'002, 202, false);
  EXPECT_EQ(rewrite(rewriter, 5'001, 201, false).picture, first.picture + 1) << "a retransmission";
  const auto next = rewrite(rewriter, 17, 3, true);
  EXPECT_EQ(next.picture, last.picture + 1);
  EXPECT_EQ(next.tl0, last.tl0 + 1);
  EXPECT_EQ(rewrite(rewriter, 18, 4, false).picture, last.picture + 2);
}

TEST(Vp8Rewriter, WrapsIn15And7Bits) {
  for (const bool wide : {true, false}) {
    const std::uint16_t mask = wide ? 0x7FFF : 0x7F;
    Vp8Rewriter rewriter;
    std::uint16_t previous = rewrite(rewriter, mask, 0, true, wide).picture;
    for (std::uint16_t i = 0; i < 300; ++i) {
      const auto now = rewrite(rewriter, i & mask, 0, false, wide).picture;
      EXPECT_EQ(now, (previous + 1) & mask);
      previous = now;
    }
    EXPECT_EQ(rewrite(rewriter, 1'000 & mask, 0, true, wide).picture, (previous + 1) & mask);
  }
}

}  // namespace
}  // namespace tw::media
