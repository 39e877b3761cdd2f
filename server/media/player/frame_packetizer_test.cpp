// What a player sends can be put together again by what the server itself reads publishers with.
#include "media/player/frame_packetizer.hpp"

#include <gtest/gtest.h>

#include <array>

#include "base/byte_order.hpp"
#include "media/wire/h264_payload.hpp"
#include "media/wire/vp8_payload.hpp"

namespace tw::media {
namespace {

std::vector<Bytes> cut(FramePacketizer& packetizer, ByteView frame) {
  packetizer.begin(frame);
  std::vector<Bytes> payloads;
  std::array<std::uint8_t, FramePacketizer::kMaxPayloadBytes> out{};
  while (const std::size_t bytes = packetizer.next(out)) payloads.emplace_back(out.begin(), out.begin() + bytes);
  EXPECT_TRUE(packetizer.done());
  return payloads;
}

Bytes pattern(std::size_t bytes, std::uint8_t first) {
  Bytes result(bytes);
  for (std::size_t i = 0; i < bytes; ++i) result[i] = static_cast<std::uint8_t>(i * 7 + 1);
  result[0] = first;
  return result;
}

void append_unit(Bytes& frame, const Bytes& unit) {
  std::array<std::uint8_t, 4> length{};
  store_be<std::uint32_t>(length.data(), static_cast<std::uint32_t>(unit.size()));
  frame.insert(frame.end(), length.begin(), length.end());
  frame.insert(frame.end(), unit.begin(), unit.end());
}

TEST(FramePacketizer, Vp8FramesComeTogetherAgain) {
  FramePacketizer packetizer(Codec::vp8);
  for (const std::size_t bytes : {1U, 1'155U, 1'156U, 1'157U, 40'000U}) {
    const Bytes frame = pattern(bytes, 0x11);
    const auto payloads = cut(packetizer, frame);
    Bytes joined;
    for (std::size_t i = 0; i < payloads.size(); ++i) {
      const auto parsed = Vp8Payload::parse(payloads[i]);
      ASSERT_TRUE(parsed);
      EXPECT_EQ(parsed->frame_start(), i == 0);
      EXPECT_EQ(parsed->picture_id, Vp8Payload::parse(payloads[0])->picture_id);
      if (i + 1 < payloads.size()) {
        EXPECT_EQ(payloads[i].size(), payloads[0].size());  // so that GSO can send them
      }
      joined.insert(joined.end(), payloads[i].begin() + static_cast<std::ptrdiff_t>(parsed->descriptor_bytes),
                    payloads[i].end());
    }
    EXPECT_EQ(joined, frame);
  }
}

TEST(FramePacketizer, PictureIdsCountOn) {
  FramePacketizer packetizer(Codec::vp8);
  const Bytes frame = pattern(10, 0x10);
  const auto first = Vp8Payload::parse(cut(packetizer, frame)[0])->picture_id;
  const auto second = Vp8Payload::parse(cut(packetizer, frame)[0])->picture_id;
  EXPECT_EQ(*second, *first + 1);
}

TEST(FramePacketizer, H264UnitsComeTogetherAgain) {
  FramePacketizer packetizer(Codec::h264);
  const std::vector<Bytes> units{pattern(20, 0x67), pattern(6, 0x68), pattern(5'000, 0x65), pattern(900, 0x41),
                                 pattern(FramePacketizer::kMaxPayloadBytes, 0x41)};
  Bytes frame;
  Bytes expected;
  for (const Bytes& unit : units) {
    append_unit(frame, unit);
    expected.insert(expected.end(), {0, 0, 0, 1});
    expected.insert(expected.end(), unit.begin(), unit.end());
  }
  const auto payloads = cut(packetizer, frame);
  Bytes joined;
  for (const Bytes& payload : payloads) {
    const auto parsed = H264Payload::parse(payload);
    ASSERT_TRUE(parsed);
    append_annex_b(payload, *parsed, joined);
  }
  EXPECT_EQ(joined, expected);
  const auto first = H264Payload::parse(payloads.front());
  EXPECT_EQ(first->packetization, H264Packetization::aggregate);  // both parameter sets in one packet
  EXPECT_TRUE(first->parameter_sets);
}

TEST(FramePacketizer, SoundIsOnePacket) {
  FramePacketizer packetizer(Codec::opus);
  const Bytes frame = pattern(160, 0xFC);
  EXPECT_EQ(cut(packetizer, frame), std::vector<Bytes>{frame});
}

}  // namespace
}  // namespace tw::media
