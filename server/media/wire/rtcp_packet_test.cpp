#include "media/wire/rtcp_packet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace tw::media {
namespace {

/// Writes down everything it is told.
class Notes final : public RtcpVisitor {
 public:
  void on_sender_report(const SenderReport& r) override {
    out << "sr " << r.ssrc << " " << r.ntp << " " << r.timestamp << " " << r.packets << " " << r.bytes << "; ";
  }
  void on_report_block(const ReportBlock& b) override {
    out << "block " << b.ssrc << " " << int{b.fraction_lost} << " " << b.cumulative_lost << " " << b.highest_sequence
        << " " << b.jitter << " " << b.last_sr << " " << b.delay_since_last_sr << "; ";
  }
  void on_cname(std::uint32_t ssrc, std::string_view cname) override {
    out << "cname " << ssrc << " " << cname << "; ";
  }
  void on_bye(std::uint32_t ssrc) override { out << "bye " << ssrc << "; "; }
  void on_nack(std::uint32_t ssrc, std::uint16_t sequence) override {
    out << "nack " << ssrc << " " << sequence << "; ";
  }
  void on_keyframe_request(std::uint32_t ssrc) override { out << "keyframe " << ssrc << "; "; }
  void on_remb(std::uint64_t bps) override { out << "remb " << bps << "; "; }
  void on_transport_feedback(std::uint16_t sequence, std::optional<std::chrono::microseconds> arrival) override {
    out << sequence << (arrival ? "@" + std::to_string(arrival->count()) : " lost") << "; ";
  }
  void on_receiver_reference_time(std::uint32_t ssrc, std::uint64_t ntp) override {
    out << "rrtr " << ssrc << " " << ntp << "; ";
  }
  void on_receiver_delay(std::uint32_t last, std::uint32_t delay) override {
    out << "dlrr " << last << " " << delay << "; ";
  }
  std::ostringstream out;
};

std::string read(ByteView packet) {
  Notes notes;
  const bool whole = parse_rtcp(packet, notes);
  return notes.out.str() + (whole ? "" : "malformed");
}
std::string read_hex(std::string_view hex) { return read(*from_hex(hex)); }

TEST(RtcpPacket, ReadsBackEveryPartItWrites) {
  std::array<std::uint8_t, 1500> buffer{};
  RtcpWriter writer(buffer);
  const ReportBlock blocks[] = {{1, 255, -3, 70'000, 4, 5, 6}, {2, 0, 0x7FFFFF, 8, 9, 10, 11}};
  const std::uint16_t lost[] = {65'534, 65'535, 0, 14, 15, 40};
  const std::uint32_t ssrcs[] = {1, 2};
  ASSERT_TRUE(writer.sender_report({7, 0x0123456789ABCDEF, 90'000, 10, 1000}, blocks));
  ASSERT_TRUE(writer.cname(7, "peer@example"));
  ASSERT_TRUE(writer.receiver_report(7, {}));
  ASSERT_TRUE(writer.pli(7, 8));
  ASSERT_TRUE(writer.fir(7, 9, 3));
  ASSERT_TRUE(writer.nack(7, 8, lost));
  ASSERT_TRUE(writer.remb(7, 1'500'000, ssrcs));
  ASSERT_TRUE(writer.receiver_reference_time(7, 99));
  ASSERT_TRUE(writer.receiver_delay(7, 8, 12, 13));
  ASSERT_TRUE(writer.bye(7));
  EXPECT_EQ(read(writer.written()),
            "sr 7 81985529216486895 90000 10 1000; block 1 255 -3 70000 4 5 6; block 2 0 8388607 8 9 10 11; "
            "cname 7 peer@example; keyframe 8; keyframe 9; "
            "nack 8 65534; nack 8 65535; nack 8 0; nack 8 14; nack 8 15; nack 8 40; remb 1500000; "
            "rrtr 7 99; dlrr 12 13; bye 7; ");
}

TEST(RtcpPacket, WritesCnamesOfEveryLengthWithTheirPadding) {
  for (std::size_t length = 0; length <= 255; ++length) {
    std::array<std::uint8_t, 300> buffer{};
    RtcpWriter writer(buffer);
    const std::string name(length, 'n');
    ASSERT_TRUE(writer.cname(5, name));
    ASSERT_TRUE(writer.bye(6));
    EXPECT_EQ(read(writer.written()), "cname 5 " + name + "; bye 6; ");
  }
  std::array<std::uint8_t, 300> buffer{};
  RtcpWriter writer(buffer);
  EXPECT_FALSE(writer.cname(5, std::string(256, 'n')));
}

TEST(RtcpPacket, WritesNothingWithoutRoom) {
  std::array<std::uint8_t, 11> small{};
  RtcpWriter writer(small);
  const std::uint16_t lost[] = {1};
  EXPECT_FALSE(writer.sender_report({}, {}));
  EXPECT_FALSE(writer.pli(1, 2));
  EXPECT_FALSE(writer.nack(1, 2, lost));
  EXPECT_FALSE(writer.remb(1, 1, {}));
  EXPECT_TRUE(writer.bye(1));
  EXPECT_FALSE(writer.raw(std::array<std::uint8_t, 4>{}));
  EXPECT_EQ(writer.size(), 8U);
  std::array<std::uint8_t, 1500> buffer{};
  RtcpWriter large(buffer);
  EXPECT_FALSE(large.receiver_report(1, std::vector<ReportBlock>(32)));
  EXPECT_TRUE(large.receiver_report(1, std::vector<ReportBlock>(31)));
  EXPECT_FALSE(large.nack(1, 2, {}));
}

TEST(RtcpPacket, RembKeepsItsValueToAQuarterPerMille) {
  for (const std::uint64_t bps :
       {std::uint64_t{0}, std::uint64_t{30'000}, std::uint64_t{262'143}, std::uint64_t{262'144},
        std::uint64_t{1'500'000}, std::uint64_t{2'500'000'000}, std::uint64_t{1} << 60}) {
    std::array<std::uint8_t, 24> buffer{};
    RtcpWriter writer(buffer);
    ASSERT_TRUE(writer.remb(1, bps, {}));
    Notes notes;
    ASSERT_TRUE(parse_rtcp(writer.written(), notes));
    const std::uint64_t told = std::stoull(notes.out.str().substr(5));
    EXPECT_LE(told, bps);
    EXPECT_GE(told, bps - bps / 131'072);
  }
}

TEST(RtcpPacket, ReadsTransportFeedback) {
  // SSRCs 1 and 2; base sequence 10; reference time 2 (128 ms); feedback 0.
  const std::string head =
      "00000001"
      "00000002";
  const struct {
    const char* name;
    std::string hex;
    std::string expected;
  } cases[] = {
      {"a run of small deltas",
       "8fcd0006" + head +
           "000a0003"
           "00000200"
           "2003"
           "040801"
           "000000",
       "10@129000; 11@131000; 12@131250; "},
      {"a vector of single bits",
       "8fcd0006" + head +
           "000a0005"
           "00000200"
           "aa00"
           "04"
           "08"
           "0c"
           "000000",
       "10@129000; 11 lost; 12@131000; 13 lost; 14@134000; "},
      {"a vector of two bits with a negative delta",
       "8fcd0006" + head +
           "000a0003"
           "00000200"
           "d800"
           "04"
           "fffe"
           "000000",
       "10@129000; 11@128500; 12 lost; "},
      {"nothing came",
       "8fcd0005" + head +
           "ffff0002"
           "00000200"
           "0002"
           "0000",
       "65535 lost; 0 lost; "},
      {"chunks end early",
       "8fcd0005" + head +
           "000a0009"
           "00000200"
           "0002"
           "0002",
       "malformed"},
      {"deltas end early",
       "8fcd0005" + head +
           "000a0003"
           "00000200"
           "2003"
           "0404",
       "10@129000; 11@130000; malformed"},
      {"the reserved symbol",
       "8fcd0005" + head +
           "000a0001"
           "00000200"
           "6001"
           "0404",
       "malformed"},
      {"more packets than are allowed",
       "8fcd0005" + head +
           "000affff"
           "00000200"
           "1fff"
           "0000",
       "malformed"},
      {"header cut", "8fcd0003" + head + "000a0003", "malformed"},
  };
  for (const auto& c : cases) EXPECT_EQ(read_hex(c.hex), c.expected) << c.name;
}

TEST(RtcpPacket, ReadsCompoundsAndStopsAtWhatDoesNotFit) {
  const struct {
    const char* name;
    const char* hex;
    const char* expected;
  } cases[] = {
      {"empty", "", "malformed"},
      {"three bytes", "80c900", "malformed"},
      {"version 1",
       "40c90001"
       "00000001",
       "malformed"},
      {"length beyond the end",
       "80c90002"
       "00000001",
       "malformed"},
      {"report of blocks that are not there",
       "81c90001"
       "00000001",
       "malformed"},
      {"SR cut",
       "80c80001"
       "00000001",
       "malformed"},
      {"what was read before stays",
       "81cb0001"
       "00000007"
       "80c80001"
       "00000001",
       "bye 7; malformed"},
      {"an unknown kind is skipped",
       "80d20001"
       "00000001"
       "81cb0001"
       "00000007",
       "bye 7; "},
      {"application-defined is skipped",
       "80cc0002"
       "00000001"
       "61626364"
       "81cb0001"
       "00000007",
       "bye 7; "},
      {"extended report of unknown blocks",
       "80cf0003"
       "00000001"
       "ff000001"
       "00000000",
       ""},
      {"extended report that runs over",
       "80cf0002"
       "00000001"
       "04000002",
       "malformed"},
      {"BYE with a reason",
       "81cb0003"
       "00000007"
       "03627965"
       "00000000",
       "bye 7; "},
      {"BYE of nobody", "80cb0000", ""},
      {"BYE of more than there are",
       "82cb0001"
       "00000007",
       "malformed"},
      {"SDES item that runs over",
       "81ca0002"
       "00000007"
       "01096100",
       "malformed"},
      {"two SDES chunks",
       "82ca0004"
       "00000007"
       "01016100"
       "00000008"
       "01016200",
       "cname 7 a; cname 8 b; "},
      {"SDES chunk missing",
       "82ca0002"
       "00000007"
       "01016100",
       "cname 7 a; malformed"},
      {"padding",
       "a1cb0002"
       "00000007"
       "00000004",
       "bye 7; "},
      {"padding of nothing",
       "a1cb0002"
       "00000007"
       "00000000",
       "malformed"},
      {"padding longer than the packet",
       "a1cb0001"
       "000000ff",
       "malformed"},
      {"feedback cut",
       "81cd0001"
       "00000001",
       "malformed"},
      {"REMB of another kind",
       "8fce0004"
       "00000001"
       "00000000"
       "52454d43"
       "01000000",
       ""},
      {"FIR of two",
       "84ce0006"
       "00000001"
       "00000000"
       "00000005"
       "01000000"
       "00000006"
       "02000000",
       "keyframe 5; keyframe 6; "},
  };
  for (const auto& c : cases) EXPECT_EQ(read_hex(c.hex), c.expected) << c.name;
}

}  // namespace
}  // namespace tw::media
