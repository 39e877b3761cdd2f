#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "recording/processor.hpp"

namespace tw::processing {

/// The composed film's pictures on the recording's time line, one after the other. A gap that is longer than
/// `longest_gap_ms` is stepped over but for `card_ms` of it.
class FilmTime {
 public:
  FilmTime(std::int64_t duration_us, const std::vector<recording::RecordingGap>& gaps, std::int64_t tick_us,
           std::int64_t longest_gap_ms, std::int64_t card_ms);

  [[nodiscard]] bool done() const { return now_us_ >= end_us_; }
  [[nodiscard]] std::int64_t now_us() const { return now_us_; }
  [[nodiscard]] double progress() const { return static_cast<double>(now_us_) / static_cast<double>(end_us_); }
  [[nodiscard]] bool in_gap() const;
  void step();

  /// Where a moment of the recording lies in the film, in milliseconds; what was stepped over lies at the card's end.
  [[nodiscard]] std::int64_t film_ms(std::int64_t position_us) const;
  [[nodiscard]] std::int64_t length_ms() const { return film_ms(end_us_); }

 private:
  const std::vector<recording::RecordingGap>& gaps_;
  std::vector<std::pair<std::int64_t, std::int64_t>> skips_;
  std::int64_t tick_us_;
  std::int64_t end_us_;
  std::int64_t now_us_ = 0;
};

}  // namespace tw::processing
