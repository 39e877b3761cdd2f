#include "media/session/incoming_track.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace tw::media {
namespace {

constexpr std::uint32_t kSsrc = 0x1111;
constexpr std::uint32_t kRtxSsrc = 0x2222;
constexpr std::uint8_t kRotationId = 13;
const MediaTime kNow{SteadyTime{std::chrono::hours{1}}, WallTime{std::chrono::seconds{1'700'000'000}}};

NegotiatedMedia video_media(Codec codec) {
  NegotiatedMedia media;
  media.accepted = true;
  media.kind = Kind::video;
  media.codec = codec;
  media.payload_type = 96;
  media.rtx_payload_type = 97;
  media.clock_rate_hz = 90'000;
  media.extensions.video_orientation = kRotationId;
  media.nack = true;
  return media;
}

const Bytes kVp8Keyframe{0x10, 0x10, 0, 0, 0x9D, 0x01, 0x2A, 0, 5, 0xD0, 2};
const Bytes kVp8Delta{0x10, 0x11, 0, 0};
const Bytes kSps{0x67, 0x42, 0xE0, 0x1F};
const Bytes kIdr{0x65, 1, 2, 3};

class IncomingTrackTest : public ::testing::Test {
 protected:
  explicit IncomingTrackTest(Codec codec = Codec::vp8)
      : track_({1, {"customer", "camera"}, Kind::video, codec, 90'000, 0, ""}, video_media(codec)) {}

  std::optional<MediaPacket> feed(std::uint16_t sequence, const Bytes& payload, std::uint32_t timestamp = 0,
                                  std::optional<std::uint8_t> rotation = std::nullopt, std::uint8_t padding = 0,
                                  std::uint32_t ssrc = kSsrc) {
    write(96, ssrc, sequence, payload, timestamp, rotation, padding);
    return track_.receive(buffer_, *RtpPacketView::parse(buffer_), kNow);
  }
  std::optional<MediaPacket> feed_rtx(std::uint16_t rtx_sequence, std::uint16_t original, Bytes payload,
                                      std::uint32_t ssrc = kRtxSsrc) {
    payload.insert(payload.begin(), {static_cast<std::uint8_t>(original >> 8), static_cast<std::uint8_t>(original)});
    write(97, ssrc, rtx_sequence, payload, 0, std::nullopt, 0);
    return track_.receive_rtx(buffer_, *RtpPacketView::parse(buffer_), kNow);
  }
  IncomingTrack track_;

 private:
  void write(std::uint8_t type, std::uint32_t ssrc, std::uint16_t sequence, const Bytes& payload,
             std::uint32_t timestamp, std::optional<std::uint8_t> rotation, std::uint8_t padding) {
    buffer_.assign(kMaxPacketBytes, 0);
    const std::array extensions{RtpExtension{kRotationId, ByteView(rotation ? &*rotation : nullptr, rotation ? 1 : 0)}};
    const std::size_t header = write_rtp_header(buffer_, {false, type, sequence, timestamp, ssrc},
                                                std::span(extensions).first(rotation ? 1 : 0));
    std::ranges::copy(payload, buffer_.begin() + static_cast<std::ptrdiff_t>(header));
    buffer_.resize(header + payload.size() + padding);
    if (padding > 0) {
      buffer_[0] |= 0x20;
      buffer_.back() = padding;
    }
  }
  Bytes buffer_;
};

TEST_F(IncomingTrackTest, HandsOnEachSequenceOnceWhetherSentFirstOrAgain) {
  EXPECT_TRUE(feed(10, kVp8Keyframe));
  EXPECT_TRUE(feed(12, kVp8Delta));
  const auto recovered = feed_rtx(500, 11, kVp8Delta);
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->header.ssrc, kSsrc);
  EXPECT_EQ(recovered->header.payload_type, 96);
  EXPECT_EQ(recovered->header.sequence, 11);
  EXPECT_FALSE(feed(11, kVp8Delta)) << "the original, late";
  EXPECT_FALSE(feed_rtx(501, 11, kVp8Delta));
  EXPECT_FALSE(feed_rtx(502, 12, kVp8Delta));
  EXPECT_EQ(track_.recovered(), 1U);
  EXPECT_EQ(track_.nacks().missing(), 0U);
}

TEST_F(IncomingTrackTest, StaysWithItsFirstSsrc) {
  EXPECT_TRUE(feed(10, kVp8Keyframe));
  EXPECT_FALSE(feed(11, kVp8Delta, 0, std::nullopt, 0, 0x9999));
  EXPECT_TRUE(feed_rtx(1, 9, kVp8Delta));
  EXPECT_FALSE(feed_rtx(2, 8, kVp8Delta, 0x8888));
}

TEST_F(IncomingTrackTest, TakesNoRetransmissionBeforeItKnowsTheOriginalsSsrc) {
  EXPECT_FALSE(feed_rtx(1, 9, kVp8Delta));
  EXPECT_FALSE(track_.started());
}

TEST_F(IncomingTrackTest, TakesPaddingOff) {
  const auto padded = feed(10, kVp8Keyframe, 0, std::nullopt, 7);
  ASSERT_TRUE(padded);
  EXPECT_EQ(Bytes(padded->header.payload.begin(), padded->header.payload.end()), kVp8Keyframe);
  const auto again = RtpPacketView::parse(padded->rtp);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->padding_bytes, 0);
  EXPECT_EQ(again->payload.size(), kVp8Keyframe.size());
}

TEST_F(IncomingTrackTest, KeepsTheNumberOfAPacketThatIsPaddingOnly) {
  EXPECT_TRUE(feed(10, kVp8Keyframe));
  const auto probe = feed(11, {}, 0, std::nullopt, 200);
  ASSERT_TRUE(probe);
  EXPECT_TRUE(probe->header.payload.empty());
  EXPECT_FALSE(probe->keyframe_start);
  EXPECT_EQ(probe->rtp.size(), kRtpHeaderBytes);
}

TEST_F(IncomingTrackTest, RemembersTheNewestRotation) {
  EXPECT_EQ(feed(10, kVp8Keyframe)->rotation, Rotation::none);
  EXPECT_EQ(feed(12, kVp8Delta, 0, std::uint8_t{1})->rotation, Rotation::clockwise_90);
  EXPECT_EQ(feed(13, kVp8Delta)->rotation, Rotation::clockwise_90);
  EXPECT_EQ(feed(11, kVp8Delta, 0, std::uint8_t{2})->rotation, Rotation::clockwise_90) << "older than what is known";
  EXPECT_EQ(feed(14, kVp8Delta, 0, std::uint8_t{3})->rotation, Rotation::clockwise_270);
  EXPECT_EQ(feed(15, kVp8Delta, 0, std::uint8_t{0xF8})->rotation, Rotation::none) << "camera and flip bits do not turn";
}

TEST_F(IncomingTrackTest, DropsWhatIsNoPicture) {
  EXPECT_FALSE(feed(10, Bytes{0x90}));  // a descriptor cut short
}

TEST_F(IncomingTrackTest, AKeyframeAnswersTheWishForOne) {
  track_.keyframes().want();
  (void)feed(10, kVp8Delta);
  EXPECT_TRUE(track_.keyframes().wanted());
  EXPECT_TRUE(feed(11, kVp8Keyframe)->keyframe_start);
  EXPECT_FALSE(track_.keyframes().wanted());
}

TEST_F(IncomingTrackTest, AHoleTooWideToCloseNeedsAKeyframe) {
  (void)feed(10, kVp8Keyframe);
  (void)feed(10 + NackGenerator::kMaxMissing + 2, kVp8Delta);
  EXPECT_TRUE(track_.keyframes().wanted());
  EXPECT_EQ(track_.nacks().missing(), 0U);
}

class IncomingH264Test : public IncomingTrackTest {
 protected:
  IncomingH264Test() : IncomingTrackTest(Codec::h264) {}
};

TEST_F(IncomingH264Test, OnePictureBeginsOnceThoughItsParametersComeApart) {
  EXPECT_TRUE(feed(10, kSps, 3'000)->keyframe_start);
  EXPECT_FALSE(feed(11, kIdr, 3'000)->keyframe_start);
  EXPECT_TRUE(feed(12, kIdr, 6'000)->keyframe_start);
}

}  // namespace
}  // namespace tw::media
