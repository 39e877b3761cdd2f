#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "base/encoding.hpp"

namespace tw::recording {

/// Sealed chunks on their way to the files, one behind the other. One buffer serves all recorders that a thread flushes
/// in turn: it stays in the processor's cache, and a recorder that waits holds no memory for it.
class ChunkBuffer {
 public:
  /// Kept for the next recorder only up to here; a burst after a stall may be larger.
  static constexpr std::size_t kKeptBytes = std::size_t{512} * 1024;

  /// Where the next chunk of at most `bytes` goes; what it turned out to need is told by `add`.
  [[nodiscard]] std::span<std::uint8_t> room(std::size_t bytes) {
    // It only grows: shrinking and growing it each time would fill it with zeros each time.
    if (bytes_.size() < used_ + bytes) bytes_.resize(std::max(used_ + bytes, 2 * bytes_.size()));
    return std::span(bytes_).subspan(used_);
  }
  void add(std::size_t bytes) { used_ += bytes; }
  [[nodiscard]] ByteView chunks() const { return ByteView(bytes_).first(used_); }
  void clear() {
    used_ = 0;
    if (bytes_.size() > kKeptBytes) bytes_ = {};
  }

 private:
  Bytes bytes_;
  std::size_t used_ = 0;
};

}  // namespace tw::recording
