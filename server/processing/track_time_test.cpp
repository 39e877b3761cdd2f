#include "processing/track_time.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tw::processing {
namespace {

constexpr std::int64_t kStart = 1'764'000'000'000'000;  // server's clock
constexpr std::int64_t kAhead = 77'000'000;             // the sender's clock

/// A track whose captures, delays and clock errors are known.
struct Track {
  std::uint32_t rate_hz = 90'000;
  std::int64_t step_us = 33'333;
  std::int64_t delay_us = 50'000;
  double clock_error = 0;  ///< of the media clock against the sender's wall clock
  double seconds = 30;
  std::int64_t report_every_us = 1'000'000;
  std::int64_t report_jitter_us = 0;
  std::int64_t network_us = 5'000;
  bool holds_sound = false;
  std::int64_t stamped_late_us = 0;  ///< reports tie timestamps to a moment that is this much too late

  [[nodiscard]] std::int64_t timestamp(std::int64_t since_us) const {
    return 5'000 + static_cast<std::int64_t>(static_cast<double>(since_us) * (1 + clock_error) * rate_hz / 1e6);
  }
  [[nodiscard]] TrackClock clock() const {
    std::mt19937 chance(rate_hz);
    TrackClock result{.rate_hz = rate_hz, .points = {}, .reports = {}, .sound = holds_sound};
    std::uint64_t sequence = 100;
    std::int64_t next_report = report_every_us / 2;
    for (std::int64_t t = 0; t < static_cast<std::int64_t>(seconds * 1e6); t += step_us) {
      result.points.push_back(
          {sequence++, timestamp(t), kStart + t + delay_us + static_cast<std::int64_t>(chance() % 6'000)});
      if (report_every_us > 0 && t >= next_report) {
        next_report += report_every_us;
        const std::int64_t wrong =
            report_jitter_us == 0 ? 0 : static_cast<std::int64_t>(chance() % (2 * report_jitter_us)) - report_jitter_us;
        // A report that stamps late is one that is sent later, for the same timestamp.
        const std::int64_t sent = t + stamped_late_us;
        result.reports.push_back({timestamp(t), kStart + sent + kAhead + wrong, kStart + sent + network_us});
      }
    }
    return result;
  }
};

Track sound() { return {.rate_hz = 48'000, .step_us = 20'000, .delay_us = 30'000, .holds_sound = true}; }
Track picture() { return {.delay_us = 120'000}; }

/// How far the picture's place is from the sound's for things that were captured at once, at several moments.
double worst_difference_us(const Track& a, const TrackTime& time_a, const Track& b, const TrackTime& time_b,
                           double seconds) {
  double worst = 0;
  for (double t = 1; t < seconds - 1; t += 1) {
    const auto us = static_cast<std::int64_t>(t * 1e6);
    const auto at_a = time_a.at(100 + static_cast<std::uint64_t>(us / a.step_us), a.timestamp(us));
    const auto at_b = time_b.at(100 + static_cast<std::uint64_t>(us / b.step_us), b.timestamp(us));
    worst = std::max(worst, static_cast<double>(std::abs(at_a - at_b)));
  }
  return worst;
}

TEST(TrackTime, ReportsAlignSoundAndPictureHoweverTheyTravelled) {
  const Track s = sound();
  const Track p = picture();
  const auto times = map_clocks({s.clock(), p.clock()});
  EXPECT_TRUE(times[0].by_reports() && times[1].by_reports());
  EXPECT_LT(worst_difference_us(s, times[0], p, times[1], 30), 100);
  // The common clock is tied to the arrival clock by the fastest packets.
  EXPECT_NEAR(static_cast<double>(times[0].at(100, s.timestamp(0)) - kStart), 30'000, 1'000);
}

TEST(TrackTime, SoundThatIsStampedWhenItLeavesIsMovedBack) {
  const Track p = picture();
  for (const std::int64_t late_us : {0, 20'000, 35'000}) {
    Track s = sound();
    s.delay_us = s.step_us + s.network_us;  // sent at once when it is full
    s.stamped_late_us = late_us;
    const auto times = map_clocks({s.clock(), p.clock()});
    EXPECT_LT(worst_difference_us(s, times[0], p, times[1], 30), 1'000) << late_us;
  }
}

TEST(TrackTime, WithoutReportsArrivalDecides) {
  Track s = sound();
  Track p = picture();
  s.report_every_us = p.report_every_us = 0;
  const auto times = map_clocks({s.clock(), p.clock()});
  EXPECT_FALSE(times[0].by_reports());
  EXPECT_NEAR(static_cast<double>(times[0].at(100, s.timestamp(0)) - kStart), 30'000, 1'000);
  EXPECT_NEAR(static_cast<double>(times[1].at(100, p.timestamp(0)) - kStart), 120'000, 1'000);
}

TEST(TrackTime, AMediaClockThatDriftsIsFollowed) {
  Track s = sound();
  s.clock_error = 150e-6;  // half a second an hour
  s.seconds = 1'800;
  s.report_every_us = 5'000'000;
  s.report_jitter_us = 8'000;
  Track p = picture();
  p.seconds = 1'800;
  const auto times = map_clocks({s.clock(), p.clock()});
  EXPECT_LT(worst_difference_us(s, times[0], p, times[1], 1'800), 5'000);
}

TEST(TrackTime, OneWrongReportChangesNothing) {
  const Track s = sound();
  const Track p = picture();
  TrackClock clock = s.clock();
  clock.reports[7].ntp_us += 900'000;
  const auto times = map_clocks({clock, p.clock()});
  EXPECT_LT(worst_difference_us(s, times[0], p, times[1], 30), 100);
}

TEST(TrackTime, ASourceThatStoodStillIsFollowedByItsReports) {
  const Track s = sound();
  TrackClock clock = s.clock();
  // From second 10 on everything is half a second later, with timestamps that went on without a hole.
  for (ClockPoint& point : clock.points) {
    if (point.arrival_us - kStart > 10'030'000) point.arrival_us += 500'000;
  }
  for (ReportPoint& report : clock.reports) {
    if (report.arrival_us - kStart <= 10'030'000) continue;
    report.arrival_us += 500'000;
    report.ntp_us += 500'000;
  }
  const TrackTime time = map_clocks({clock})[0];
  EXPECT_NEAR(static_cast<double>(time.at(100 + 300, s.timestamp(6'000'000)) - kStart), 6'030'000, 1'000);
  EXPECT_NEAR(static_cast<double>(time.at(100 + 600, s.timestamp(12'000'000)) - kStart), 12'530'000, 1'000);
}

TEST(TrackTime, AnotherBaseIsNoGap) {
  Track p = picture();
  p.report_every_us = 0;
  TrackClock clock = p.clock();
  for (std::size_t i = 400; i < clock.points.size(); ++i) clock.points[i].timestamp -= 900'000'000;
  const TrackTime time = map_clocks({clock})[0];
  const std::int64_t before = time.at(499, p.timestamp(399 * 33'333));
  const std::int64_t after = time.at(500, p.timestamp(400 * 33'333) - 900'000'000);
  EXPECT_NEAR(static_cast<double>(after - before), 33'333, 7'000);
}

TEST(TrackTime, PacketsHeldBackByTheNetworkKeepTheirTime) {
  Track p = picture();
  p.report_every_us = 0;
  TrackClock clock = p.clock();
  const std::int64_t freed = kStart + 14'000'000;  // everything of seconds 10–14 comes at once
  for (ClockPoint& point : clock.points) {
    if (point.arrival_us > kStart + 10'000'000 && point.arrival_us < freed) point.arrival_us = freed;
  }
  const TrackTime time = map_clocks({clock})[0];
  EXPECT_NEAR(static_cast<double>(time.at(100 + 330, p.timestamp(330 * 33'333)) - kStart), 330 * 33'333 + 120'000,
              1'500);
  EXPECT_NEAR(static_cast<double>(time.at(100 + 600, p.timestamp(600 * 33'333)) - kStart), 600 * 33'333 + 120'000,
              1'500);
}

TEST(TrackTime, SilenceInTimestampsIsTimeThatPassed) {
  Track s = sound();
  s.report_every_us = 0;
  TrackClock clock = s.clock();
  clock.points.erase(clock.points.begin() + 200,
                     clock.points.begin() + 600);  // eight seconds in which nothing was sent
  for (std::size_t i = 0; i < clock.points.size(); ++i) clock.points[i].sequence = 100 + i;
  const TrackTime time = map_clocks({clock})[0];
  EXPECT_NEAR(static_cast<double>(time.at(100 + 300, s.timestamp(700 * 20'000)) - kStart), 14'030'000, 1'000);
}

TEST(TrackTime, ReportsOfDifferentClocksAreNotBelieved) {
  const Track s = sound();
  const Track p = picture();
  TrackClock wrong = p.clock();
  for (ReportPoint& report : wrong.reports) report.ntp_us += 3'600'000'000;
  const auto times = map_clocks({s.clock(), wrong});
  EXPECT_FALSE(times[0].by_reports() || times[1].by_reports());
  EXPECT_NEAR(static_cast<double>(times[1].at(100, p.timestamp(0)) - kStart), 120'000, 1'000);
}

TEST(TrackTime, ReadsNtpTime) {
  EXPECT_EQ(ntp_to_micros(0x83AA'7E80'0000'0000U), 0);
  EXPECT_EQ(ntp_to_micros(0x83AA'7E81'8000'0000U), 1'500'000);
}

}  // namespace
}  // namespace tw::processing
