#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "domain/interview.hpp"

namespace tw::domain {

/// One line of what happened in an interview. It carries the hash of the line before, so that none can be changed,
/// removed or put in between without being found out.
struct TimelineEntry {
  std::int64_t number = 0;
  WallTime at;
  std::string kind;
  std::string data_json;
  std::string previous_hash;
  std::string hash;
};

/// Where a timeline stands: number and hash of its newest entry.
struct TimelineHead {
  std::int64_t number = 0;
  std::string hash;
  friend bool operator==(const TimelineHead&, const TimelineHead&) = default;
};
[[nodiscard]] TimelineHead timeline_start();

/// The next entry; the head moves on to it.
[[nodiscard]] TimelineEntry append(TimelineHead& head, WallTime at, const Event& event);

/// Number of the first entry that does not follow from the one before; nullopt when the chain holds.
[[nodiscard]] std::optional<std::int64_t> first_broken(const std::vector<TimelineEntry>& entries);

}  // namespace tw::domain
