#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace tw::media {

/// What the workers of an engine have counted since it started, added up.
struct EngineTotals {
  /// Upper bounds of the classes in which bandwidth estimates are counted, in bits per second; one more class is above.
  static constexpr std::array<std::uint32_t, 8> kEstimateBounds{100'000,   250'000,   500'000,   1'000'000,
                                                                1'500'000, 2'500'000, 5'000'000, 10'000'000};
  std::uint64_t publishers = 0;  ///< sessions now
  std::uint64_t viewers = 0;
  std::uint64_t packets_received = 0;  ///< RTP from publishers, authenticated
  std::uint64_t packets_lost = 0;      ///< of publishers, net of what retransmissions brought back
  std::uint64_t packets_forwarded = 0;
  std::uint64_t bytes_forwarded = 0;
  std::uint64_t packets_retransmitted = 0;  ///< to viewers, because they asked
  std::uint64_t probe_packets = 0;          ///< padding sent to measure a path
  std::uint64_t layer_switches = 0;         ///< of viewers
  std::uint64_t picture_pauses = 0;         ///< pictures withheld because a viewer's path was too narrow
  std::array<std::uint64_t, kEstimateBounds.size() + 1> estimates{};  ///< one a viewer every 2 s, by class
  std::uint64_t estimate_sum_bps = 0;
};

/// One number that a single thread writes and others read: no lock and no bus-locked instruction on the packet path.
class EngineCounter {
 public:
  void add(std::uint64_t count = 1) { value_.store(value() + count, std::memory_order_relaxed); }
  void subtract(std::uint64_t count = 1) { value_.store(value() - count, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// What one worker counts: written by its thread only.
struct EngineCounters {
  EngineCounter publishers;
  EngineCounter viewers;
  EngineCounter packets_received;
  EngineCounter packets_lost;
  EngineCounter packets_forwarded;
  EngineCounter bytes_forwarded;
  EngineCounter packets_retransmitted;
  EngineCounter probe_packets;
  EngineCounter layer_switches;
  EngineCounter picture_pauses;
  std::array<EngineCounter, EngineTotals::kEstimateBounds.size() + 1> estimates;
  EngineCounter estimate_sum_bps;

  void count_estimate(std::uint32_t bps) {
    std::size_t at = 0;
    while (at < EngineTotals::kEstimateBounds.size() && bps > EngineTotals::kEstimateBounds[at]) ++at;
    estimates[at].add();
    estimate_sum_bps.add(bps);
  }
  void add_to(EngineTotals& totals) const {
    totals.publishers += publishers.value();
    totals.viewers += viewers.value();
    totals.packets_received += packets_received.value();
    totals.packets_lost += packets_lost.value();
    totals.packets_forwarded += packets_forwarded.value();
    totals.bytes_forwarded += bytes_forwarded.value();
    totals.packets_retransmitted += packets_retransmitted.value();
    totals.probe_packets += probe_packets.value();
    totals.layer_switches += layer_switches.value();
    totals.picture_pauses += picture_pauses.value();
    for (std::size_t i = 0; i < estimates.size(); ++i) totals.estimates[i] += estimates[i].value();
    totals.estimate_sum_bps += estimate_sum_bps.value();
  }
};

}  // namespace tw::media
