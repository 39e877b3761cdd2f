#include "processing/track_assembler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace tw::processing {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Packets of VP8 pictures of one byte of content a packet; the first byte of a keyframe is even (RFC 6386
/// section 9.1).
struct Maker {
  std::uint64_t sequence = 1'000;
  std::int64_t timestamp = 90'000;
  std::uint16_t picture_id = 0x7FFE;
  std::int64_t arrival_us = 1'000'000;

  std::vector<TrackPacket> picture(bool keyframe, int packets) {
    std::vector<TrackPacket> out;
    for (int i = 0; i < packets; ++i) {
      Bytes payload{static_cast<std::uint8_t>(0x80 | (i == 0 ? 0x10 : 0)), 0x80,
                    static_cast<std::uint8_t>(0x80 | picture_id >> 8), static_cast<std::uint8_t>(picture_id)};
      // A keyframe's first packet is long enough for its header.
      if (i == 0 && keyframe) {
        for (const int byte : {0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0x68, 0x01})
          payload.push_back(static_cast<std::uint8_t>(byte));
      } else {
        payload.push_back(i == 0 ? 0x11 : static_cast<std::uint8_t>(i));
      }
      out.push_back(packet(payload, i == packets - 1));
    }
    timestamp += 3'000;
    picture_id = (picture_id + 1) & 0x7FFF;
    return out;
  }
  TrackPacket packet(const Bytes& payload, bool marker) {
    TrackPacket result;
    result.packet.extended_sequence = sequence++;
    result.packet.arrival = from_micros(arrival_us += 5'000);
    result.packet.payload_offset = 12;
    result.packet.rtp = Bytes(12);
    result.packet.rtp.insert(result.packet.rtp.end(), payload.begin(), payload.end());
    result.timestamp = timestamp;
    result.marker = marker;
    return result;
  }
};

std::vector<std::int64_t> times_of(const std::vector<MediaFrame>& frames) {
  std::vector<std::int64_t> times;
  for (const MediaFrame& frame : frames) times.push_back((frame.timestamp - 90'000) / 3'000);
  return times;
}

std::vector<MediaFrame> assemble(const std::vector<TrackPacket>& packets, media::Codec codec = media::Codec::vp8) {
  TrackAssembler assembler(codec);
  std::vector<MediaFrame> frames;
  for (const TrackPacket& packet : packets) assembler.push(packet, frames);
  assembler.finish(frames);
  return frames;
}

std::vector<TrackPacket> joined(std::vector<std::vector<TrackPacket>> pictures) {
  std::vector<TrackPacket> all;
  for (auto& picture : pictures) all.insert(all.end(), picture.begin(), picture.end());
  return all;
}

TEST(TrackAssembler, PutsPicturesTogetherWhateverTheOrderOfArrival) {
  Maker maker;
  auto packets = joined({maker.picture(true, 3), maker.picture(false, 2), maker.picture(false, 4)});
  const auto straight = assemble(packets);
  EXPECT_THAT(times_of(straight), ElementsAre(0, 1, 2));
  EXPECT_TRUE(straight[0].keyframe);
  EXPECT_FALSE(straight[1].keyframe);
  std::swap(packets[1], packets[2]);
  std::swap(packets[4], packets[7]);
  const auto turned = assemble(packets);
  ASSERT_EQ(turned.size(), straight.size());
  for (std::size_t i = 0; i < turned.size(); ++i) EXPECT_EQ(turned[i].data, straight[i].data);
}

TEST(TrackAssembler, ALossCostsEveryPictureUntilTheNextKeyframe) {
  struct Case {
    std::size_t lost;
    std::vector<std::int64_t> left;
  };
  // pictures 0 (key, packets 0–2), 1 (3–4), 2 (5–6), 3 (key, 7–8), 4 (9–10)
  const Case cases[] = {{0, {3, 4}},       {2, {3, 4}},    {3, {0, 3, 4}},    {4, {0, 3, 4}},
                        {6, {0, 1, 3, 4}}, {7, {0, 1, 2}}, {10, {0, 1, 2, 3}}};
  for (const Case& c : cases) {
    Maker maker;
    auto packets = joined({maker.picture(true, 3), maker.picture(false, 2), maker.picture(false, 2),
                           maker.picture(true, 2), maker.picture(false, 2)});
    packets.erase(packets.begin() + static_cast<std::ptrdiff_t>(c.lost));
    EXPECT_EQ(times_of(assemble(packets)), c.left) << "lost packet " << c.lost;
  }
}

TEST(TrackAssembler, BeginsWithAPictureThatDecodesByItself) {
  Maker maker;
  const auto packets =
      joined({maker.picture(false, 2), maker.picture(false, 1), maker.picture(true, 2), maker.picture(false, 1)});
  EXPECT_THAT(times_of(assemble(packets)), ElementsAre(2, 3));
}

TEST(TrackAssembler, NumbersThatPaddingTookAreNoLoss) {
  Maker maker;
  auto first = maker.picture(true, 2);
  maker.sequence += 3;  // never seen by the tap
  auto second = maker.picture(false, 2);
  auto third = maker.picture(false, 1);
  EXPECT_THAT(times_of(assemble(joined({first, second, third}))), ElementsAre(0, 1, 2));
}

TEST(TrackAssembler, EmptyPacketsAreNoPictures) {
  Maker maker;
  auto first = maker.picture(true, 1);
  auto padding = std::vector<TrackPacket>{maker.packet({}, false)};
  auto second = maker.picture(false, 1);
  EXPECT_THAT(times_of(assemble(joined({first, padding, second}))), ElementsAre(0, 1));
}

TEST(TrackAssembler, WaitsForARetransmissionForASecond) {
  Maker maker;
  auto packets = joined({maker.picture(true, 2), maker.picture(false, 1), maker.picture(false, 1)});
  TrackPacket late = packets[1];
  packets.erase(packets.begin() + 1);
  TrackAssembler assembler(media::Codec::vp8);
  std::vector<MediaFrame> frames;
  for (const TrackPacket& packet : packets) assembler.push(packet, frames);
  EXPECT_THAT(frames, IsEmpty());
  late.packet.arrival = packets.back().packet.arrival + std::chrono::milliseconds(900);
  assembler.push(late, frames);
  assembler.finish(frames);
  EXPECT_THAT(times_of(frames), ElementsAre(0, 1, 2));
}

TEST(TrackAssembler, SoundPassesLossesAndKeepsItsTimes) {
  Maker maker;
  std::vector<TrackPacket> packets;
  for (int i = 0; i < 5; ++i) {
    packets.push_back(maker.packet({0x78, 1, 2}, true));  // one frame of 20 ms (RFC 6716 section 3.1)
    maker.timestamp += 3'000;
  }
  packets.erase(packets.begin() + 2);
  EXPECT_THAT(times_of(assemble(packets, media::Codec::opus)), ElementsAre(0, 1, 3, 4));
  EXPECT_EQ(assemble(packets, media::Codec::opus)[0].data, (Bytes{0x78, 1, 2}));
}

TEST(TrackAssembler, APictureTellsTheRotationOfItsLastPacket) {
  Maker maker;
  auto packets = maker.picture(true, 2);
  packets[1].packet.rotation = media::Rotation::clockwise_90;
  EXPECT_EQ(assemble(packets).at(0).rotation, media::Rotation::clockwise_90);
}

}  // namespace
}  // namespace tw::processing
