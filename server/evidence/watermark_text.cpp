#include "evidence/watermark_text.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

namespace tw::evidence {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kEllipsis = 0x2026;

struct CodePoint {
  char32_t value = kReplacement;
  std::size_t bytes = 1;
};

/// Reads one code point; malformed UTF-8 (RFC 3629: overlong, surrogates, above U+10FFFF, cut) gives a replacement
/// character.
CodePoint read_code_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 && first < 0xF5   ? 4
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xC2 && first < 0xE0 ? 2
                                                             : 0;
  if (length == 0 || text.size() < length) return {};
  char32_t value = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    value = value << 6 | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  if (value < kLeast.at(length) || (value >= 0xD800 && value < 0xE000) || value > 0x10FFFF) return {};
  return {value, length};
}

void append_code_point(std::string& out, char32_t value) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(static_cast<std::uint8_t>(byte))); };
  if (value < 0x80) {
    put(value);
  } else if (value < 0x800) {
    put(0xC0 | value >> 6);
    put(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    put(0xE0 | value >> 12);
    put(0x80 | (value >> 6 & 0x3F));
    put(0x80 | (value & 0x3F));
  } else {
    put(0xF0 | value >> 18);
    put(0x80 | (value >> 12 & 0x3F));
    put(0x80 | (value >> 6 & 0x3F));
    put(0x80 | (value & 0x3F));
  }
}

bool is_space(char32_t c) {
  return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || c == 0x2028 || c == 0x2029 || c == 0x3000;
}

/// Control characters, and the invisible ones that reorder or hide what stands beside them (Unicode TR 36 section 2.6).
bool is_unwanted(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
         (c >= 0xE0000 && c <= 0xE007F);
}

}  // namespace

std::string clean_line(std::string_view text, std::size_t most_characters) {
  std::u32string line;
  bool space_before = false;
  while (!text.empty() && line.size() <= most_characters) {
    const CodePoint point = read_code_point(text);
    text.remove_prefix(point.bytes);
    if (is_space(point.value)) {
      space_before = !line.empty();
    } else if (!is_unwanted(point.value)) {
      if (space_before) line.push_back(' ');
      space_before = false;
      line.push_back(point.value);
    }
  }
  if (line.size() > most_characters) {
    line.resize(most_characters == 0 ? 0 : most_characters - 1);
    if (most_characters > 0) line.push_back(kEllipsis);
  }
  std::string out;
  for (const char32_t c : line) append_code_point(out, c);
  return out;
}

std::string local_time_text(WallTime at, std::chrono::seconds utc_offset) {
  using namespace std::chrono;
  const auto local = floor<seconds>(at) + utc_offset;
  const auto day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss time(local - day);
  const auto offset = duration_cast<minutes>(abs(utc_offset));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d:%02d %c%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), utc_offset < seconds::zero() ? '-' : '+',
                static_cast<int>(offset.count() / 60), static_cast<int>(offset.count() % 60));
  return text.data();
}

std::vector<std::string> watermark_lines(const WatermarkFacts& facts) {
  std::vector<std::string> lines;
  if (auto company = clean_line(facts.company); !company.empty()) lines.push_back(std::move(company));
  if (auto names = clean_line(facts.names); !names.empty()) lines.push_back(std::move(names));
  lines.push_back(local_time_text(facts.at, facts.utc_offset));
  if (auto place = clean_line(facts.place); !place.empty()) lines.push_back(std::move(place));
  return lines;
}

}  // namespace tw::evidence
