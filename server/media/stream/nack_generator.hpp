#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"

namespace tw::media {

/// Decides which packets of one incoming track to ask for again (RFC 4585 section 6.2.1). It finds holes in the
/// extended sequence, waits out plain reordering, repeats a request once a round trip, and gives up on what does not
/// come.
class NackGenerator {
 public:
  /// Holes remembered at once; a wider one is cheaper to close by a keyframe than by hundreds of retransmissions.
  static constexpr std::size_t kMaxMissing = 512;
  /// A packet asked for this often is not coming.
  static constexpr unsigned kMaxTries = 10;
  /// After that long the picture has moved on, whatever the number of tries.
  static constexpr std::chrono::milliseconds kMaxAge{2'000};
  /// Networks reorder by a few milliseconds; asking at once would double those packets.
  static constexpr std::chrono::milliseconds kReorderWait{10};
  /// Least time between two requests for a packet: on a local network the round trip alone would flood.
  static constexpr std::chrono::milliseconds kMinRetry{25};

  /// Notes a packet that came, whether sent first or again. False when the hole before it is too wide to close: every
  /// request is then forgotten and a keyframe must be asked for.
  [[nodiscard]] bool on_packet(std::uint64_t sequence, SteadyTime now);

  /// Fills `out` with the sequence numbers to ask for now, in rising order. False when a packet was given up on: the
  /// picture will not come together without a keyframe.
  [[nodiscard]] bool take_due(SteadyTime now, std::chrono::microseconds round_trip, std::vector<std::uint16_t>& out);

  /// When `take_due` should be called; nullopt while nothing is missing.
  [[nodiscard]] std::optional<SteadyTime> deadline() const;
  [[nodiscard]] std::size_t missing() const { return missing_.size(); }
  /// Forgets every hole, for example because a keyframe makes them worthless.
  void forget_before(std::uint64_t sequence);

 private:
  struct Missing {
    std::uint64_t sequence = 0;
    SteadyTime since;
    SteadyTime ask_at;
    unsigned tries = 0;
  };
  void erase(std::uint64_t sequence);

  std::vector<Missing> missing_;  // in rising order: holes are only found above the newest packet
  std::optional<std::uint64_t> newest_;
};

}  // namespace tw::media
