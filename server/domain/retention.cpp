#include "domain/retention.hpp"

#include <algorithm>

namespace tw::domain {

std::optional<WallTime> expires_at(const Retention& retention, const std::optional<WallTime>& ended_at) {
  if (!retention.days || !ended_at) return std::nullopt;
  return std::max<WallTime>(*ended_at + std::chrono::days(*retention.days), retention.since + Retention::kGrace);
}

}  // namespace tw::domain
