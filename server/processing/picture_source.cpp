#include "processing/picture_source.hpp"

#include <utility>

namespace tw::processing {
namespace {
constexpr std::size_t kMostLateness = 2'000'000;  // a day of pictures
/// A second picture in one step is skipped to only when it is later than this: times in the file are whole milliseconds
/// and cameras jitter by a few.
constexpr std::int64_t kSlackUs = 6'000;
}  // namespace

PictureSource::PictureSource(std::unique_ptr<PictureReader> reader, std::vector<RotationChange> rotations)
    : reader_(std::move(reader)), rotations_(std::move(rotations)), current_(make_frame()), next_(make_frame()) {}

Result<void> PictureSource::look_ahead() {
  if (has_next_ || ended_) return {};
  const auto got = reader_->next(next_.get(), next_us_);
  if (!got) return tl::unexpected(got.error());
  has_next_ = *got;
  ended_ = !*got;
  return {};
}

Result<bool> PictureSource::follow(std::int64_t at_us, std::int64_t tolerance_us) {
  bool is_new = false;
  for (;;) {
    if (auto looked = look_ahead(); !looked) return tl::unexpected(looked.error());
    if (!has_next_ || next_us_ > at_us + tolerance_us - (is_new ? kSlackUs : 0)) return is_new;
    std::swap(current_, next_);
    av_frame_unref(next_.get());
    current_us_ = next_us_;
    has_current_ = true;
    has_next_ = false;
    is_new = true;
    ++number_;
  }
}

Result<const AVFrame*> PictureSource::at(std::int64_t at_us, std::int64_t tolerance_us) {
  const auto is_new = follow(at_us, tolerance_us);
  if (!is_new) return tl::unexpected(is_new.error());
  const AVFrame* shown = has_current_ && at_us - current_us_ < kPictureStaleUs ? current_.get() : nullptr;
  if (shown != nullptr && *is_new && lateness_.size() < kMostLateness)
    lateness_.push_back(static_cast<float>(at_us - current_us_));
  return shown;
}

Result<const AVFrame*> PictureSource::newest(std::int64_t at_us, std::int64_t tolerance_us) {
  const auto is_new = follow(at_us, tolerance_us);
  if (!is_new) return tl::unexpected(is_new.error());
  return has_current_ ? current_.get() : nullptr;
}

media::Rotation PictureSource::rotation() const {
  media::Rotation rotation = media::Rotation::none;
  for (const RotationChange& change : rotations_) {
    // Times in the file are whole milliseconds.
    if (change.from_us / 1000 <= current_us_ / 1000 + 1) rotation = change.rotation;
  }
  return rotation;
}

}  // namespace tw::processing
