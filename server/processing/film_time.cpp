#include "processing/film_time.hpp"

#include <algorithm>

namespace tw::processing {

FilmTime::FilmTime(std::int64_t duration_us, const std::vector<recording::RecordingGap>& gaps, std::int64_t tick_us,
                   std::int64_t longest_gap_ms, std::int64_t card_ms)
    : gaps_(gaps), tick_us_(tick_us), end_us_(std::max(duration_us, tick_us)) {
  for (const auto& gap : gaps_) {
    if (gap.to_ms - gap.from_ms <= longest_gap_ms) continue;
    const std::int64_t from = (gap.from_ms + card_ms) * 1000 / tick_us_ * tick_us_;
    skips_.emplace_back(from, gap.to_ms * 1000 / tick_us_ * tick_us_);
  }
}

bool FilmTime::in_gap() const {
  return std::any_of(gaps_.begin(), gaps_.end(),
                     [this](const auto& gap) { return now_us_ >= gap.from_ms * 1000 && now_us_ < gap.to_ms * 1000; });
}

void FilmTime::step() {
  now_us_ += tick_us_;
  for (const auto& [from, to] : skips_) {
    if (now_us_ >= from && now_us_ < to) now_us_ = to;
  }
}

std::int64_t FilmTime::film_ms(std::int64_t position_us) const {
  position_us = std::clamp<std::int64_t>(position_us, 0, end_us_);
  std::int64_t skipped = 0;
  for (const auto& [from, to] : skips_) {
    if (position_us > from) skipped += std::min(position_us, to) - from;
  }
  return (position_us - skipped) / 1000;
}

}  // namespace tw::processing
