#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace tw::media {

/// One short train of padding, sent faster than the media, whose spacing on arrival tells what the path carries.
/// Paced: a burst in one go would measure the sender's network card.
class ProbeTrain {
 public:
  static constexpr std::chrono::milliseconds kDuration{
      20};  ///< longer for rates at which so few packets are not enough
  static constexpr std::chrono::milliseconds kStep{1};
  /// Fewer say nothing about a rate.
  static constexpr unsigned kLeastPackets = 8;
  /// A packet of the most padding that RTP allows (255 bytes, RFC 3550 section 5.1) with headers and tag.
  static constexpr std::size_t kPacketBytes = 290;
  /// 6 Mb/s for the whole train; more padding than that is no measurement but a load.
  static constexpr std::size_t kMostBytes = 16'000;
  /// After that the rest of its feedback is not coming.
  static constexpr std::chrono::milliseconds kResultAfter{600};

  /// `padding_bps` comes on top of `media_bps` that flows at the same time, of which `other_bps` by other sessions.
  ProbeTrain(std::uint8_t number, std::uint32_t padding_bps, std::uint32_t media_bps, std::uint32_t other_bps,
             SteadyTime now);

  [[nodiscard]] std::uint8_t number() const { return number_; }
  [[nodiscard]] bool sending() const { return !sent_all_; }
  /// Bytes that should have gone out by now but have not.
  [[nodiscard]] std::size_t due_bytes(SteadyTime now) const;
  void on_sent(std::size_t bytes, SteadyTime now);
  /// A packet of the same session that arrived: of the train, or media, which counts where it was sent between.
  void on_arrival(std::size_t bytes, bool of_train, std::int64_t sent_micros, std::int64_t arrival_micros);
  /// Every packet was told of, or it is too late.
  [[nodiscard]] bool finished(SteadyTime now) const;
  /// What the path carried, media included; nullopt when too little arrived to tell.
  [[nodiscard]] std::optional<std::uint32_t> result_bps() const;
  /// What was tried.
  [[nodiscard]] std::uint32_t target_bps() const { return padding_bps_ + media_bps_; }

 private:
  std::uint8_t number_;
  std::uint32_t padding_bps_;
  std::uint32_t media_bps_;
  std::uint32_t other_bps_;
  SteadyTime began_;
  std::size_t whole_bytes_;
  SteadyTime last_sent_at_;
  bool sent_all_ = false;
  unsigned sent_packets_ = 0;
  std::size_t sent_bytes_ = 0;
  unsigned arrived_packets_ = 0;
  std::size_t arrived_bytes_ = 0;
  std::size_t media_bytes_ = 0;
  std::size_t counted_media_bytes_ = 0;  // up to the last packet of the train
  bool sent_all_told_ = false;
  std::size_t first_bytes_ = 0;
  std::int64_t first_arrival_ = 0;
  std::int64_t last_arrival_ = 0;
  std::int64_t first_sent_ = 0;
  std::int64_t last_sent_ = 0;
};

/// When to probe and how fast: at the beginning, and when a better picture is wanted than the estimate allows though
/// nothing says that the path is full. Failures make it patient.
class ProbePlanner {
 public:
  /// The first rate tried: the picture's small layer, sound, and some way towards the large one.
  static constexpr std::uint32_t kFirstBps = 900'000;
  /// Each further one goes at most this much above what is known.
  static constexpr double kStepUp = 2.0;
  /// … and this much above what is wanted, so that success allows the wanted layer.
  static constexpr double kOverWanted = 1.3;
  /// Reached this share of what was tried: the next step follows at once.
  static constexpr double kSuccess = 0.75;
  /// Less than that, but this much above what was known: a receiver that is busy spreads a train out. Each gets
  /// further, so there is no reason to become patient; a full path would show what is known already.
  static constexpr double kProgress = 1.15;
  static constexpr std::chrono::seconds kAfterProgress{1};
  static constexpr std::chrono::milliseconds kBetween{250};
  static constexpr std::chrono::seconds kFirstWait{5};
  static constexpr std::chrono::seconds kMostWait{40};

  /// The rate of a train to send now, media included. `wanted_bps`: what the next better allocation needs.
  [[nodiscard]] std::optional<std::uint32_t> due(std::uint32_t estimate_bps, std::uint32_t wanted_bps, bool congested,
                                                 SteadyTime now);
  /// `estimate_bps` as it was before.
  void on_result(std::optional<std::uint32_t> reached_bps, std::uint32_t target_bps, std::uint32_t estimate_bps,
                 SteadyTime now);

 private:
  bool began_ = false;
  std::optional<SteadyTime> not_before_;
  std::chrono::seconds wait_ = kFirstWait;
};

}  // namespace tw::media
