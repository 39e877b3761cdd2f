#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/clock.hpp"

namespace tw::media {

/// Decides whether a packet may be sent again to one receiver, so that its NACKs cannot multiply traffic. Takes no
/// memory before the first NACK.
class RetransmissionLimiter {
 public:
  /// The same packet is not sent again sooner, however often it is asked for.
  static constexpr std::chrono::milliseconds kMinResend{10};
  /// Retransmissions that a receiver can cause in a second.
  static constexpr std::size_t kMaxBytesPerSecond = std::size_t{256} * 1024;
  /// Packets whose last repetition is remembered, by the end of their number.
  static constexpr std::size_t kPackets = 256;

  /// What the path allows now.
  struct Limits {
    std::chrono::microseconds round_trip{0};
    std::size_t bytes_per_second = kMaxBytesPerSecond;  ///< more than kMaxBytesPerSecond is never sent
  };

  /// True when the packet may go; it counts as sent then.
  [[nodiscard]] bool take(std::uint16_t sequence, std::size_t bytes, SteadyTime now, const Limits& limits) {
    if (resent_.empty()) resent_.resize(kPackets);
    Resent& last = resent_[sequence % kPackets];
    if (last.sequence == sequence && now < last.again) return false;
    if (!within_budget(bytes, now, limits)) return false;
    last = {sequence, now + std::max<SteadyTime::duration>(limits.round_trip, kMinResend)};
    return true;
  }

 private:
  struct Resent {
    std::uint16_t sequence = 0;
    SteadyTime again;
  };
  bool within_budget(std::size_t bytes, SteadyTime now, const Limits& limits) {
    if (now - budget_since_ >= std::chrono::seconds{1}) {
      budget_since_ = now;
      budget_used_ = 0;
    }
    if (budget_used_ + bytes > std::min(limits.bytes_per_second, kMaxBytesPerSecond)) return false;
    budget_used_ += bytes;
    return true;
  }

  std::vector<Resent> resent_;
  SteadyTime budget_since_;
  std::size_t budget_used_ = 0;
};

}  // namespace tw::media
