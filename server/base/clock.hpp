#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tw {

/// Wall-clock time, microseconds since the Unix epoch, UTC. For what people and auditors read.
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;
/// Monotonic time. For time-outs and media pacing; never stored.
using SteadyTime = std::chrono::steady_clock::time_point;

/// Where time comes from. Everything that decides by time takes one of these, so that tests run on simulated time.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual WallTime wall_now() const = 0;
  [[nodiscard]] virtual SteadyTime steady_now() const = 0;
};

/// The machine's clocks.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] WallTime wall_now() const override;
  [[nodiscard]] SteadyTime steady_now() const override;
};

/// Moves only when told. Wall and steady time advance together.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(WallTime start = WallTime{std::chrono::seconds{1'700'000'000}}) : wall_(start) {}
  [[nodiscard]] WallTime wall_now() const override { return wall_; }
  [[nodiscard]] SteadyTime steady_now() const override { return steady_; }
  void advance(std::chrono::microseconds by) {
    wall_ += by;
    steady_ += by;
  }

 private:
  WallTime wall_;
  SteadyTime steady_{std::chrono::hours{1}};
};

/// RFC 3339 in UTC with milliseconds: 2026-11-23T08:50:01.123Z.
[[nodiscard]] std::string to_rfc3339(WallTime time);
/// Accepts RFC 3339 with any offset and 0–9 fraction digits; nullopt for anything else.
[[nodiscard]] std::optional<WallTime> parse_rfc3339(std::string_view text);

/// Microseconds since the epoch, the form in which times are stored.
[[nodiscard]] inline std::int64_t to_micros(WallTime time) { return time.time_since_epoch().count(); }
[[nodiscard]] inline WallTime from_micros(std::int64_t micros) { return WallTime{std::chrono::microseconds{micros}}; }

}  // namespace tw
