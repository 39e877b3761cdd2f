#include "base/utf8.hpp"

#include <algorithm>
#include <utility>

namespace tw {
namespace {

/// RFC 3629 section 3: every byte of a sequence but its first is 10xxxxxx.
bool goes_on(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// Length of the sequence that begins with this byte (RFC 3629 section 4); 0 for a byte that begins none.
std::size_t sequence_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

/// What the second byte of some sequences must not be: overlong forms, surrogates, beyond U+10FFFF.
bool is_bad_second(unsigned char first, unsigned char second) {
  return (first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0) || (first == 0xF0 && second < 0x90) ||
         (first == 0xF4 && second >= 0x90);
}

}  // namespace

std::optional<std::size_t> count_characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t length = sequence_length(first);
    if (length == 0 || i + length > text.size()) return std::nullopt;
    for (std::size_t k = 1; k < length; ++k) {
      const char next = text[i + k];
      if (!goes_on(next) || (k == 1 && is_bad_second(first, static_cast<unsigned char>(next)))) return std::nullopt;
    }
    i += length;
  }
  return count;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char byte) { return !goes_on(byte); }));
}

std::string cut_text(std::string text, std::size_t most_bytes) {
  if (text.size() <= most_bytes) return text;
  std::size_t end = most_bytes;
  while (end > 0 && goes_on(text[end])) --end;
  text.resize(end);
  return text;
}

}  // namespace tw
