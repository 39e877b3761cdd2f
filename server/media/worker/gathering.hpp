#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "base/clock.hpp"

namespace tw::media {

/// Decides whether, and for how long, a worker lets packets gather before it reads again. At thousands of packets a
/// second most of a packet's cost is the waking for it and the caches that went cold meanwhile; read together and
/// answered together they cost half. A quiet worker never waits.
class Gathering {
 public:
  /// What a packet may wait for company where there is little of it: with the work of a turn the last one in a hundred
  /// leaves some 1.88 ms after it came, of the 2 ms that forwarding may take.
  static constexpr std::chrono::microseconds kLongest{1780};
  /// And where there is much: less than this gains nothing more.
  static constexpr std::chrono::microseconds kShortest{950};
  /// A turn of so many packets is company enough: beyond that a packet costs hardly less.
  static constexpr std::size_t kCompany = 13;
  /// How long traffic is watched before it is believed.
  static constexpr std::chrono::milliseconds kWindow{20};
  /// 2,000 packets a second: below that a turn rarely finds a second packet, and waiting is all delay and no gain.
  static constexpr std::size_t kWorthwhilePackets = 40;

  /// A turn began at `start` and read so many packets.
  void on_turn(SteadyTime start, std::size_t packets) {
    const auto elapsed = start - window_start_;
    if (elapsed >= kWindow) {
      worthwhile_ = elapsed < 2 * kWindow && packets_ >= kWorthwhilePackets;
      if (worthwhile_) wait_ = std::clamp<SteadyTime::duration>(elapsed * kCompany / packets_, kShortest, kLongest);
      window_start_ = start;
      packets_ = 0;
    }
    packets_ += packets;
    turn_ = start;
  }

  /// Under load a turn reads its sockets without asking first which of them has something.
  [[nodiscard]] bool busy() const { return worthwhile_; }

  /// For how long, from `now`, nothing should be read. Zero: read at once.
  [[nodiscard]] std::chrono::nanoseconds rest(SteadyTime now) const {
    const auto left = turn_ + wait_ - now;
    return worthwhile_ && left > left.zero() ? left : left.zero();
  }

 private:
  SteadyTime window_start_{};
  SteadyTime turn_{};
  SteadyTime::duration wait_{kShortest};
  std::size_t packets_ = 0;
  bool worthwhile_ = false;
};

}  // namespace tw::media
