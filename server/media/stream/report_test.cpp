#include <gtest/gtest.h>

#include "media/stream/keyframe_requester.hpp"
#include "media/stream/ntp_time.hpp"
#include "media/stream/receive_statistics.hpp"
#include "media/stream/round_trip_estimator.hpp"
#include "media/stream/sender_report_clock.hpp"

namespace tw::media {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr SteadyTime kStart{std::chrono::hours{1}};
constexpr WallTime kWall{seconds{1'700'000'000}};
constexpr std::uint64_t kCycle = 1U << 16;  // where SequenceExtender starts

TEST(NtpTime, CountsFrom1900In32Bits) {
  EXPECT_EQ(to_ntp(WallTime{seconds{0}}) >> 32, 2'208'988'800U);
  EXPECT_EQ(to_ntp(WallTime{milliseconds{500}}) & 0xFFFFFFFF, 0x80000000U);
  EXPECT_EQ(ntp_middle(0x1122334455667788), 0x33445566U);
}

TEST(NtpTime, TakesDifferencesBothWays) {
  const auto a = to_ntp(kWall + milliseconds{1'250});
  const auto b = to_ntp(kWall);
  EXPECT_NEAR(static_cast<double>(ntp_difference(a, b).count()), 1'250'000, 1);
  EXPECT_NEAR(static_cast<double>(ntp_difference(b, a).count()), -1'250'000, 1);
}

TEST(ReceiveStatistics, CountsLossOfTheIntervalAndInAll) {
  ReceiveStatistics statistics(90'000);
  for (std::uint64_t i = 0; i < 10; ++i) {
    if (i != 3 && i != 7) statistics.on_packet(kCycle + 100 + i, 0, 1'000, kStart);
  }
  auto block = statistics.take_report(42, kStart);
  EXPECT_EQ(block.ssrc, 42U);
  EXPECT_EQ(block.fraction_lost, 2 * 256 / 10);
  EXPECT_EQ(block.cumulative_lost, 2);
  EXPECT_EQ(block.highest_sequence, 109U);
  for (std::uint64_t i = 10; i < 20; ++i) statistics.on_packet(kCycle + 100 + i, 0, 1'000, kStart);
  block = statistics.take_report(42, kStart);
  EXPECT_EQ(block.fraction_lost, 0);
  EXPECT_EQ(block.cumulative_lost, 2);
  EXPECT_EQ(statistics.bytes(), 18'000U);
}

TEST(ReceiveStatistics, CountsCyclesOfTheSequence) {
  ReceiveStatistics statistics(90'000);
  statistics.on_packet(kCycle + 65'535, 0, 1, kStart);
  statistics.on_packet(kCycle + 65'536, 0, 1, kStart);
  EXPECT_EQ(statistics.take_report(1, kStart).highest_sequence, 0x10000U);
}

TEST(ReceiveStatistics, MeasuresJitterAsRfc3550Does) {
  ReceiveStatistics steady(90'000);
  ReceiveStatistics uneven(90'000);
  for (int i = 0; i < 200; ++i) {
    const auto timestamp =
        static_cast<std::uint32_t>(0xFFFFF000U + static_cast<std::uint32_t>(i) * 2'700);  // over the wrap
    steady.on_packet(kCycle + static_cast<std::uint64_t>(i), timestamp, 1, kStart + milliseconds{30 * i});
    uneven.on_packet(kCycle + static_cast<std::uint64_t>(i), timestamp, 1,
                     kStart + milliseconds{30 * i + (i % 2) * 10});
  }
  EXPECT_LT(steady.take_report(1, kStart).jitter, 5U);
  EXPECT_NEAR(uneven.take_report(1, kStart).jitter, 900, 20);  // 10 ms at 90 kHz, each time
}

TEST(ReceiveStatistics, RefersToTheLastSenderReport) {
  ReceiveStatistics statistics(90'000);
  statistics.on_packet(kCycle, 0, 1, kStart);
  EXPECT_EQ(statistics.take_report(1, kStart).last_sr, 0U);
  statistics.on_sender_report(0x1122334455667788, kStart);
  const auto block = statistics.take_report(1, kStart + milliseconds{500});
  EXPECT_EQ(block.last_sr, 0x33445566U);
  EXPECT_EQ(block.delay_since_last_sr, 32'768U);
}

TEST(RoundTripEstimator, ReadsReports) {
  struct Case {
    microseconds path;
    microseconds held;
  };
  const Case cases[] = {
      {milliseconds{1}, milliseconds{0}}, {milliseconds{80}, milliseconds{900}}, {seconds{2}, seconds{5}}};
  for (const auto& c : cases) {
    RoundTripEstimator estimator;
    estimator.on_report(ntp_middle(to_ntp(kWall)), to_ntp_units(c.held), kWall + c.path + c.held);
    ASSERT_TRUE(estimator.known());
    EXPECT_NEAR(static_cast<double>(estimator.value().count()), static_cast<double>(c.path.count()), 50);
  }
}

TEST(RoundTripEstimator, IgnoresWhatCannotBe) {
  RoundTripEstimator estimator;
  estimator.on_report(0, 0, kWall);
  EXPECT_FALSE(estimator.known());
  EXPECT_EQ(estimator.value(), RoundTripEstimator::kUnknown);
  estimator.on_report(ntp_middle(to_ntp(kWall)), 0, kWall + seconds{60});
  EXPECT_FALSE(estimator.known());
  estimator.on_report(ntp_middle(to_ntp(kWall)), to_ntp_units(seconds{1}), kWall + milliseconds{999});
  EXPECT_EQ(estimator.value().count(), 0);
}

TEST(SenderReportClock, KeepsLipsTogetherWhateverTheDelayOfEachReport) {
  // The publisher's clock is an hour off; its sound and picture were captured at the same instant.
  const WallTime theirs = kWall - std::chrono::hours{1};
  PublisherClock clock;
  SenderReportClock audio(48'000);
  SenderReportClock video(90'000);
  EXPECT_FALSE(audio.timestamp_at(kWall, clock));
  clock.on_report(to_ntp(theirs), kWall + milliseconds{20});
  audio.on_report(to_ntp(theirs), 1'000);
  clock.on_report(to_ntp(theirs + milliseconds{500}), kWall + milliseconds{500 + 90});
  video.on_report(to_ntp(theirs + milliseconds{500}), 50'000);

  const WallTime later = kWall + seconds{2} + milliseconds{20};  // theirs + 2 s over the fastest path
  EXPECT_NEAR(*audio.timestamp_at(later, clock), 1'000 + 96'000, 2);
  EXPECT_NEAR(*video.timestamp_at(later, clock), 50'000 + 135'000, 2);
}

TEST(SenderReportClock, GoesBackBeforeItsReport) {
  PublisherClock clock;
  SenderReportClock video(90'000);
  clock.on_report(to_ntp(kWall), kWall);
  video.on_report(to_ntp(kWall), 45'000);
  EXPECT_NEAR(static_cast<double>(*video.timestamp_at(kWall - milliseconds{500}, clock)), 0, 1);
}

TEST(PublisherClock, FollowsAClockThatWasSetAnewWithinItsMemory) {
  PublisherClock clock;
  clock.on_report(to_ntp(kWall), kWall);
  for (std::size_t i = 0; i < PublisherClock::kReports; ++i) {
    clock.on_report(to_ntp(kWall - seconds{30}), kWall);
  }
  EXPECT_NEAR(static_cast<double>(ntp_difference(to_ntp(kWall), clock.publisher_ntp(kWall)).count()), 30e6, 10);
}

TEST(KeyframeRequester, AsksOnceAnIntervalUntilAKeyframeComes) {
  KeyframeRequester requester;
  EXPECT_FALSE(requester.take_due(kStart));
  requester.want();
  EXPECT_TRUE(requester.take_due(kStart));
  requester.want();
  requester.want();
  EXPECT_FALSE(requester.take_due(kStart + KeyframeRequester::kInterval - milliseconds{1}));
  EXPECT_EQ(requester.deadline(), kStart + KeyframeRequester::kInterval);
  EXPECT_TRUE(requester.take_due(kStart + KeyframeRequester::kInterval));
  requester.on_keyframe();
  EXPECT_FALSE(requester.take_due(kStart + seconds{5}));
  EXPECT_FALSE(requester.deadline());
}

TEST(KeyframeRequester, ThrottlesTheNextWishToo) {
  KeyframeRequester requester;
  requester.want();
  EXPECT_TRUE(requester.take_due(kStart));
  requester.on_keyframe();
  requester.want();
  EXPECT_FALSE(requester.take_due(kStart + milliseconds{100}));
  EXPECT_TRUE(requester.take_due(kStart + KeyframeRequester::kInterval));
}

TEST(KeyframeRequester, StopsAskingASourceThatIgnoresIt) {
  KeyframeRequester requester;
  requester.want();
  unsigned asked = 0;
  for (int i = 0; i < 100; ++i) asked += requester.take_due(kStart + seconds{i}) ? 1 : 0;
  EXPECT_EQ(asked, KeyframeRequester::kMaxRepeats);
  requester.want();
  EXPECT_TRUE(requester.take_due(kStart + seconds{200}));
}

}  // namespace
}  // namespace tw::media
