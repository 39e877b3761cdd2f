#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/encoding.hpp"

namespace tw::fuzz {

/// A promise that must hold for every input.
inline void require(bool held) {
  if (!held) std::abort();
}

/// Takes an input apart from its front.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }
  ByteView take(std::size_t bytes) {
    const ByteView taken = rest_.first(bytes < rest_.size() ? bytes : rest_.size());
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  ByteView rest() { return take(rest_.size()); }

 private:
  ByteView rest_;
};

}  // namespace tw::fuzz
