#include "recording/keyframe_keeper.hpp"

#include <gtest/gtest.h>

#include <future>

#include "recording/frame_payload.hpp"

namespace tw::recording {
namespace {

using std::chrono::milliseconds;
const media::StreamKey kCamera{"customer", "camera"};

class KeyframeKeeperTest : public ::testing::Test {
 protected:
  void SetUp() override {
    keeper_.on_track_started({1, kCamera, media::Kind::video, media::Codec::vp8, 90'000, 0, ""}, {});
    keeper_.on_track_started({2, {"agent", "camera"}, media::Kind::video, media::Codec::vp8, 90'000, 0, ""}, {});
  }
  /// A VP8 packet with a one-byte descriptor: S bit and partition 0 where the frame begins.
  void send(media::TrackNumber track, std::uint64_t sequence, std::uint32_t timestamp, bool start, bool marker,
            std::uint8_t content) {
    const Bytes payload{static_cast<std::uint8_t>(start ? 0x10 : 0x00), static_cast<std::uint8_t>(start ? 0x00 : 0xFF),
                        content};
    media::TapPacket packet;
    packet.track = track;
    packet.extended_sequence = sequence;
    packet.timestamp = timestamp;
    packet.marker = marker;
    packet.keyframe_start = start;
    packet.rotation = media::Rotation::clockwise_90;
    packet.payload = payload;
    packet.rtp = payload;
    keeper_.on_packet(packet);
  }
  KeyframeKeeper keeper_;
};

TEST_F(KeyframeKeeperTest, PutsAKeyframeTogetherAlsoOutOfOrder) {
  keeper_.expect(kCamera);
  send(1, 10, 900, true, false, 1);
  send(1, 12, 900, false, true, 3);
  send(1, 11, 900, false, false, 2);
  const auto frame = keeper_.take(kCamera, milliseconds(0));
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->frame, (Bytes{0x00, 1, 0xFF, 2, 0xFF, 3}));
  EXPECT_EQ(frame->rotation, media::Rotation::clockwise_90);
}

TEST_F(KeyframeKeeperTest, AHoleGivesNoFrameAndTheNextKeyframeDoes) {
  keeper_.expect(kCamera);
  send(1, 10, 900, true, false, 1);
  send(1, 12, 900, false, true, 3);
  send(1, 13, 1800, true, true, 7);
  const auto frame = keeper_.take(kCamera, milliseconds(0));
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->frame, (Bytes{0x00, 7}));
}

TEST_F(KeyframeKeeperTest, WhatCameBeforeOrFromOthersIsNotTaken) {
  send(1, 1, 90, true, true, 1);
  keeper_.expect(kCamera);
  send(2, 2, 180, true, true, 2);
  EXPECT_FALSE(keeper_.take(kCamera, milliseconds(1)).has_value());
}

TEST_F(KeyframeKeeperTest, WaitingEndsWhenTheFrameArrives) {
  keeper_.expect(kCamera);
  auto waiting = std::async(std::launch::async, [this] { return keeper_.take(kCamera, std::chrono::seconds(20)); });
  send(1, 5, 90, true, true, 9);
  EXPECT_TRUE(waiting.get().has_value());
}

TEST(FramePayload, H264BecomesAnnexB) {
  struct Case {
    const char* name;
    Bytes payload;
    Bytes expected;
    bool ok;
  };
  const std::vector<Case> cases{
      {"single", {0x65, 1, 2}, {0, 0, 0, 1, 0x65, 1, 2}, true},
      {"STAP-A", {0x78, 0, 2, 0x67, 9, 0, 1, 0x68}, {0, 0, 0, 1, 0x67, 9, 0, 0, 0, 1, 0x68}, true},
      {"FU-A start", {0x7C, 0x85, 5}, {0, 0, 0, 1, 0x65, 5}, true},
      {"FU-A middle", {0x7C, 0x05, 6}, {6}, true},
      {"STAP-A cut", {0x78, 0, 9, 0x67}, {}, false},
      {"empty", {}, {}, false},
      {"reserved type", {0x1F}, {}, false},
  };
  for (const auto& test : cases) {
    Bytes frame;
    EXPECT_EQ(append_frame_payload(media::Codec::h264, test.payload, frame), test.ok) << test.name;
    if (test.ok) {
      EXPECT_EQ(frame, test.expected) << test.name;
    }
  }
}

}  // namespace
}  // namespace tw::recording
