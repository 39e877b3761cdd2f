#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "load/options.hpp"
#include "load/process_probe.hpp"
#include "load/tally.hpp"

namespace tw::bench {

/// What a run found.
struct Findings {
  std::size_t publishers = 0;
  std::size_t viewers = 0;
  std::string profile;  ///< the SRTP profile that was negotiated by everybody; "mixed"

  double join_seconds = 0;  ///< from the first offer until the last handshake was done
  std::chrono::nanoseconds join_server_cpu{};

  double window_seconds = 0;
  std::uint64_t sent = 0;
  std::uint64_t expected = 0;
  std::uint64_t received = 0;
  std::uint64_t recovered = 0;
  std::uint64_t misdirected = 0;
  DelaySummary delays;
  DelaySummary lateness;

  bool server_watched = false;
  ProcessUse server_before;  ///< before anybody joined
  ProcessUse server_begin;   ///< at the window's beginning
  ProcessUse server_end;
  std::chrono::nanoseconds client_cpu{};  ///< in the window
};

/// Joins everybody, sends, measures, leaves. Errors: what a server refused, `load.not_connected`, `load.lost`.
[[nodiscard]] Result<Findings> run(const Options& options);

[[nodiscard]] std::string to_json(const Options& options, const Findings& findings);

}  // namespace tw::bench
