#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>

#include "base/clock.hpp"

namespace tw::chaos {

/// What a bad network does to the packets of one direction. The default does nothing.
struct Impairment {
  double loss = 0;           ///< fraction of packets that are lost, 0–1
  double burst_packets = 1;  ///< mean length of a run of losses; 1: each packet is lost or not by itself
  std::chrono::microseconds delay{0};
  std::chrono::microseconds jitter{0};  ///< added to the delay, even between 0 and this; packets stay in order
  double reorder = 0;  ///< fraction that is held back by `reorder_hold`, so that later ones overtake it
  std::chrono::microseconds reorder_hold{20'000};
  double duplicate = 0;                      ///< fraction that arrives twice
  std::uint64_t rate_bps = 0;                ///< bits a second of a narrow link; 0: as wide as it gets
  std::chrono::microseconds queue{200'000};  ///< what waits before the narrow link; more is dropped
};

/// What became of the packets of one direction.
struct LinkCounters {
  std::uint64_t received = 0;
  std::uint64_t received_bytes = 0;
  std::uint64_t delivered = 0;
  std::uint64_t lost = 0;
  std::uint64_t blacked_out = 0;
  std::uint64_t overflowed = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t reordered = 0;

  LinkCounters& operator+=(const LinkCounters& other);
};

/// The times at which copies of one packet come out at the other end: none, one or two.
class Arrivals {
 public:
  void add(SteadyTime at) { times_[count_++] = at; }
  [[nodiscard]] std::span<const SteadyTime> times() const& { return std::span(times_).first(count_); }
  std::span<const SteadyTime> times() const&& = delete;  // of a temporary it would dangle in a range-for

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] SteadyTime first() const { return times_[0]; }

 private:
  std::array<SteadyTime, 2> times_{};
  std::size_t count_ = 0;
};

/// One direction of one flow. Decides only; the same seed and packets give the same decisions. Loss in runs is the
/// two-state model of Gilbert (Bell System Technical Journal 39, 1960); the narrow link is a queue that drops at its
/// tail.
class Link {
 public:
  explicit Link(std::uint64_t seed) : engine_(seed) {}

  void set(const Impairment& impairment) { impairment_ = impairment; }
  [[nodiscard]] const Impairment& impairment() const { return impairment_; }
  /// Nothing passes before `until`.
  void black_out(SteadyTime until) { dark_until_ = until; }
  [[nodiscard]] Arrivals offer(SteadyTime now, std::size_t bytes);
  [[nodiscard]] const LinkCounters& counters() const { return counters_; }
  /// The relay could not keep or send a copy that `offer` had promised.
  void count_overflow() {
    ++counters_.overflowed;
    --counters_.delivered;
  }

 private:
  bool chance(double probability);
  bool loses();
  /// When the packet has passed the narrow link; false when its queue is full.
  bool passes_narrow_link(SteadyTime now, std::size_t bytes, SteadyTime& out);

  std::mt19937_64 engine_;
  Impairment impairment_;
  LinkCounters counters_;
  SteadyTime dark_until_{};
  SteadyTime busy_until_{};
  SteadyTime last_arrival_{};
  bool in_burst_ = false;
};

}  // namespace tw::chaos
