#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"

namespace tw::media {

/// Who has to be woken when. A number may be queued more than once; the owner tells a stale entry by its own record.
class DeadlineQueue {
 public:
  struct Entry {
    SteadyTime at;
    std::uint64_t number = 0;
  };

  void push(SteadyTime at, std::uint64_t number) {
    heap_.push_back({at, number});
    std::ranges::push_heap(heap_, later);
  }
  [[nodiscard]] std::optional<SteadyTime> next() const {
    if (heap_.empty()) return std::nullopt;
    return heap_.front().at;
  }
  /// The earliest entry, when it is due.
  [[nodiscard]] std::optional<Entry> pop_due(SteadyTime now) {
    if (heap_.empty() || heap_.front().at > now) return std::nullopt;
    std::ranges::pop_heap(heap_, later);
    const Entry entry = heap_.back();
    heap_.pop_back();
    return entry;
  }

 private:
  static bool later(const Entry& a, const Entry& b) { return a.at > b.at; }
  std::vector<Entry> heap_;
};

}  // namespace tw::media
