#pragma once

#include <vector>

#include <prometheus/metric_family.h>

#include "media/engine_counters.hpp"

namespace tw::api {

/// What the media engine counts, as Prometheus has it. Sums over all calls: nothing in it names a person or an
/// interview.
[[nodiscard]] std::vector<prometheus::MetricFamily> media_families(const media::EngineTotals& totals);

}  // namespace tw::api
