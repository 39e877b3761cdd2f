#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

#include "base/clock.hpp"
#include "base/encoding.hpp"

namespace tw::chaos {

/// A datagram on its way.
struct InFlight {
  SteadyTime at;
  std::uint64_t order = 0;  ///< of equal times the first one in comes out first
  std::uint32_t flow = 0;
  bool to_server = false;
  Bytes datagram;
};

/// Datagrams ordered by the time at which they arrive.
class DelayQueue {
 public:
  /// Two seconds of 10,000 packets a second: more is a mistake of the test, not a network.
  static constexpr std::size_t kMaxDatagrams = 20'000;

  /// False when it is full.
  bool push(SteadyTime at, std::uint32_t flow, bool to_server, ByteView datagram) {
    if (queue_.size() >= kMaxDatagrams) return false;
    queue_.push({at, next_order_++, flow, to_server, Bytes(datagram.begin(), datagram.end())});
    return true;
  }
  [[nodiscard]] std::optional<SteadyTime> next() const {
    return queue_.empty() ? std::nullopt : std::optional(queue_.top().at);
  }
  /// The next one that is due.
  std::optional<InFlight> pop(SteadyTime now) {
    if (queue_.empty() || queue_.top().at > now) return std::nullopt;
    InFlight taken = queue_.top();
    queue_.pop();
    return taken;
  }
  [[nodiscard]] std::size_t size() const { return queue_.size(); }

 private:
  struct Later {
    bool operator()(const InFlight& a, const InFlight& b) const {
      return a.at != b.at ? a.at > b.at : a.order > b.order;
    }
  };
  std::priority_queue<InFlight, std::vector<InFlight>, Later> queue_;
  std::uint64_t next_order_ = 0;
};

}  // namespace tw::chaos
