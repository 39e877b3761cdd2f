#include "media/stream/twcc_receiver.hpp"

#include <gtest/gtest.h>

#include <map>

#include "media/wire/rtcp_packet.hpp"

namespace tw::media {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr SteadyTime kStart{std::chrono::hours{1}};

/// What a publisher learns from reports: each number's arrival.
struct Reader : RtcpVisitor {
  std::map<std::uint16_t, std::optional<microseconds>> told;
  void on_transport_feedback(std::uint16_t sequence, std::optional<microseconds> arrival) override {
    if (arrival || !told.contains(sequence)) told[sequence] = arrival;
  }
};

class TwccReceiverTest : public ::testing::Test {
 protected:
  std::size_t report() {
    std::array<std::uint8_t, kMaxPacketBytes> out{};
    const std::size_t bytes = receiver_.write_report(out, 1, 2);
    if (bytes > 0) {
      EXPECT_EQ(bytes % 4, 0U);
      EXPECT_LE(bytes, TwccReceiver::kMaxReportBytes);
      EXPECT_TRUE(parse_rtcp(ByteView(out).first(bytes), reader_));
    }
    return bytes;
  }
  TwccReceiver receiver_;
  Reader reader_;
};

TEST_F(TwccReceiverTest, TellsArrivalsWithinAQuarterOfAMillisecond) {
  const std::vector<int> at_us = {0, 1'000, 1'250, 70'000, 70'100, 3'000'000, 3'000'100};
  for (std::size_t i = 0; i < at_us.size(); ++i) {
    receiver_.on_packet(static_cast<std::uint16_t>(100 + i), kStart + microseconds{at_us[i]});
  }
  while (report() > 0) {
  }
  ASSERT_EQ(reader_.told.size(), at_us.size());
  const auto first = reader_.told[100].value();
  for (std::size_t i = 0; i < at_us.size(); ++i) {
    const auto told = reader_.told[static_cast<std::uint16_t>(100 + i)];
    ASSERT_TRUE(told) << i;
    EXPECT_NEAR(static_cast<double>((*told - first).count()), at_us[i], 500) << i;
  }
}

TEST_F(TwccReceiverTest, TellsWhatIsLost) {
  for (const int sequence : {10, 11, 13, 30}) {
    receiver_.on_packet(static_cast<std::uint16_t>(sequence), kStart + milliseconds{sequence});
  }
  EXPECT_GT(report(), 0U);
  EXPECT_EQ(reader_.told.size(), 21U);
  for (std::uint16_t sequence = 10; sequence <= 30; ++sequence) {
    const bool came = sequence == 10 || sequence == 11 || sequence == 13 || sequence == 30;
    EXPECT_EQ(reader_.told[sequence].has_value(), came) << sequence;
  }
}

TEST_F(TwccReceiverTest, TellsLossBetweenTwoReports) {
  receiver_.on_packet(1, kStart);
  EXPECT_GT(report(), 0U);
  receiver_.on_packet(4, kStart + milliseconds{50});
  EXPECT_GT(report(), 0U);
  EXPECT_TRUE(reader_.told.contains(2));
  EXPECT_FALSE(reader_.told[2].has_value());
  EXPECT_FALSE(reader_.told[3].has_value());
  EXPECT_TRUE(reader_.told[4].has_value());
}

TEST_F(TwccReceiverTest, TellsReorderedPacketsAndLatecomersOfAnEarlierReport) {
  for (const int sequence : {5, 7, 6, 9}) receiver_.on_packet(static_cast<std::uint16_t>(sequence), kStart);
  EXPECT_GT(report(), 0U);
  EXPECT_FALSE(reader_.told[8].has_value());
  receiver_.on_packet(8, kStart + milliseconds{30});
  EXPECT_GT(report(), 0U);
  for (std::uint16_t sequence = 5; sequence <= 9; ++sequence)
    EXPECT_TRUE(reader_.told[sequence].has_value()) << sequence;
}

TEST_F(TwccReceiverTest, GoesOnOverAWrap) {
  for (const int sequence : {65'534, 65'535, 0, 1}) receiver_.on_packet(static_cast<std::uint16_t>(sequence), kStart);
  EXPECT_GT(report(), 0U);
  EXPECT_EQ(reader_.told.size(), 4U);
}

TEST_F(TwccReceiverTest, IsDueSoonAfterAPacketAndNotWithoutOne) {
  EXPECT_FALSE(receiver_.deadline());
  EXPECT_EQ(report(), 0U);
  receiver_.on_packet(1, kStart);
  EXPECT_EQ(receiver_.deadline(), kStart + TwccReceiver::kInterval);
  EXPECT_GT(report(), 0U);
  EXPECT_FALSE(receiver_.deadline());
}

TEST_F(TwccReceiverTest, KeepsALimitedNumberOfArrivalsAndThenIsDueAtOnce) {
  for (std::size_t i = 0; i < TwccReceiver::kMaxPending + 50; ++i) {
    receiver_.on_packet(static_cast<std::uint16_t>(i), kStart + microseconds{i * 10});
  }
  EXPECT_LE(*receiver_.deadline(), kStart + milliseconds{10});
  while (report() > 0) {
  }
  EXPECT_EQ(reader_.told.size(), TwccReceiver::kMaxPending);
}

TEST_F(TwccReceiverTest, StartsOverBehindAWideGap) {
  receiver_.on_packet(1, kStart);
  receiver_.on_packet(20'000, kStart + milliseconds{5});
  int reports = 0;
  while (report() > 0) ASSERT_LT(++reports, 5);
  EXPECT_TRUE(reader_.told[1].has_value());
  EXPECT_TRUE(reader_.told[20'000].has_value());
  EXPECT_EQ(reader_.told.size(), 2U);
}

}  // namespace
}  // namespace tw::media
