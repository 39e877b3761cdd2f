#include "service/network_quality.hpp"

#include <algorithm>

namespace tw::service {
namespace {

struct Bound {
  NetworkLevel level;
  std::uint32_t round_trip_ms;
  double loss_percent;
};
constexpr std::array<Bound, 4> kBounds{{{NetworkLevel::excellent, 150, 1},
                                        {NetworkLevel::good, 300, 3},
                                        {NetworkLevel::fair, 500, 8},
                                        {NetworkLevel::poor, 1'000, 20}}};

}  // namespace

NetworkLevel network_level(std::uint32_t round_trip_ms, double loss_percent) {
  for (const Bound& bound : kBounds) {
    if (round_trip_ms <= bound.round_trip_ms && loss_percent <= bound.loss_percent) return bound.level;
  }
  return NetworkLevel::unusable;
}

std::optional<PersonNetwork> NetworkQuality::person(const std::string& participant, SteadyTime now) const {
  std::optional<PersonNetwork> result;
  for (const auto& [session, kept] : sessions_) {
    if (kept.sample.participant != participant || now - kept.at > kForgotten) continue;
    if (!result) result = PersonNetwork{.participant = participant};
    result->round_trip_ms = std::max(result->round_trip_ms, kept.sample.round_trip_ms);
    result->loss_percent = std::max(result->loss_percent, kept.sample.loss_percent);
    (kept.sample.up ? result->up_kbps : result->down_kbps) += kept.sample.kbps;
  }
  if (result) result->level = network_level(result->round_trip_ms, result->loss_percent);
  return result;
}

std::vector<PersonNetwork> NetworkQuality::people(SteadyTime now) const {
  std::vector<PersonNetwork> result;
  for (const auto& [participant, standing] : standings_) {
    if (auto found = person(participant, now)) result.push_back(std::move(*found));
  }
  return result;
}

std::optional<NetworkTurn> NetworkQuality::on_sample(const NetworkSample& sample, SteadyTime now) {
  std::erase_if(sessions_, [now](const auto& entry) { return now - entry.second.at > kForgotten; });
  if (!sessions_.contains(sample.session) && sessions_.size() >= kMaxSessions) return std::nullopt;
  sessions_[sample.session] = {sample, now};
  Standing& standing = standings_[sample.participant];
  const auto network = person(sample.participant, now);
  const bool poor = network && network->level <= NetworkLevel::poor;
  if (poor == standing.poor) {
    standing.other_since.reset();
    return std::nullopt;
  }
  if (!standing.other_since) standing.other_since = now;
  if (now - *standing.other_since < (poor ? kPoorAfter : kRecoveredAfter)) return std::nullopt;
  standing.poor = poor;
  standing.other_since.reset();
  return NetworkTurn{sample.participant, poor};
}

}  // namespace tw::service
