#include "base/ids.hpp"

#include <array>

namespace tw {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kUlidLength = 26;

}  // namespace

std::string make_ulid(WallTime now, Random& random) {
  std::array<std::uint8_t, 16> bytes{};
  const auto millis =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
  for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
  random.fill(std::span(bytes).subspan(6));

  // 128 bits in 26 groups of five, the first group holding only three bits.
  std::string text(kUlidLength, '0');
  for (std::size_t i = 0; i < kUlidLength; ++i) {
    unsigned value = 0;
    for (std::size_t bit = 0; bit < 5; ++bit) {
      const std::size_t position = i * 5 + bit;  // counted in 130 bits, two leading zeros
      value <<= 1;
      if (position >= 2) value |= (bytes[(position - 2) / 8] >> (7 - (position - 2) % 8)) & 1U;
    }
    text[i] = kAlphabet[value];
  }
  return text;
}

bool is_ulid(std::string_view text) {
  if (text.size() != kUlidLength || text[0] > '7') return false;
  return text.find_first_not_of(kAlphabet) == std::string_view::npos;
}

}  // namespace tw
