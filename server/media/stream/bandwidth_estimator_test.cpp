// Whether the estimate finds what a link carries: an elastic sender over a simulated bottleneck, always the same.
#include "media/stream/bandwidth_estimator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>

#include "media/stream/probe.hpp"
#include "media/stream/rate_meter.hpp"
#include "media/stream/sent_packets.hpp"

namespace tw::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Link {
  double bps = 1e6;
  double loss = 0;
  milliseconds round_trip{40};
  milliseconds jitter{0};
  milliseconds queue{600};  ///< the router holds so much, then drops
};

/// Sends at the estimate and reads feedback every 60 ms, in steps of a millisecond.
class Sender {
 public:
  explicit Sender(Link link) : link_(link) {}

  void run_for(seconds time) {
    const std::int64_t end = now_ + std::chrono::microseconds(time).count();
    for (; now_ < end; now_ += 1'000) step();
  }
  void set_link(Link link) { link_ = link; }
  [[nodiscard]] double bps() const { return estimator_.bps(); }
  /// The longest queue since the last call, in ms.
  [[nodiscard]] double take_worst_queue_ms() { return std::exchange(worst_queue_ms_, 0); }
  [[nodiscard]] double lowest() const { return lowest_; }
  void forget_lowest() { lowest_ = 1e12; }
  [[nodiscard]] double mean_of(seconds time) {
    double sum = 0;
    int count = 0;
    const std::int64_t end = now_ + std::chrono::microseconds(time).count();
    for (; now_ < end; now_ += 1'000, ++count) {
      step();
      sum += estimator_.bps();
    }
    return sum / count;
  }

 private:
  struct Arrival {
    std::uint16_t sequence;
    std::int64_t at;  // -1: lost
    std::int64_t told_at;
  };
  [[nodiscard]] SteadyTime time() const { return SteadyTime{std::chrono::microseconds{now_}}; }

  void send(std::size_t bytes, std::uint8_t probe) {
    const std::uint16_t sequence = sent_.add(now_, bytes, probe);
    free_at_ = std::max(free_at_, now_);
    const double queue_ms = static_cast<double>(free_at_ - now_) / 1000;
    worst_queue_ms_ = std::max(worst_queue_ms_, queue_ms);
    const std::int64_t back = std::chrono::microseconds(link_.round_trip).count();
    std::uniform_real_distribution<double> chance(0, 1);
    const bool dropped = queue_ms > static_cast<double>(link_.queue.count()) || chance(dice_) < link_.loss;
    if (queue_ms <= static_cast<double>(link_.queue.count()))
      free_at_ += static_cast<std::int64_t>(static_cast<double>(bytes) * 8e6 / link_.bps);
    const auto jitter = static_cast<std::int64_t>(static_cast<double>(link_.jitter.count()) * 1000 * chance(dice_));
    const std::int64_t at = last_at_ = std::max(last_at_, free_at_ + back / 2 + jitter);  // a path keeps its order
    const std::int64_t feedback = (at / 60'000 + 1) * 60'000 + back / 2;
    arrivals_.push_back({sequence, dropped ? -1 : at, feedback});
  }

  void step() {
    budget_ += estimator_.bps() / 8e3;
    while (budget_ >= kBytes) {
      send(kBytes, 0);
      budget_ -= kBytes;
    }
    if (const auto rate = planner_.due(estimator_.bps(), kWanted, estimator_.congested(time()), time());
        rate && !train_) {
      const std::uint32_t media = acked_.bps(newest_arrival_);
      train_.emplace(++probes_, *rate > media ? *rate - media : *rate, media, 0, time());
    }
    if (train_) {
      while (train_->sending() && train_->due_bytes(time()) > 0) {
        send(kPadding, train_->number());
        train_->on_sent(kPadding, time());
      }
    }
    read_feedback();
    lowest_ = std::min<double>(lowest_, estimator_.bps());
  }

  void read_feedback() {
    PathFeedback feedback;
    bool any = false;
    while (!arrivals_.empty() && arrivals_.front().told_at <= now_) {
      any = true;
      const Arrival arrival = arrivals_.front();
      arrivals_.pop_front();
      SentPackets::Packet* packet = sent_.find(arrival.sequence);
      if (packet == nullptr) continue;
      packet->waits = false;
      if (arrival.at < 0) {
        ++feedback.lost;
        continue;
      }
      ++feedback.received;
      newest_arrival_ = std::max(newest_arrival_, arrival.at);
      acked_.add(arrival.at, packet->bytes);
      detector_.on_packet(packet->sent_micros, arrival.at);
      if (train_) train_->on_arrival(packet->bytes, packet->probe == train_->number(), packet->sent_micros, arrival.at);
    }
    if (!any) return;
    feedback.use = detector_.use();
    feedback.standing_ms = detector_.standing_ms();
    feedback.acked_bps = acked_.bps(newest_arrival_);
    feedback.round_trip = link_.round_trip;
    estimator_.on_feedback(feedback, time());
    if (train_ && train_->finished(time())) {
      planner_.on_result(train_->result_bps(), train_->target_bps(), estimator_.bps(), time());
      if (const auto reached = train_->result_bps()) estimator_.on_probe(*reached, time());
      train_.reset();
    }
  }

  static constexpr std::size_t kBytes = 1'000;
  static constexpr std::size_t kPadding = 290;
  static constexpr std::uint32_t kWanted = 2'000'000;
  Link link_;
  std::mt19937_64 dice_{11};
  std::int64_t now_ = 1'000'000;
  std::int64_t free_at_ = 0;
  std::int64_t last_at_ = 0;
  double budget_ = 0;
  double worst_queue_ms_ = 0;
  double lowest_ = 1e12;
  std::int64_t newest_arrival_ = 0;
  std::uint8_t probes_ = 0;
  std::deque<Arrival> arrivals_;
  SentPackets sent_;
  RateMeter acked_{500'000};
  DelayDetector detector_;
  BandwidthEstimator estimator_;
  ProbePlanner planner_;
  std::optional<ProbeTrain> train_;
};

struct Case {
  const char* name;
  Link link;
};

class EstimateOnALink : public ::testing::TestWithParam<Case> {};

TEST_P(EstimateOnALink, ConvergesAndKeepsTheQueueShort) {
  const Link link = GetParam().link;
  Sender sender(link);
  sender.run_for(seconds{20});
  (void)sender.take_worst_queue_ms();
  sender.forget_lowest();
  const double mean = sender.mean_of(seconds{30});
  // Loss takes its share of what the bottleneck lets through, not of what it carries.
  EXPECT_GE(mean, 0.7 * link.bps * (1 - link.loss));
  EXPECT_LE(mean, 1.1 * link.bps);
  EXPECT_GE(sender.lowest(), 0.4 * link.bps) << "it does not collapse in between";
  constexpr double kTrainBits = 32'000;  // of probes, which a narrow link takes long over
  EXPECT_LE(sender.take_worst_queue_ms(), 350 + kTrainBits / link.bps * 1000);
}

INSTANTIATE_TEST_SUITE_P(
    Table, EstimateOnALink,
    ::testing::Values(Case{"k100", {100e3}}, Case{"k250", {250e3}}, Case{"k500", {500e3}}, Case{"m1", {1e6}},
                      Case{"m2", {2e6}}, Case{"m5", {5e6}}, Case{"m1_rtt20", {1e6, 0, milliseconds{20}}},
                      Case{"m1_rtt200", {1e6, 0, milliseconds{200}}}, Case{"m1_rtt400", {1e6, 0, milliseconds{400}}},
                      Case{"m1_loss1", {1e6, 0.01}}, Case{"m1_loss5", {1e6, 0.05}}, Case{"m1_loss10", {1e6, 0.10}},
                      Case{"m1_loss20", {1e6, 0.20}}, Case{"k250_loss10", {250e3, 0.10}},
                      Case{"m2_loss10_rtt200", {2e6, 0.10, milliseconds{200}}},
                      Case{"m1_jitter", {1e6, 0, milliseconds{60}, milliseconds{15}}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Estimate, FollowsACapacityThatFallsAndComesBack) {
  Sender sender({2e6});
  sender.run_for(seconds{20});
  EXPECT_GE(sender.bps(), 1.2e6);
  sender.set_link({400e3});
  sender.run_for(seconds{3});
  EXPECT_LE(sender.bps(), 480e3) << "within 3 s of the fall";
  sender.run_for(seconds{3});
  (void)sender.take_worst_queue_ms();
  sender.run_for(seconds{10});
  EXPECT_LE(sender.take_worst_queue_ms(), 350);
  EXPECT_GE(sender.bps(), 250e3);
  sender.set_link({2e6});
  sender.run_for(seconds{20});
  EXPECT_GE(sender.bps(), 1.2e6) << "within 20 s of the recovery";
}

// What a probe of 2 Mb/s reached, and how soon the next may follow: a busy receiver gets there in steps, a full path is
// left alone for longer and longer.
TEST(Probes, FollowEachOtherAsLongAsTheyGetFurther) {
  ProbePlanner planner;
  SteadyTime now{seconds{10}};
  ASSERT_TRUE(planner.due(1'000'000, 2'000'000, false, now));
  const struct {
    std::optional<std::uint32_t> reached;
    milliseconds wait;
  } steps[] = {{1'600'000, milliseconds{250}}, {1'200'000, seconds{1}},  {1'050'000, seconds{5}},
               {std::nullopt, seconds{10}},    {1'050'000, seconds{20}}, {1'200'000, seconds{1}},
               {1'000'000, seconds{5}}};
  for (const auto& step : steps) {
    planner.on_result(step.reached, 2'000'000, 1'000'000, now);
    EXPECT_FALSE(planner.due(1'000'000, 2'000'000, false, now + step.wait - milliseconds{1}));
    now += step.wait;
    EXPECT_TRUE(planner.due(1'000'000, 2'000'000, false, now)) << step.wait.count();
  }
}

TEST(Estimate, IsBoundedByTheReceiversRemb) {
  BandwidthEstimator estimator;
  const SteadyTime now{seconds{10}};
  EXPECT_FALSE(estimator.informed());
  estimator.on_remb(800'000, now);
  EXPECT_EQ(estimator.bps(), 800'000U) << "all that such a receiver tells";
  estimator.on_remb(120'000, now);
  EXPECT_EQ(estimator.bps(), 120'000U);
  estimator.on_feedback({PathUse::normal, 0, 100'000, 50, 0, milliseconds{50}}, now);
  estimator.on_remb(2'000'000, now);
  EXPECT_LT(estimator.bps(), 200'000U) << "with times of arrival REMB only bounds";
}

// A receiver judges by what arrives: of a still picture that is little, and of none it is nothing.
TEST(Estimate, RembOfALittleThatWasSentStopsNothing) {
  BandwidthEstimator estimator;
  const SteadyTime now{seconds{10}};
  estimator.on_remb(17'000, now);
  EXPECT_EQ(estimator.bps(), BandwidthEstimator::kLeastRembBps);
  EXPECT_FALSE(estimator.congested(now));
  BandwidthEstimator timed;
  timed.on_feedback({PathUse::normal, 0, 20'000, 50, 0, milliseconds{50}}, now);
  timed.on_remb(17'000, now);
  EXPECT_TRUE(timed.congested(now)) << "beside times of arrival it bounds";
  EXPECT_EQ(timed.bps(), BandwidthEstimator::kLeastRembBps);
}

TEST(Estimate, AnOldRembIsForgotten) {
  BandwidthEstimator estimator;
  const SteadyTime now{seconds{10}};
  EXPECT_FALSE(estimator.forget_old_remb(now));
  estimator.on_remb(150'000, now);
  EXPECT_FALSE(estimator.forget_old_remb(now + BandwidthEstimator::kRembLife));
  EXPECT_EQ(estimator.bps(), 150'000U);
  const SteadyTime later = now + BandwidthEstimator::kRembLife + milliseconds{1};
  EXPECT_TRUE(estimator.forget_old_remb(later)) << "nothing else is known of this path";
  EXPECT_FALSE(estimator.forget_old_remb(later)) << "once";
  BandwidthEstimator timed;
  timed.on_feedback({PathUse::normal, 0, 300'000, 50, 0, milliseconds{50}}, now);
  timed.on_remb(150'000, now);
  EXPECT_EQ(timed.bps(), 150'000U);
  EXPECT_FALSE(timed.forget_old_remb(later)) << "times of arrival tell of it";
  EXPECT_GT(timed.bps(), 150'000U);
}

TEST(Estimate, NeverGoesBelowOneVoice) {
  BandwidthEstimator estimator;
  for (int i = 1; i < 100; ++i)
    estimator.on_feedback({PathUse::overusing, 0, 5'000, 5, 50, milliseconds{50}}, SteadyTime{seconds{i}});
  EXPECT_EQ(estimator.bps(), BandwidthEstimator::kLeastBps);
}

}  // namespace
}  // namespace tw::media
