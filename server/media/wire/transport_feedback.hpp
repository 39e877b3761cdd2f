#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

#include "base/clock.hpp"
#include "base/encoding.hpp"

namespace tw::media {

/// Collects the arrival of packets by transport-wide sequence number and writes feedback about them
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1). Nothing is allocated.
class TransportFeedbackBuilder {
 public:
  /// Sequence numbers one feedback spans at most; a packet further ahead starts anew.
  static constexpr std::size_t kWindow = 512;

  void received(std::uint16_t sequence, SteadyTime arrival);
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// Packets noted since the last `write`.
  [[nodiscard]] std::size_t noted() const { return noted_; }
  /// Writes one whole RTCP packet about everything noted, gaps included, and forgets it. Returns its length; 0 when
  /// there is nothing to tell. Where `out` is too short for all, the rest stays for the next call.
  [[nodiscard]] std::size_t write(std::span<std::uint8_t> out, std::uint32_t sender_ssrc, std::uint32_t media_ssrc);

 private:
  static constexpr std::int64_t kNothing = -1;
  void start_at(std::uint16_t sequence);
  void drop_front(std::size_t packets);
  [[nodiscard]] std::int64_t& ticks(std::size_t index) { return ticks_[(first_ + index) % kWindow]; }

  std::uint16_t base_ = 0;  ///< sequence number of index 0
  std::size_t first_ = 0;   ///< where index 0 lies in the ring
  std::size_t count_ = 0;   ///< sequence numbers spanned
  std::size_t noted_ = 0;
  bool started_ = false;
  std::uint8_t feedback_count_ = 0;
  std::array<std::int64_t, kWindow> ticks_{};  ///< arrival in 250 µs, kNothing where nothing came
};

}  // namespace tw::media
