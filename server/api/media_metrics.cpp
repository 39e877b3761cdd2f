#include "api/media_metrics.hpp"

#include <string>
#include <utility>

namespace tw::api {
namespace {

prometheus::MetricFamily family(std::string name, std::string help, prometheus::MetricType type) {
  prometheus::MetricFamily result;
  result.name = std::move(name);
  result.help = std::move(help);
  result.type = type;
  return result;
}

prometheus::MetricFamily counter(std::string name, std::string help, std::uint64_t value) {
  auto result = family(std::move(name), std::move(help), prometheus::MetricType::Counter);
  result.metric.emplace_back().counter.value = static_cast<double>(value);
  return result;
}

prometheus::MetricFamily sessions(const media::EngineTotals& totals) {
  auto result = family("telewitness_media_sessions", "Media sessions now.", prometheus::MetricType::Gauge);
  for (const auto& [direction, count] :
       {std::pair{"publisher", totals.publishers}, std::pair{"viewer", totals.viewers}}) {
    auto& metric = result.metric.emplace_back();
    metric.label.push_back({"direction", direction});
    metric.gauge.value = static_cast<double>(count);
  }
  return result;
}

prometheus::MetricFamily estimates(const media::EngineTotals& totals) {
  auto result = family("telewitness_media_estimate_bits_per_second",
                       "Estimated bandwidth of the paths to viewers, one a viewer every two seconds.",
                       prometheus::MetricType::Histogram);
  auto& histogram = result.metric.emplace_back().histogram;
  std::uint64_t up_to = 0;
  for (std::size_t i = 0; i < totals.estimates.size(); ++i) {
    up_to += totals.estimates[i];
    if (i < media::EngineTotals::kEstimateBounds.size()) {
      histogram.bucket.push_back({up_to, static_cast<double>(media::EngineTotals::kEstimateBounds[i])});
    }
  }
  histogram.sample_count = up_to;
  histogram.sample_sum = static_cast<double>(totals.estimate_sum_bps);
  return result;
}

}  // namespace

std::vector<prometheus::MetricFamily> media_families(const media::EngineTotals& totals) {
  return {
      sessions(totals),
      estimates(totals),
      counter("telewitness_media_packets_received_total", "RTP packets from publishers.", totals.packets_received),
      counter("telewitness_media_packets_lost_total", "Packets of publishers that never came, repairs included.",
              totals.packets_lost),
      counter("telewitness_media_packets_forwarded_total", "RTP packets sent to viewers.", totals.packets_forwarded),
      counter("telewitness_media_bytes_forwarded_total", "Bytes of RTP sent to viewers.", totals.bytes_forwarded),
      counter("telewitness_media_packets_retransmitted_total", "Packets that viewers asked for again.",
              totals.packets_retransmitted),
      counter("telewitness_media_probe_packets_total", "Padding sent to measure a path.", totals.probe_packets),
      counter("telewitness_media_layer_switches_total", "Viewers' changes between a picture's layers.",
              totals.layer_switches),
      counter("telewitness_media_picture_pauses_total", "Pictures withheld because a viewer's path was too narrow.",
              totals.picture_pauses),
  };
}

}  // namespace tw::api
