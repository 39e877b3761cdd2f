#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace tw::media {

/// What the delay of packets says about the queues on their way.
enum class PathUse { normal, overusing, underusing };

/// Tells from sending and arrival times whether a queue grows (draft-ietf-rmcat-gcc-02 section 5): packets sent close
/// together are one group, the one-way delay gradient between groups is smoothed, its trend over the last groups is
/// held against a threshold that adapts. Where the draft filters the gradient with Kalman's, this takes the slope of a
/// least-squares line, which needs no model of the noise. Clocks of both ends may differ by any constant.
class DelayDetector {
 public:
  /// Packets sent within this are one group (section 5.2): pacing and batches leave them side by side.
  static constexpr std::int64_t kGroupMicros = 5'000;
  /// Groups the line is laid through.
  static constexpr std::size_t kWindow = 20;
  /// A queue that grew for less is a burst (section 5.4, overuse_time_th).
  static constexpr double kOveruseMs = 10;
  /// Bounds of the adaptive threshold (section 5.4).
  static constexpr double kLeastThresholdMs = 6;
  static constexpr double kMostThresholdMs = 600;

  /// One packet that feedback told of as arrived, in the order of sending.
  void on_packet(std::int64_t sent_micros, std::int64_t arrival_micros);
  [[nodiscard]] PathUse use() const { return use_; }
  /// How much longer packets take now than the fastest of the last half minute: a queue that neither grows nor drains.
  [[nodiscard]] double standing_ms() const;

 private:
  struct Group {
    std::int64_t first_sent = 0;
    std::int64_t last_sent = 0;
    std::int64_t last_arrival = 0;
  };
  void on_group(const Group& before, const Group& now);
  [[nodiscard]] std::optional<double> slope() const;
  void detect(double send_delta_ms);
  void adapt(double modified, double elapsed_ms);
  void forget();

  /// The fastest packets of two successive windows; a route that became longer is the new normal after that.
  static constexpr std::int64_t kBaseWindowMicros = 15'000'000;
  void note_delay(std::int64_t sent_micros, std::int64_t delay_micros);

  std::optional<Group> current_;
  std::optional<Group> previous_;
  struct Sample {
    double arrival_ms = 0;
    double delay_ms = 0;
  };
  std::array<Sample, kWindow> samples_{};
  std::optional<std::int64_t> base_micros_;   // of the window before
  std::optional<std::int64_t> least_micros_;  // of this window
  std::int64_t window_began_ = 0;
  double delay_micros_ = 0;  // smoothed
  std::size_t count_ = 0;    // ever taken since the last reset
  double first_arrival_ms_ = 0;
  double accumulated_ms_ = 0;
  double smoothed_ms_ = 0;
  double trend_ = 0;
  double previous_trend_ = 0;
  double threshold_ms_ = 12.5;  // del_var_th(0) of section 5.4
  double over_ms_ = -1;
  unsigned over_count_ = 0;
  PathUse use_ = PathUse::normal;
};

}  // namespace tw::media
