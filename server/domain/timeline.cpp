#include "domain/timeline.hpp"

#include "crypto/hash_chain.hpp"

namespace tw::domain {

TimelineHead timeline_start() { return {0, std::string(kChainStart)}; }

TimelineEntry append(TimelineHead& head, WallTime at, const Event& event) {
  TimelineEntry entry{head.number + 1, at, event.kind, event.data_json, head.hash, {}};
  entry.hash = chain_hash(entry.previous_hash, entry.number, to_micros(at), entry.kind, entry.data_json);
  head = {entry.number, entry.hash};
  return entry;
}

std::optional<std::int64_t> first_broken(const std::vector<TimelineEntry>& entries) {
  TimelineHead head = timeline_start();
  for (const TimelineEntry& entry : entries) {
    const TimelineEntry expected = append(head, entry.at, {entry.kind, entry.data_json});
    if (entry.number != expected.number || entry.previous_hash != expected.previous_hash ||
        entry.hash != expected.hash) {
      return expected.number;
    }
  }
  return std::nullopt;
}

}  // namespace tw::domain
