#include "media/wire/red_payload.hpp"

#include <gtest/gtest.h>

namespace tw::media {
namespace {

/// TOC of a 20 ms Opus frame in one packet (RFC 6716 section 3.1), then its number.
Bytes opus(std::uint8_t number) { return {0x78, number, number}; }

struct Packet {
  Bytes bytes;
  RtpPacketView header;
};

Packet packet_of(ByteView payload, std::uint16_t sequence = 1000, std::uint32_t timestamp = 96'000) {
  Packet packet;
  packet.bytes.resize(kMaxPacketBytes);
  const std::size_t bytes = write_rtp_header(packet.bytes, {true, 63, sequence, timestamp, 7}, {});
  packet.bytes.resize(bytes);
  packet.bytes.insert(packet.bytes.end(), payload.begin(), payload.end());
  packet.header = *RtpPacketView::parse(packet.bytes);
  return packet;
}

TEST(RedPayload, ReadsWhatItWrites) {
  const Bytes older = opus(1);
  const Bytes old = opus(2);
  const Bytes own = opus(3);
  const RedBlock blocks[] = {{111, 1920, older}, {111, 960, old}, {111, 0, own}};
  Bytes payload(200);
  payload.resize(write_red(payload, blocks));
  ASSERT_EQ(payload.size(), 4U + 4U + 1U + 9U);
  const auto red = RedPayload::parse(payload);
  ASSERT_TRUE(red);
  ASSERT_EQ(red->repeated().size(), 2U);
  EXPECT_EQ(red->repeated()[0].timestamp_offset, 1920U);
  EXPECT_EQ(red->repeated()[1].payload_type, 111);
  EXPECT_TRUE(std::ranges::equal(red->repeated()[1].data, old));
  EXPECT_TRUE(std::ranges::equal(red->own().data, own));
}

TEST(RedPayload, KeepsTheNewestOfManyBlocks) {
  // Three repeated ones of one byte each, then the own: 0xA1 is the oldest.
  const Bytes payload{0xEF, 0x2D, 0x00, 0x01, 0xEF, 0x1E, 0x00, 0x01, 0xEF,
                      0x0F, 0x00, 0x01, 0x6F, 0xA1, 0xA2, 0xA3, 0xA4};
  const auto red = RedPayload::parse(payload);
  ASSERT_TRUE(red);
  ASSERT_EQ(red->count, RedPayload::kMaxBlocks);
  EXPECT_EQ(red->repeated()[0].data[0], 0xA2);
  EXPECT_EQ(red->repeated()[1].timestamp_offset, 960U);
  EXPECT_EQ(red->own().data[0], 0xA4);
}

TEST(RedPayload, RefusesLengthsThatDoNotFit) {
  EXPECT_FALSE(RedPayload::parse({}));
  EXPECT_FALSE(RedPayload::parse(Bytes{0xEF}));
  EXPECT_FALSE(RedPayload::parse(Bytes{0xEF, 0x0F, 0x00, 0x02}));
  EXPECT_FALSE(RedPayload::parse(Bytes{0xEF, 0x0F, 0x00, 0x02, 0x6F, 0x01}));
}

TEST(RedPayload, WritesNothingThatCannotBeDescribed) {
  const Bytes own = opus(1);
  const Bytes large(RedPayload::kMaxBlockBytes + 1);
  Bytes out(4000);
  const RedBlock too_long[] = {{111, 960, large}, {111, 0, own}};
  const RedBlock too_old[] = {{111, RedPayload::kMaxTimestampOffset + 1, own}, {111, 0, own}};
  EXPECT_EQ(write_red(out, too_long), 0U);
  EXPECT_EQ(write_red(out, too_old), 0U);
  EXPECT_EQ(write_red(std::span(out).first(3), std::span(too_old).last(1)), 0U);
  EXPECT_EQ(write_red(out, {}), 0U);
}

TEST(RedPayload, APacketBecomesThePlainOneAndGivesBackTheOneBefore) {
  const Bytes old = opus(2);
  const Bytes own = opus(3);
  const RedBlock blocks[] = {{111, 960, old}, {111, 0, own}};
  Bytes payload(100);
  payload.resize(write_red(payload, blocks));
  Packet packet = packet_of(payload);
  const auto red = RedPayload::parse(packet.header.payload);
  ASSERT_TRUE(red);

  Bytes restored(kMaxPacketBytes);
  restored.resize(restore_repeated_opus(restored, packet.bytes, packet.header, red->repeated()[0]));
  const auto before = RtpPacketView::parse(restored);
  ASSERT_TRUE(before);
  EXPECT_EQ(before->sequence, 999);
  EXPECT_EQ(before->timestamp, 95'040U);
  EXPECT_EQ(before->payload_type, 111);
  EXPECT_FALSE(before->marker);
  EXPECT_TRUE(std::ranges::equal(before->payload, old));

  const auto plain = RtpPacketView::parse(unwrap_red(packet.bytes, packet.header, *red));
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->sequence, 1000);
  EXPECT_EQ(plain->payload_type, 111);
  EXPECT_TRUE(plain->marker);
  EXPECT_TRUE(std::ranges::equal(plain->payload, own));
}

TEST(RedPayload, ATimeThatIsNoWholeNumberOfPacketsGivesNothingBack) {
  const Bytes old = opus(2);
  const Packet packet = packet_of(Bytes{0x6F, 1});
  Bytes out(kMaxPacketBytes);
  EXPECT_EQ(restore_repeated_opus(out, packet.bytes, packet.header, {111, 961, old}), 0U);
  EXPECT_EQ(restore_repeated_opus(out, packet.bytes, packet.header, {111, 0, old}), 0U);
  EXPECT_EQ(restore_repeated_opus(out, packet.bytes, packet.header, {111, 960, {}}), 0U);
}

}  // namespace
}  // namespace tw::media
