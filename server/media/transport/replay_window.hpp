#pragma once

#include <array>
#include <cstdint>

namespace tw::media {

/// Which of the latest `Bits` packet indices were seen (RFC 3711 section 3.3.2). Asking and noting are apart, because a
/// packet only counts once it is authenticated.
template <std::size_t Bits>
class ReplayWindow {
  static_assert(Bits % 64 == 0);

 public:
  /// True for an index that was not seen and is not older than the window.
  [[nodiscard]] bool is_new(std::uint64_t index) const {
    if (!started_ || index > newest_) return true;
    return newest_ - index < Bits && !bit(index);
  }

  void note(std::uint64_t index) {
    if (!started_) {
      started_ = true;
      newest_ = index;
    }
    if (index > newest_) {
      if (index - newest_ >= Bits) {
        seen_.fill(0);
      } else {
        for (std::uint64_t i = newest_ + 1; i <= index; ++i) clear(i);
      }
      newest_ = index;
    }
    seen_[index / 64 % kWords] |= std::uint64_t{1} << (index % 64);
  }

  [[nodiscard]] bool started() const { return started_; }
  [[nodiscard]] std::uint64_t newest() const { return newest_; }

 private:
  static constexpr std::size_t kWords = Bits / 64;
  [[nodiscard]] bool bit(std::uint64_t index) const { return (seen_[index / 64 % kWords] >> (index % 64) & 1) != 0; }
  void clear(std::uint64_t index) { seen_[index / 64 % kWords] &= ~(std::uint64_t{1} << (index % 64)); }

  std::array<std::uint64_t, kWords> seen_{};
  std::uint64_t newest_ = 0;
  bool started_ = false;
};

}  // namespace tw::media
