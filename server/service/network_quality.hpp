#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace tw::service {

/// How one person's network fares, from 4 (nothing to notice) to 0 (no conversation).
enum class NetworkLevel : std::uint8_t { unusable = 0, poor = 1, fair = 2, good = 3, excellent = 4 };

/// What one media session measured over its last two seconds.
struct NetworkSample {
  std::string participant;
  std::string session;
  bool up = false;  ///< from the participant to the server
  std::uint32_t round_trip_ms = 0;
  double loss_percent = 0;
  std::uint32_t kbps = 0;
};

/// One person as both sides see them: the worst of what their sessions measured, rates added up.
struct PersonNetwork {
  std::string participant;
  NetworkLevel level = NetworkLevel::excellent;
  std::uint32_t round_trip_ms = 0;
  double loss_percent = 0;
  std::uint32_t up_kbps = 0;
  std::uint32_t down_kbps = 0;
};

/// A change worth an entry of the timeline.
struct NetworkTurn {
  std::string participant;
  bool poor = false;  ///< false: recovered
};

/// The level of one measurement. It is the lower of what round trip and loss allow:
///
/// | level     | round trip up to | loss up to | what people notice                         |
/// | --------- | ---------------- | ---------- | ------------------------------------------ |
/// | excellent | 150 ms           | 1 %        | nothing (ITU-T G.114: 150 ms one way)      |
/// | good      | 300 ms           | 3 %        | repairs keep up                            |
/// | fair      | 500 ms           | 8 %        | people begin to talk over each other       |
/// | poor      | 1,000 ms         | 20 %       | words are lost                             |
/// | unusable  | more             | more       | –                                          |
[[nodiscard]] NetworkLevel network_level(std::uint32_t round_trip_ms, double loss_percent);

/// The networks of one interview's people, with hysteresis for the timeline: a single bad second is no event.
class NetworkQuality {
 public:
  /// Poor or worse for so long is an event, and so is fair or better for so long after it.
  static constexpr std::chrono::seconds kPoorAfter{6};
  static constexpr std::chrono::seconds kRecoveredAfter{10};
  /// A session that reports no more has ended.
  static constexpr std::chrono::seconds kForgotten{7};
  /// A room's sessions, as the media engine limits them.
  static constexpr std::size_t kMaxSessions = 64;

  /// Takes a measurement and tells of a turn it completes.
  [[nodiscard]] std::optional<NetworkTurn> on_sample(const NetworkSample& sample, SteadyTime now);
  [[nodiscard]] std::vector<PersonNetwork> people(SteadyTime now) const;

 private:
  struct Kept {
    NetworkSample sample;
    SteadyTime at;
  };
  struct Standing {
    bool poor = false;
    std::optional<SteadyTime> other_since;  ///< it has been otherwise since then
  };
  [[nodiscard]] std::optional<PersonNetwork> person(const std::string& participant, SteadyTime now) const;

  std::map<std::string, Kept> sessions_;
  std::map<std::string, Standing> standings_;
};

}  // namespace tw::service
