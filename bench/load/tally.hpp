#pragma once

#include <cstdint>
#include <vector>

#include "load/stamp.hpp"

namespace tw::bench {

/// Delays in microseconds, from the stamp in the payload to the arrival at the receiver's socket.
struct DelaySummary {
  std::size_t count = 0;
  double mean_us = 0;
  double p50_us = 0;
  double p99_us = 0;
  double p999_us = 0;
  double max_us = 0;
  /// Fractions of packets within 2^(i/4) × 10 µs, i = 0 …: for plots.
  std::vector<double> cumulative;
};

/// What was sent and came in a window of time, by the stamps: a packet belongs to the window in which it was sent.
class Tally {
 public:
  static constexpr int kCumulativeSteps = 64;

  /// `streams` published, each with `viewers[i]` who are to receive it.
  explicit Tally(std::vector<std::uint32_t> viewers_of_stream) : viewers_(std::move(viewers_of_stream)) {}

  void open(ArrivalTime at) { begin_ = at; }
  void close(ArrivalTime at) { end_ = at; }

  /// `late`: after it was due.
  void on_sent(const Stamp& stamp, std::chrono::nanoseconds late);
  /// `stream` is what the receiver asked for.
  void on_received(const Stamp& stamp, std::uint32_t stream, ArrivalTime arrival, bool retransmitted);

  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] std::uint64_t expected() const { return expected_; }
  [[nodiscard]] std::uint64_t received() const { return delays_.size() + recovered_; }
  [[nodiscard]] std::uint64_t recovered() const { return recovered_; }  ///< of received: by retransmission
  [[nodiscard]] std::uint64_t misdirected() const { return misdirected_; }
  [[nodiscard]] DelaySummary delays() { return summarize(delays_); }
  /// How late packets left after they were due: the client's own weakness.
  [[nodiscard]] DelaySummary lateness() { return summarize(lateness_); }

 private:
  [[nodiscard]] bool inside(ArrivalTime sent) const { return sent >= begin_ && sent < end_; }
  static DelaySummary summarize(std::vector<std::uint32_t>& nanoseconds);

  std::vector<std::uint32_t> viewers_;
  ArrivalTime begin_ = ArrivalTime::max();
  ArrivalTime end_ = ArrivalTime::max();
  std::uint64_t sent_ = 0;
  std::uint64_t expected_ = 0;
  std::uint64_t recovered_ = 0;
  std::uint64_t misdirected_ = 0;
  std::vector<std::uint32_t> delays_;  // ns, capped at 4.29 s
  std::vector<std::uint32_t> lateness_;
};

}  // namespace tw::bench
