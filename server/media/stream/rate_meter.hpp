#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tw::media {

/// Bit rate over a sliding window, in buckets. Times are microseconds of any one clock and may run back a little.
class RateMeter {
 public:
  /// A second evens out the frames of a picture; a keyframe every few seconds still shows.
  static constexpr std::int64_t kDefaultWindow = 1'000'000;
  static constexpr std::size_t kBuckets = 16;
  /// Less than this says nothing about a rate.
  static constexpr std::int64_t kLeastMicros = 150'000;

  explicit RateMeter(std::int64_t window_micros = kDefaultWindow)
      : bucket_micros_(window_micros / static_cast<std::int64_t>(kBuckets)) {}

  void add(std::int64_t micros, std::size_t bytes) {
    const std::int64_t bucket = micros / bucket_micros_;
    if (!started_) {
      started_ = true;
      first_micros_ = micros;
      newest_ = bucket;
    }
    move_to(bucket);
    if (newest_ - bucket < static_cast<std::int64_t>(kBuckets)) {
      buckets_[slot(bucket)] += static_cast<std::uint32_t>(bytes);
      sum_ += bytes;
    }
  }

  /// Bits per second in the window that ends at `micros`; 0 while nothing or too little was measured.
  [[nodiscard]] std::uint32_t bps(std::int64_t micros) {
    if (!started_) return 0;
    move_to(micros / bucket_micros_);
    const std::int64_t window_begin = (newest_ - static_cast<std::int64_t>(kBuckets) + 1) * bucket_micros_;
    const std::int64_t span = micros - (first_micros_ > window_begin ? first_micros_ : window_begin);
    if (span < kLeastMicros) return 0;
    return static_cast<std::uint32_t>(static_cast<double>(sum_) * 8e6 / static_cast<double>(span));
  }

 private:
  [[nodiscard]] static std::size_t slot(std::int64_t bucket) {
    const auto count = static_cast<std::int64_t>(kBuckets);
    return static_cast<std::size_t>((bucket % count + count) % count);
  }
  void move_to(std::int64_t bucket) {
    if (bucket <= newest_) return;
    if (bucket - newest_ >= static_cast<std::int64_t>(kBuckets)) {
      buckets_.fill(0);
      sum_ = 0;
      newest_ = bucket;
      return;
    }
    while (newest_ < bucket) {
      auto& oldest = buckets_[slot(++newest_)];
      sum_ -= oldest;
      oldest = 0;
    }
  }

  std::int64_t bucket_micros_;
  std::array<std::uint32_t, kBuckets> buckets_{};
  std::uint64_t sum_ = 0;
  std::int64_t newest_ = 0;
  std::int64_t first_micros_ = 0;
  bool started_ = false;
};

}  // namespace tw::media
