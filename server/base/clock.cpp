#include "base/clock.hpp"

#include <array>
#include <cstdio>

namespace tw {
namespace {

using std::chrono::days;
using std::chrono::floor;

/// Reads exactly `digits` decimal digits at `pos` and moves it on.
std::optional<int> read_number(std::string_view text, std::size_t& pos, std::size_t digits) {
  if (pos + digits > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const char c = text[pos + i];
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  pos += digits;
  return value;
}

bool skip(std::string_view text, std::size_t& pos, std::string_view any_of) {
  if (pos >= text.size() || any_of.find(text[pos]) == std::string_view::npos) return false;
  ++pos;
  return true;
}

std::optional<std::chrono::microseconds> read_fraction(std::string_view text, std::size_t& pos) {
  if (pos >= text.size() || text[pos] != '.') return std::chrono::microseconds{0};
  ++pos;
  std::int64_t micros = 0;
  std::size_t digits = 0;
  while (pos < text.size() && text[pos] >= '0' && text[pos] <= '9') {
    if (digits < 6) micros = micros * 10 + (text[pos] - '0');
    ++digits;
    ++pos;
  }
  if (digits == 0 || digits > 9) return std::nullopt;
  for (; digits < 6; ++digits) micros *= 10;
  return std::chrono::microseconds{micros};
}

std::optional<std::chrono::minutes> read_offset(std::string_view text, std::size_t& pos) {
  if (skip(text, pos, "Zz")) return std::chrono::minutes{0};
  if (pos >= text.size()) return std::nullopt;
  const bool negative = text[pos] == '-';
  if (!skip(text, pos, "+-")) return std::nullopt;
  const auto hours = read_number(text, pos, 2);
  if (!hours || *hours > 23 || !skip(text, pos, ":")) return std::nullopt;
  const auto minutes = read_number(text, pos, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const std::chrono::minutes offset{*hours * 60 + *minutes};
  return negative ? -offset : offset;
}

}  // namespace

WallTime SystemClock::wall_now() const { return floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }

SteadyTime SystemClock::steady_now() const { return std::chrono::steady_clock::now(); }

std::string to_rfc3339(WallTime time) {
  const auto day = floor<days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{floor<std::chrono::milliseconds>(time - day)};
  std::array<char, 40> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int{date.year()}, unsigned{date.month()},
      unsigned{date.day()}, static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  std::size_t pos = 0;
  const auto year = read_number(text, pos, 4);
  if (!year || !skip(text, pos, "-")) return std::nullopt;
  const auto month = read_number(text, pos, 2);
  if (!month || !skip(text, pos, "-")) return std::nullopt;
  const auto day = read_number(text, pos, 2);
  if (!day || !skip(text, pos, "Tt ")) return std::nullopt;
  const auto hour = read_number(text, pos, 2);
  if (!hour || !skip(text, pos, ":")) return std::nullopt;
  const auto minute = read_number(text, pos, 2);
  if (!minute || !skip(text, pos, ":")) return std::nullopt;
  const auto second = read_number(text, pos, 2);
  if (!second) return std::nullopt;
  const auto fraction = read_fraction(text, pos);
  if (!fraction) return std::nullopt;
  const auto offset = read_offset(text, pos);
  if (!offset || pos != text.size()) return std::nullopt;

  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return WallTime{std::chrono::sys_days{date}} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second} + *fraction - *offset;
}

}  // namespace tw
