#include <cmath>

#include <boost/json.hpp>

#include "load/run.hpp"

namespace tw::bench {
namespace {

namespace json = boost::json;

double in_seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }
double in_seconds(std::chrono::milliseconds time) { return std::chrono::duration<double>(time).count(); }
double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }
/// Digits that a reader can use.
double rounded(double value) { return std::round(value * 1e4) / 1e4; }

json::object delays_of(const DelaySummary& summary, bool with_curve) {
  json::object object{{"count", summary.count},           {"mean", rounded(summary.mean_us)},
                      {"p50", rounded(summary.p50_us)},   {"p99", rounded(summary.p99_us)},
                      {"p999", rounded(summary.p999_us)}, {"max", rounded(summary.max_us)}};
  if (!with_curve) return object;
  json::array curve;
  for (const double value : summary.cumulative) curve.push_back(rounded(value));
  object["cumulative"] = curve;
  return object;
}

json::object server_of(const Findings& f) {
  const double cpu = in_seconds(f.server_end.cpu - f.server_begin.cpu);
  const double grown =
      static_cast<double>(f.server_end.resident_bytes) - static_cast<double>(f.server_before.resident_bytes);
  return {{"cpu_s", rounded(cpu)},
          {"user_s", in_seconds(f.server_end.user - f.server_begin.user)},
          {"system_s", in_seconds(f.server_end.system - f.server_begin.system)},
          {"us_per_packet", rounded(ratio(cpu * 1e6, static_cast<double>(f.received)))},
          {"resident_before", f.server_before.resident_bytes},
          {"resident_after", f.server_end.resident_bytes},
          {"bytes_per_participant", rounded(ratio(grown, static_cast<double>(f.publishers)))}};
}

}  // namespace

std::string to_json(const Options& options, const Findings& f) {
  const auto sessions = static_cast<double>(f.publishers + f.viewers);
  json::object result{{"rooms", options.rooms}, {"people", options.people}, {"publishers", f.publishers},
                      {"viewers", f.viewers},   {"profile", f.profile},     {"injected_loss", options.loss}};
  result["join"] =
      json::object{{"seconds", rounded(f.join_seconds)},
                   {"sessions_per_second", rounded(ratio(sessions, f.join_seconds))},
                   {"server_cpu_ms_per_session", rounded(ratio(in_seconds(f.join_server_cpu) * 1000, sessions))}};
  if (!options.join_only) {
    result["window_s"] = rounded(f.window_seconds);
    result["sent"] = f.sent;
    result["expected"] = f.expected;
    result["received"] = f.received;
    result["recovered"] = f.recovered;
    result["misdirected"] = f.misdirected;
    result["loss"] = 1.0 - ratio(static_cast<double>(f.received), static_cast<double>(f.expected));
    result["packets_per_second"] = rounded(ratio(static_cast<double>(f.received), f.window_seconds));
    result["delay_us"] = delays_of(f.delays, true);
    result["client"] = json::object{
        {"cpu_s", rounded(in_seconds(f.client_cpu))},
        {"us_per_packet", rounded(ratio(in_seconds(f.client_cpu) * 1e6, static_cast<double>(f.sent + f.received)))},
        {"late_us", delays_of(f.lateness, false)}};
  }
  if (f.server_watched && !options.join_only) result["server"] = server_of(f);
  return json::serialize(result);
}

}  // namespace tw::bench
