#include "domain/receipt.hpp"

#include <cstddef>
#include <cstdint>

namespace tw::domain {
namespace {

/// Prime, so that no product of a weight and a difference is a multiple of it.
constexpr std::string_view kAlphabet = "123456789BCDFGHJKMNPQRSTVWXYZ";
constexpr std::uint32_t kBase = 29;
static_assert(kAlphabet.size() == kBase);
constexpr std::size_t kLength = 8;
constexpr std::size_t kGroup = 4;

/// Sum of each character's value times its place, counted from 1; that of a whole number is a multiple of 29. The
/// weights differ and none is a multiple of 29, as in ISBN-10.
std::uint32_t weighted_sum(std::string_view characters) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    sum += static_cast<std::uint32_t>((i + 1) * kAlphabet.find(characters[i]));
  }
  return sum % kBase;
}

std::string grouped(const std::string& characters) {
  return characters.substr(0, kGroup) + "-" + characters.substr(kGroup);
}

}  // namespace

std::string make_receipt_number(Random& random) {
  std::string characters;
  while (characters.size() < kLength - 1) characters += kAlphabet[random.u32() % kBase];
  for (const char check : kAlphabet) {
    if (weighted_sum(characters + check) == 0) return grouped(characters + check);
  }
  return {};  // never: the last weight has an inverse modulo 29
}

std::optional<std::string> parse_receipt_number(std::string_view typed) {
  std::string characters;
  for (char c : typed) {
    if (c == ' ' || c == '-') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'I' || c == 'L') c = '1';
    if (kAlphabet.find(c) == std::string_view::npos || characters.size() == kLength) return std::nullopt;
    characters += c;
  }
  if (characters.size() != kLength || weighted_sum(characters) != 0) return std::nullopt;
  return grouped(characters);
}

}  // namespace tw::domain
