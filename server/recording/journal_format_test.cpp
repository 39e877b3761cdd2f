#include "recording/journal_format.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/byte_order.hpp"
#include "base/crc32c.hpp"

namespace tw::recording {
namespace {

media::TrackInfo video_track() {
  return {7, {"customer", "camera"}, media::Kind::video, media::Codec::vp8, 90'000, 0, "max-fs=3600"};
}

Packet some_packet() {
  Packet packet;
  packet.track = 7;
  packet.arrival = from_micros(1'700'000'000'123'456);
  packet.extended_sequence = 0x1'0000'0005;
  packet.rotation = media::Rotation::clockwise_270;
  packet.keyframe_start = true;
  packet.payload_offset = 16;
  packet.rtp.assign(900, 0xAB);
  return packet;
}

const WallTime kNow = from_micros(1'700'000'000'000'001);

std::vector<JournalRecord> one_of_each() {
  return {Opening{"rec_1", 3, kNow},
          TrackStarted{video_track(), kNow},
          some_packet(),
          SenderReport{{7, kNow, 0xE000'0000'8000'0000, 4'000'000'000}},
          TrackEnded{7, kNow},
          Event{kNow, "photo", R"({"photo":"pho_1"})"},
          Closing{kNow}};
}

TEST(JournalFormat, EveryKindOfRecordComesBackAsItWas) {
  Bytes bytes;
  for (const auto& record : one_of_each()) ASSERT_TRUE(encode_record(record, bytes));
  ByteView rest(bytes);
  for (std::size_t i = 0; i < one_of_each().size(); ++i) {
    const auto decoded = decode_record(rest);
    ASSERT_EQ(decoded.status, DecodeStatus::record) << i;
    ASSERT_EQ(decoded.record->index(), i);
    Bytes again;
    ASSERT_TRUE(encode_record(*decoded.record, again));
    EXPECT_TRUE(std::ranges::equal(again, rest.first(decoded.consumed))) << i;
    rest = rest.subspan(decoded.consumed);
  }
  EXPECT_TRUE(rest.empty());
}

TEST(JournalFormat, APacketOfATapIsTheSameRecord) {
  const Packet packet = some_packet();
  media::TapPacket tap;
  tap.track = packet.track;
  tap.arrival = packet.arrival;
  tap.extended_sequence = packet.extended_sequence;
  tap.rotation = packet.rotation;
  tap.keyframe_start = packet.keyframe_start;
  tap.rtp = packet.rtp;
  tap.payload = tap.rtp.subspan(packet.payload_offset);
  Bytes from_tap;
  Bytes from_record;
  from_tap.resize(packet_record_bytes(tap));
  write_packet_record(tap, from_tap.data());
  ASSERT_TRUE(encode_record(packet, from_record));
  from_tap.insert(from_tap.end(), from_tap.begin(), from_tap.end());
  check_records(from_tap);
  EXPECT_EQ(from_tap, [&] {
    Bytes twice = from_record;
    twice.insert(twice.end(), from_record.begin(), from_record.end());
    return twice;
  }());
  from_tap.resize(from_record.size());
  EXPECT_EQ(from_tap, from_record);
}

TEST(JournalFormat, APacketThatIsTooLongIsRefusedBeforeItIsWritten) {
  const Bytes rtp(kMaxRecordBytes);
  media::TapPacket tap;
  tap.rtp = rtp;
  EXPECT_EQ(packet_record_bytes(tap), 0U);
}

TEST(JournalFormat, EveryFlippedBitIsFound) {
  Bytes bytes;
  ASSERT_TRUE(encode_record(Event{kNow, "photo", "{}"}, bytes));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    Bytes changed = bytes;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    EXPECT_NE(decode_record(changed).status, DecodeStatus::record) << bit;
  }
}

TEST(JournalFormat, ATornRecordIsIncompleteNotDamaged) {
  Bytes bytes;
  ASSERT_TRUE(encode_record(some_packet(), bytes));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(decode_record(ByteView(bytes).first(size)).status, DecodeStatus::incomplete) << size;
  }
}

TEST(JournalFormat, AnUnknownKindIsSkippedWhole) {
  Bytes later;
  ASSERT_TRUE(encode_record(Event{kNow, "x", "{}"}, later));
  later[8] = 200;  // a kind of a later version
  EXPECT_EQ(decode_record(later).status, DecodeStatus::damaged) << "the CRC covers the kind";
  store_be<std::uint32_t>(later.data() + 4, crc32c(ByteView(later).subspan(8)));
  const auto decoded = decode_record(later);
  EXPECT_EQ(decoded.status, DecodeStatus::skipped);
  EXPECT_EQ(decoded.consumed, later.size());
}

TEST(JournalFormat, TooLongIsRefusedAndLeavesNothing) {
  Bytes bytes{1, 2, 3};
  EXPECT_FALSE(encode_record(Event{kNow, "x", std::string(kMaxRecordBytes, 'x')}, bytes));
  EXPECT_EQ(bytes, (Bytes{1, 2, 3}));
  Event longest{kNow, "", ""};
  longest.data_json.assign(kMaxRecordBytes - 1 - 8 - 4 - 4, 'x');
  EXPECT_TRUE(encode_record(longest, bytes));
  longest.data_json += 'x';
  EXPECT_FALSE(encode_record(longest, bytes));
}

TEST(JournalFormat, AnotherVersionSaysSo) {
  Bytes preamble = journal_preamble();
  EXPECT_TRUE(check_preamble(preamble).has_value());
  store_be<std::uint16_t>(preamble.data() + 8, kJournalVersion + 1);
  EXPECT_EQ(check_preamble(preamble).error().code, "journal.version_unknown");
  preamble[0] = 'X';
  EXPECT_EQ(check_preamble(preamble).error().code, "journal.not_a_journal");
}

}  // namespace
}  // namespace tw::recording
