#include "media/session/outgoing_track.hpp"

#include <gtest/gtest.h>

#include <array>

#include "base/random.hpp"

namespace tw::media {
namespace {

constexpr SteadyTime kStart{std::chrono::hours{1}};

class OutgoingTrackTest : public ::testing::Test {
 protected:
  static NegotiatedMedia picture() {
    NegotiatedMedia media;
    media.accepted = true;
    media.kind = Kind::video;
    media.codec = Codec::vp8;
    media.payload_type = 96;
    media.ssrc = 7;
    media.clock_rate_hz = 90'000;
    return media;
  }
  /// Bytes that the viewer got of a packet of this layer.
  std::size_t send(std::uint8_t layer, std::uint64_t sequence, bool keyframe) {
    TrackInfo source;
    source.number = 10U + layer;
    source.kind = Kind::video;
    source.codec = Codec::vp8;
    MediaPacket packet;
    packet.header.payload = payload_;
    packet.sequence = sequence;
    packet.keyframe_start = keyframe;
    packet.layer = layer;
    packet.layers = 2;
    return track_.write(source, packet, out_, kStart);
  }

  SeededRandom random_{3};
  OutgoingTrack track_{picture(), random_};
  std::array<std::uint8_t, 100> payload_{};
  std::array<std::uint8_t, 1'500> out_{};
};

// Each layer has sequence numbers of its own, which begin anywhere: those of the layer that was waited for first say
// nothing about the one that is waited for then.
TEST_F(OutgoingTrackTest, BeginsWithALayerWhoseNumbersAreBelowThoseOfAnotherThatWasWaitedFor) {
  EXPECT_EQ(send(0, 50'000, false), 0U) << "no keyframe yet";
  track_.want_layer(1);
  EXPECT_EQ(send(0, 50'001, true), 0U) << "not wanted any more";
  EXPECT_EQ(send(1, 99, false), 0U);
  EXPECT_GT(send(1, 100, true), 0U);
  EXPECT_GT(send(1, 101, false), 0U);
  EXPECT_EQ(track_.layer(), 1);
  EXPECT_EQ(track_.seams(), 0U);
}

TEST_F(OutgoingTrackTest, GoesOverWhateverTheNumbersOfALayerThatNeverCame) {
  EXPECT_GT(send(0, 500, true), 0U);
  track_.want_layer(1);
  EXPECT_EQ(send(1, 60'000, false), 0U) << "its keyframe is waited for";
  EXPECT_GT(send(0, 501, false), 0U) << "meanwhile the other goes on";
  track_.want_layer(0);
  EXPECT_GT(send(0, 502, true), 0U);
  track_.want_layer(1);
  EXPECT_GT(send(1, 60'001, true), 0U);
  track_.want_layer(0);
  EXPECT_GT(send(0, 503, true), 0U) << "and back";
  EXPECT_EQ(send(1, 60'002, false), 0U);
  EXPECT_EQ(track_.seams(), 2U);
}

// A keyframe that comes behind packets which were passed over would begin with a hole.
TEST_F(OutgoingTrackTest, DoesNotBeginWithAKeyframeThatCameLate) {
  EXPECT_EQ(send(0, 50'005, false), 0U);
  EXPECT_EQ(send(0, 50'001, true), 0U);
  EXPECT_TRUE(track_.waits_for_keyframe(10));
  EXPECT_GT(send(0, 50'006, true), 0U);
}

}  // namespace
}  // namespace tw::media
