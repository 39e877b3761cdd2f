#include "media/wire/stream_frames.hpp"

#include <algorithm>

#include "base/byte_order.hpp"

namespace tw::media {

std::span<std::uint8_t> StreamFrames::space() {
  if (begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  return std::span(buffer_).subspan(end_);
}

std::optional<std::span<std::uint8_t>> StreamFrames::next() {
  if (broken_ || end_ - begin_ < kLengthBytes) return std::nullopt;
  const std::size_t bytes = load_be<std::uint16_t>(buffer_.data() + begin_);
  if (bytes > kMaxFrameBytes) {
    broken_ = true;
    return std::nullopt;
  }
  if (end_ - begin_ - kLengthBytes < bytes) return std::nullopt;
  const auto frame = std::span(buffer_).subspan(begin_ + kLengthBytes, bytes);
  begin_ += kLengthBytes + bytes;
  return frame;
}

}  // namespace tw::media
