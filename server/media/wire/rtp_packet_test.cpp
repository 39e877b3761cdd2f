#include "media/wire/rtp_packet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/wire/rtp_extensions.hpp"

namespace tw::media {
namespace {

Bytes hex(std::string_view text) { return *from_hex(text); }
std::string text_of(const std::optional<ByteView>& value) { return value ? to_hex(*value) : "none"; }

TEST(RtpPacket, ReadsHeadersOfEveryShape) {
  const struct {
    const char* name;
    std::string hex;
    bool readable;
    std::size_t header_bytes = 0;
    std::string payload{};
    unsigned padding = 0;
  } cases[] = {
      {"plain",
       "80e0"
       "1234"
       "56789abc"
       "01020304"
       "aabb",
       true, 12, "aabb"},
      {"no payload",
       "80e0"
       "1234"
       "56789abc"
       "01020304",
       true, 12, ""},
      {"two CSRCs",
       "82e0"
       "1234"
       "56789abc"
       "01020304"
       "0000000100000002"
       "aa",
       true, 20, "aa"},
      {"empty extension",
       "90e0"
       "1234"
       "56789abc"
       "01020304"
       "bede0000"
       "aa",
       true, 16, "aa"},
      {"extension of one word",
       "90e0"
       "1234"
       "56789abc"
       "01020304"
       "bede0001"
       "10010000"
       "aa",
       true, 20, "aa"},
      {"padding",
       "a0e0"
       "1234"
       "56789abc"
       "01020304"
       "aabb0002",
       true, 12, "aabb", 2},
      {"all padding",
       "a0e0"
       "1234"
       "56789abc"
       "01020304"
       "00000003",
       true, 12, "00", 3},
      {"padding of the whole payload",
       "a0e0"
       "1234"
       "56789abc"
       "01020304"
       "0002",
       true, 12, "", 2},
      {"padding says more",
       "a0e0"
       "1234"
       "56789abc"
       "01020304"
       "0003",
       false},
      {"padding says nothing",
       "a0e0"
       "1234"
       "56789abc"
       "01020304"
       "0000",
       false},
      {"padding without payload",
       "a0e0"
       "1234"
       "56789abc"
       "01020304",
       false},
      {"version 1",
       "40e0"
       "1234"
       "56789abc"
       "01020304",
       false},
      {"header cut",
       "80e0"
       "1234"
       "56789abc"
       "010203",
       false},
      {"CSRCs cut",
       "8fe0"
       "1234"
       "56789abc"
       "01020304"
       "00000001",
       false},
      {"extension header cut",
       "90e0"
       "1234"
       "56789abc"
       "01020304"
       "bede",
       false},
      {"extension cut",
       "90e0"
       "1234"
       "56789abc"
       "01020304"
       "bede0002"
       "10010000",
       false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Bytes packet = hex(c.hex);
    const auto view = RtpPacketView::parse(packet);
    ASSERT_EQ(view.has_value(), c.readable);
    if (!c.readable) continue;
    EXPECT_TRUE(view->marker);
    EXPECT_EQ(view->payload_type, 96);
    EXPECT_EQ(view->sequence, 0x1234);
    EXPECT_EQ(view->timestamp, 0x56789ABCU);
    EXPECT_EQ(view->ssrc, 0x01020304U);
    EXPECT_EQ(view->header_bytes, c.header_bytes);
    EXPECT_EQ(to_hex(view->payload), c.payload);
    EXPECT_EQ(view->padding_bytes, c.padding);
  }
}

TEST(RtpPacket, FindsExtensionsOfBothFormsOfRfc8285) {
  const struct {
    const char* name;
    std::string profile_and_words;
    std::uint8_t id;
    std::string value;
  } cases[] = {
      {"one byte, first",
       "bede0002"
       "10aa"
       "2101020000000",
       1, "aa"},
      {"one byte, second",
       "bede0002"
       "10aa"
       "210102000000",
       2, "0102"},
      {"one byte, padding between",
       "bede0002"
       "10aa0000"
       "31010200",
       3, "0102"},
      {"one byte, absent",
       "bede0001"
       "10aa0000",
       2, "none"},
      {"one byte, stops at id 15",
       "bede0002"
       "f0aa0000"
       "20bb0000",
       2, "none"},
      {"one byte, value runs over",
       "bede0001"
       "1faa0000",
       1, "none"},
      {"two bytes",
       "10000002"
       "0101aa02"
       "02010200",
       2, "0102"},
      {"two bytes, with application bits",
       "100f0001"
       "0501aa00",
       5, "aa"},
      {"two bytes, empty value",
       "10000001"
       "05000000",
       5, ""},
      {"two bytes, id above 14",
       "10000001"
       "c801aa00",
       200, "aa"},
      {"two bytes, header cut",
       "10000001"
       "00000005",
       5, "none"},
      {"two bytes, value runs over",
       "10000001"
       "0509aa00",
       5, "none"},
      {"another profile",
       "abac0001"
       "10aa0000",
       1, "none"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    std::string words = c.profile_and_words;
    const std::size_t whole = 8 + std::size_t{static_cast<unsigned>(words[7] - '0')} * 8;
    words.resize(whole, '0');
    const Bytes packet = hex("90e0123456789abc01020304" + words + "ff");
    const auto view = RtpPacketView::parse(packet);
    ASSERT_TRUE(view);
    EXPECT_EQ(text_of(view->extension(c.id)), c.value);
  }
}

TEST(RtpPacket, ReadsBackWhatItWrites) {
  const Bytes mid = hex("6131");
  const Bytes sequence = hex("0102");
  const Bytes orientation = hex("03");
  const RtpExtension extensions[] = {{1, mid}, {14, sequence}, {4, orientation}};
  Bytes packet(100);
  const RtpHeader header{.marker = true, .payload_type = 111, .sequence = 7, .timestamp = 8, .ssrc = 9};
  const std::size_t bytes = write_rtp_header(packet, header, extensions);
  ASSERT_EQ(bytes, 12U + 4 + 8);
  packet.resize(bytes);
  const auto view = RtpPacketView::parse(packet);
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->marker);
  EXPECT_EQ(view->payload_type, 111);
  EXPECT_EQ(view->sequence, 7);
  EXPECT_EQ(view->timestamp, 8U);
  EXPECT_EQ(view->ssrc, 9U);
  EXPECT_EQ(text_of(view->extension(1)), "6131");
  EXPECT_EQ(text_of(view->extension(14)), "0102");
  EXPECT_EQ(text_of(view->extension(4)), "03");
  EXPECT_EQ(write_rtp_header(packet, header, {}), 12U);
  EXPECT_EQ(write_rtp_header(std::span(packet).first(bytes - 1), header, extensions), 0U) << "does not fit";
  for (const auto& wrong : {RtpExtension{0, mid}, RtpExtension{15, mid}, RtpExtension{1, {}}}) {
    EXPECT_EQ(write_rtp_header(packet, header, std::span(&wrong, 1)), 0U);
  }
}

TEST(SequenceExtender, FollowsWrapsAndReordering) {
  SequenceExtender extender;
  const std::uint64_t start = extender.extend(65'534);
  const struct {
    std::uint16_t sequence;
    std::int64_t offset;
  } cases[] = {{65'535, 1},      {1, 3},           {0, 2},        {65'533, -1},
               {32'000, 32'002}, {64'000, 64'002}, {100, 65'638}, {64'000, 64'002}};
  for (const auto& c : cases) {
    EXPECT_EQ(static_cast<std::int64_t>(extender.extend(c.sequence) - start), c.offset) << c.sequence;
  }
}

TEST(SequenceNumbers, AreComparedInACircle) {
  EXPECT_TRUE(is_newer(1, 0));
  EXPECT_TRUE(is_newer(0, 65'535));
  EXPECT_TRUE(is_newer(32'767, 0));
  EXPECT_FALSE(is_newer(0, 0));
  EXPECT_FALSE(is_newer(0, 1));
  EXPECT_FALSE(is_newer(65'535, 0));
}

TEST(TimestampExtender, FollowsWraps) {
  TimestampExtender extender;
  const std::int64_t start = extender.extend(0xFFFFFFF0);
  EXPECT_EQ(extender.extend(16) - start, 32);
  EXPECT_EQ(extender.extend(0xFFFFFFF1) - start, 1);
}

TEST(VideoOrientation, GoesBothWays) {
  for (const auto rotation :
       {Rotation::none, Rotation::clockwise_90, Rotation::clockwise_180, Rotation::clockwise_270}) {
    const std::uint8_t octet = video_orientation_octet(rotation);
    EXPECT_EQ(read_video_orientation({&octet, 1}), rotation);
  }
  const std::uint8_t with_camera_and_flip = 0x0D;
  EXPECT_EQ(read_video_orientation({&with_camera_and_flip, 1}), Rotation::clockwise_90);
  EXPECT_EQ(read_video_orientation({}), std::nullopt);
}

TEST(AbsSendTime, IsSecondsIn6Point18AndWraps) {
  using std::chrono::microseconds;
  EXPECT_EQ(abs_send_time(microseconds{0}), 0U);
  EXPECT_EQ(abs_send_time(microseconds{1'000'000}), 1U << 18);
  EXPECT_EQ(abs_send_time(microseconds{500'000}), 1U << 17);
  EXPECT_EQ(abs_send_time(microseconds{64'000'000}), 0U);
  EXPECT_EQ(abs_send_time(microseconds{63'999'999}), 0xFFFFFFU);
}

}  // namespace
}  // namespace tw::media
