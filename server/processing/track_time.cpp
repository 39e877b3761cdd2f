#include "processing/track_time.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace tw::processing {
namespace {

// A sender whose timestamps leave the arrival clock by this much in one step has taken another base.
constexpr double kForwardJumpUs = 5e6;
constexpr double kBackwardJumpUs = 1e6;
/// Timestamps that fell behind by this much and stay behind: the source stood still without counting on.
constexpr double kStandstillUs = 3e6;
constexpr double kStandstillWindowUs = 5e6;
/// Reports farther than this from every packet of their stretch belong to another base.
constexpr double kReportReachUs = 30e6;
/// Reports jitter by about 10 ms; steps above this are real.
constexpr double kReportStepUs = 100e3;
constexpr double kReportFitSpanUs = 20e6;
constexpr std::size_t kReportsForFit = 5;
constexpr double kSteepest = 1e-3;  // crystals differ by ±100 ppm; a fit that says more is noise
constexpr double kDelayWindowUs = 10e6;
constexpr std::size_t kWindowsForFit = 6;
/// Sound and picture of one publication whose least delays differ by more do not share a clock.
constexpr double kClocksDifferUs = 2e6;
/// Sound is moved back by at most this: a longer claim comes from a wrong clock, not from stamping late.
constexpr double kMostMovedBackUs = 80e3;
constexpr std::size_t kFitPoints = 200;  // slopes are taken between at most this many points

struct Sample {
  double x = 0;
  double y = 0;
};
/// y = level + slope · (x − origin).
struct Line {
  double origin = 0;
  double level = 0;
  double slope = 0;
  [[nodiscard]] double at(double x) const { return level + slope * (x - origin); }
};

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

/// The median of the slopes between pairs (Theil–Sen): outliers do not move it.
double robust_slope(const std::vector<Sample>& samples) {
  const std::size_t step = std::max<std::size_t>(1, samples.size() / kFitPoints);
  std::vector<double> slopes;
  for (std::size_t i = 0; i < samples.size(); i += step) {
    for (std::size_t j = i + step; j < samples.size(); j += step) {
      const double distance = samples[j].x - samples[i].x;
      if (distance > 0) slopes.push_back((samples[j].y - samples[i].y) / distance);
    }
  }
  return slopes.empty() ? 0 : std::clamp(median(std::move(slopes)), -kSteepest, kSteepest);
}

Line through_middle(const std::vector<Sample>& samples) {
  Line line{.origin = samples.front().x, .level = 0, .slope = 0};
  if (samples.size() >= kReportsForFit && samples.back().x - samples.front().x >= kReportFitSpanUs) {
    line.slope = robust_slope(samples);
  }
  std::vector<double> levels;
  levels.reserve(samples.size());
  for (const Sample& s : samples) levels.push_back(s.y - line.slope * (s.x - line.origin));
  line.level = median(std::move(levels));
  return line;
}

/// The line that touches the delays from below.
Line lower_envelope(std::vector<Sample> samples) {
  std::sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) { return a.x < b.x; });
  std::vector<Sample> minima;
  double window_end = -std::numeric_limits<double>::infinity();
  for (const Sample& s : samples) {
    if (s.x >= window_end) {
      minima.push_back(s);
      window_end = s.x + kDelayWindowUs;
    } else if (s.y < minima.back().y) {
      minima.back() = s;
    }
  }
  Line line{.origin = samples.front().x, .level = 0, .slope = 0};
  if (minima.size() >= kWindowsForFit) line.slope = robust_slope(minima);
  line.level = std::numeric_limits<double>::infinity();
  for (const Sample& s : minima) line.level = std::min(line.level, s.y - line.slope * (s.x - line.origin));
  return line;
}

/// A stretch of packets whose timestamps count from one base.
struct Stretch {
  std::size_t first = 0;
  std::size_t end = 0;
  std::vector<ReportPoint> reports;
};

/// Part of a stretch in which one line ties timestamps to a clock.
struct Tie {
  std::uint64_t first_sequence = 0;
  std::int64_t origin = 0;  ///< timestamp from which the line's x counts
  Line offset;              ///< clock less media time, over media time
  std::size_t first = 0;    ///< points
  std::size_t end = 0;
  bool by_reports = false;
};

class TrackMapper {
 public:
  explicit TrackMapper(const TrackClock& clock) : clock_(clock), us_per_tick_(1e6 / clock.rate_hz) {
    split_stretches();
    assign_reports();
    for (const Stretch& stretch : stretches_) tie(stretch);
  }

  [[nodiscard]] const std::vector<Tie>& ties() const { return ties_; }
  /// Capture times against delays of the points that a tie covers.
  void collect(const Tie& tie, std::vector<Sample>& out) const {
    for (std::size_t i = tie.first; i < tie.end; ++i) {
      const double captured = capture(tie, clock_.points[i].timestamp);
      out.push_back({captured, static_cast<double>(clock_.points[i].arrival_us) - captured});
    }
  }
  [[nodiscard]] TrackTime::Piece piece(const Tie& tie, const Line& delay) const {
    const double captured = capture(tie, tie.origin);
    const double captured_per_tick = us_per_tick_ * (1 + tie.offset.slope);
    return {.first_sequence = tie.first_sequence,
            .origin_timestamp = tie.origin,
            .origin_us = captured + delay.at(captured),
            .us_per_tick = captured_per_tick * (1 + delay.slope),
            .by_reports = tie.by_reports};
  }
  [[nodiscard]] bool sound() const { return clock_.sound; }
  /// How long one packet of sound lasts.
  [[nodiscard]] double packet_us() const {
    std::vector<double> steps;
    for (std::size_t i = 1; i < clock_.points.size(); ++i) {
      if (clock_.points[i].sequence != clock_.points[i - 1].sequence + 1) continue;
      steps.push_back(media_us(clock_.points[i].timestamp - clock_.points[i - 1].timestamp));
    }
    return steps.empty() ? 0 : median(std::move(steps));
  }
  /// What believed reports needed at least from their sender to here.
  [[nodiscard]] std::optional<double> least_report_delay() const {
    std::optional<double> least;
    for (const Stretch& stretch : stretches_) {
      for (const ReportPoint& report : stretch.reports) {
        const auto delay = static_cast<double>(report.arrival_us - report.ntp_us);
        least = std::min(least.value_or(delay), delay);
      }
    }
    return least;
  }
  /// What reports tie was captured this much earlier than they say.
  void move_back(double us) {
    for (Tie& tie : ties_) {
      if (tie.by_reports) tie.offset.level -= us;
    }
  }
  /// Ties every stretch to its own timestamps, as if no report had come.
  void forget_reports() {
    ties_.clear();
    for (Stretch& stretch : stretches_) {
      stretch.reports.clear();
      tie(stretch);
    }
  }

 private:
  [[nodiscard]] double media_us(std::int64_t timestamp) const { return static_cast<double>(timestamp) * us_per_tick_; }
  [[nodiscard]] double capture(const Tie& tie, std::int64_t timestamp) const {
    const double media = media_us(timestamp);
    return media + tie.offset.at(media);
  }
  [[nodiscard]] double lateness(std::size_t i) const {
    return static_cast<double>(clock_.points[i].arrival_us) - media_us(clock_.points[i].timestamp);
  }
  [[nodiscard]] double least_lateness(std::size_t from, int direction, std::size_t lowest) const {
    double least = lateness(from);
    const auto start = static_cast<double>(clock_.points[from].arrival_us);
    for (std::size_t i = from;;) {
      if (direction < 0 ? i == lowest : i + 1 == clock_.points.size()) break;
      i = direction < 0 ? i - 1 : i + 1;
      if (std::abs(static_cast<double>(clock_.points[i].arrival_us) - start) > kStandstillWindowUs) break;
      least = std::min(least, lateness(i));
    }
    return least;
  }
  [[nodiscard]] bool is_jump(std::size_t i, std::size_t stretch_first) const {
    const double step = media_us(clock_.points[i].timestamp - clock_.points[i - 1].timestamp);
    const double passed = static_cast<double>(clock_.points[i].arrival_us - clock_.points[i - 1].arrival_us);
    if (step < -kBackwardJumpUs || step - passed > kForwardJumpUs) return true;
    if (passed - step < kStandstillUs) return false;
    // The network may have held packets back for as long; then the ones behind catch up.
    return least_lateness(i, 1, 0) - least_lateness(i - 1, -1, stretch_first) > kStandstillUs;
  }
  void split_stretches() {
    if (clock_.points.empty()) return;
    stretches_.push_back({0, clock_.points.size(), {}});
    for (std::size_t i = 1; i < clock_.points.size(); ++i) {
      if (!is_jump(i, stretches_.back().first)) continue;
      stretches_.back().end = i;
      stretches_.push_back({i, clock_.points.size(), {}});
    }
  }
  void assign_reports() {
    for (const ReportPoint& report : clock_.reports) {
      Stretch* home = nullptr;
      for (Stretch& stretch : stretches_) {
        if (home == nullptr || clock_.points[stretch.first].arrival_us <= report.arrival_us) home = &stretch;
      }
      if (home == nullptr) continue;
      const double from = media_us(clock_.points[home->first].timestamp) - kReportReachUs;
      const double to = media_us(clock_.points[home->end - 1].timestamp) + kReportReachUs;
      const double at = media_us(report.timestamp);
      if (at >= from && at <= to) home->reports.push_back(report);
    }
  }
  [[nodiscard]] Sample sample_of(const ReportPoint& report) const {
    const double media = media_us(report.timestamp);
    return {media, static_cast<double>(report.ntp_us) - media};
  }
  /// Where, between two reports, the timestamps left their clock: at the largest step against the arrival clock.
  [[nodiscard]] std::size_t break_between(const Stretch& stretch, const ReportPoint& before,
                                          const ReportPoint& after) const {
    std::size_t best = stretch.first;
    double largest = -1;
    for (std::size_t i = stretch.first + 1; i < stretch.end; ++i) {
      if (clock_.points[i].arrival_us < before.arrival_us || clock_.points[i].arrival_us > after.arrival_us) continue;
      const double step = std::abs(lateness(i) - lateness(i - 1));
      if (step > largest) {
        largest = step;
        best = i;
      }
    }
    return best;
  }
  void add_tie(std::size_t first, std::size_t end, Line offset, bool by_reports) {
    if (first >= end) return;
    ties_.push_back({.first_sequence = ties_.empty() ? 0 : clock_.points[first].sequence,
                     .origin = clock_.points[first].timestamp,
                     .offset = offset,
                     .first = first,
                     .end = end,
                     .by_reports = by_reports});
  }
  void tie(const Stretch& stretch) {
    if (stretch.reports.empty()) {
      add_tie(stretch.first, stretch.end, {}, false);
      return;
    }
    std::size_t first = stretch.first;
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < stretch.reports.size(); ++i) {
      const Sample sample = sample_of(stretch.reports[i]);
      if (!samples.empty() && std::abs(sample.y - samples.back().y) > kReportStepUs) {
        // One report that differs from its neighbours, which agree, is wrong.
        const bool lonely = i + 1 < stretch.reports.size() &&
                            std::abs(sample_of(stretch.reports[i + 1]).y - samples.back().y) < kReportStepUs;
        if (lonely) continue;
        const std::size_t end = break_between(stretch, stretch.reports[i - 1], stretch.reports[i]);
        add_tie(first, end, through_middle(samples), true);
        first = std::max(first, end);
        samples.clear();
      }
      samples.push_back(sample);
    }
    add_tie(first, stretch.end, through_middle(samples), true);
  }

  const TrackClock& clock_;
  double us_per_tick_;
  std::vector<Stretch> stretches_;
  std::vector<Tie> ties_;
};

/// Least delay of what a track ties to its sender's clock; nullopt where nothing is.
std::optional<double> least_delay(const TrackMapper& mapper) {
  std::vector<Sample> samples;
  for (const Tie& tie : mapper.ties()) {
    if (tie.by_reports) mapper.collect(tie, samples);
  }
  if (samples.empty()) return std::nullopt;
  return std::min_element(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) { return a.y < b.y; })
      ->y;
}

bool share_a_clock(const std::vector<TrackMapper>& mappers) {
  std::optional<double> least;
  std::optional<double> most;
  for (const TrackMapper& mapper : mappers) {
    const auto delay = least_delay(mapper);
    if (!delay) continue;
    least = std::min(least.value_or(*delay), *delay);
    most = std::max(most.value_or(*delay), *delay);
  }
  return !least || *most - *least <= kClocksDifferUs;
}

/// Moves sound that claims to have been sent before its last sample was recorded to where that is possible.
void respect_causality(std::vector<TrackMapper>& mappers) {
  std::optional<double> network;
  for (const TrackMapper& mapper : mappers) {
    if (const auto delay = mapper.least_report_delay()) network = std::min(network.value_or(*delay), *delay);
  }
  if (!network) return;
  for (TrackMapper& mapper : mappers) {
    const auto delay = mapper.sound() ? least_delay(mapper) : std::nullopt;
    if (!delay) continue;
    const double missing = mapper.packet_us() - (*delay - *network);
    if (missing > 0) mapper.move_back(std::min(missing, kMostMovedBackUs));
  }
}

}  // namespace

std::int64_t TrackTime::at(std::uint64_t sequence, std::int64_t timestamp) const {
  if (pieces_.empty()) return 0;
  const auto after =
      std::upper_bound(pieces_.begin() + 1, pieces_.end(), sequence,
                       [](std::uint64_t value, const Piece& piece) { return value < piece.first_sequence; });
  const Piece& piece = *(after - 1);
  return std::llround(piece.origin_us + static_cast<double>(timestamp - piece.origin_timestamp) * piece.us_per_tick);
}

bool TrackTime::by_reports() const {
  return !pieces_.empty() &&
         std::all_of(pieces_.begin(), pieces_.end(), [](const Piece& piece) { return piece.by_reports; });
}

std::vector<TrackTime> map_clocks(const std::vector<TrackClock>& tracks) {
  std::vector<TrackMapper> mappers;
  mappers.reserve(tracks.size());
  for (const TrackClock& track : tracks) mappers.emplace_back(track);
  if (share_a_clock(mappers)) {
    respect_causality(mappers);
  } else {
    for (TrackMapper& mapper : mappers) mapper.forget_reports();
  }
  std::vector<Sample> shared;
  for (const TrackMapper& mapper : mappers) {
    for (const Tie& tie : mapper.ties()) {
      if (tie.by_reports) mapper.collect(tie, shared);
    }
  }
  const Line shared_delay = shared.empty() ? Line{} : lower_envelope(std::move(shared));

  std::vector<TrackTime> times;
  for (const TrackMapper& mapper : mappers) {
    std::vector<TrackTime::Piece> pieces;
    for (const Tie& tie : mapper.ties()) {
      if (tie.by_reports) {
        pieces.push_back(mapper.piece(tie, shared_delay));
      } else {
        std::vector<Sample> own;
        mapper.collect(tie, own);
        pieces.push_back(mapper.piece(tie, lower_envelope(std::move(own))));
      }
    }
    times.emplace_back(std::move(pieces));
  }
  return times;
}

std::int64_t ntp_to_micros(std::uint64_t ntp) {
  constexpr std::int64_t kSecondsFrom1900To1970 = 2'208'988'800;
  const auto seconds = static_cast<std::int64_t>(ntp >> 32) - kSecondsFrom1900To1970;
  const auto fraction = static_cast<std::int64_t>(((ntp & 0xFFFF'FFFFU) * 1'000'000U) >> 32);
  return seconds * 1'000'000 + fraction;
}

}  // namespace tw::processing
